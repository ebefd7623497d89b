/*
 * behave.h - what the files of behave share. A mode is a function of one of them and a row in modes.def; it
 * returns the exit status.
 */
#pragma once

/* The name of the error of a call that always fails: the object does not exist. Tests look for it by name. */
const char *unlink_nothing(void);

#define MODE(name, function) int function(void);
#include "tests/targets/behave/modes.def"
#undef MODE
