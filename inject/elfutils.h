/*
 * elfutils.h - libdw and libelf, loaded when a program, a call site or a stack is to be read: with the
 * libraries they bring along they are five of the twelve that each command would load at its start.
 */
#pragma once

#include <elfutils/libdw.h>
#include <elfutils/libdwfl.h>
#include <gelf.h>

/* Their functions by name, once elfutils_load() has succeeded. */
struct elfutils {
#define X(function) __typeof__(function) *function;
#include "inject/elfutils.def"
#undef X
};
extern struct elfutils elfutils;

/* How dwfl_begin() finds the files of a running process, and what belongs to a single file that does not run.
 */
extern Dwfl_Callbacks elfutils_process_files, elfutils_single_files;

/* May be called again. Returns 0 or -ELIBACC. */
int elfutils_load(void);
