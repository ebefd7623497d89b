/* crash.h - follows a command with ptrace(2) until it ends, and takes the stack of the first crash. */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

struct patience;
struct seen;

/*
 * The command has asked to be traced. False when patience ended first; else the wait status is set, and
 * seen->crash_signal and frames if any process was ended by a signal that tells of a bug.
 */
bool crash_watch(pid_t command, struct patience *patience, int *ret_wait_status, struct seen *seen);
