/*
 * creator.h - which calls make an object, told from their arguments alone. Pure; shared by the shim and
 * shmoo.
 */
#pragma once

#include "inject/calls.h"

enum creates {
    CREATES_NOTHING,
    CREATES_PERHAPS, /* when there is none yet: O_CREAT or IPC_CREAT without "exclusive" */
    CREATES_SURELY,
};

enum creates call_creates(unsigned call, const uint64_t arguments[CALL_PARAMS_MAX]);

/* Whether the descriptors it gives survive exec: it did not ask for close-on-exec, nor does libc for it. */
bool call_gives_to_exec(unsigned call, const uint64_t arguments[CALL_PARAMS_MAX]);

/* Whether there are arguments with which it does. */
bool call_may_create(unsigned call);
