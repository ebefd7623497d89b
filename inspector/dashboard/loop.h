/* loop.h - waits for keys, the mouse, signals and snapshots, does what they ask for, and draws it. */
#pragma once

#include <signal.h>

struct dashboard;

/* The signals it takes in its own time: to be blocked before any thread is started. */
sigset_t loop_signals(void);

/* Runs until quit. Returns 0 or -errno; the terminal and the collector have been started. */
int loop_run(struct dashboard *dashboard);
