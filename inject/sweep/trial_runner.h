/* trial_runner.h - what the files that run trials share. For others it is opaque, see trial.h. */
#pragma once

#include "inject/sweep/trial.h"

enum { TRIAL_STACK = 256 * 1024 };

struct trial_runner {
    const struct target *target;
    struct world world;
    char *world_stack;
    char *command_stack;
    char shm_options[64]; /* of a /dev/shm that holds no more than a trial may have */
    int in, out, err;
    /* The trial that is under way */
    const struct trial_setting *setting;
    struct trial_sink sink;
    struct plan_reader reader;
    struct seen *seen;
};

/*
 * In the first process of the world: starts the command and waits until it has ended, or is ended because
 * time or room is up. Its descendants may go on. Returns 0, or -errno when it could not be started.
 */
int trial_run_command(struct trial_runner *runner, struct run_seen *run);
