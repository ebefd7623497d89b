/*
 * settings.h - what the dashboard remembers from one time to the next, in $XDG_CONFIG_HOME/shmoo/top (or
 * ~/.config/shmoo/top): lines "name value". What is not understood is ignored, so that versions can differ.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#define SETTINGS_INTERVAL_MIN UINT64_C(10000000)
#define SETTINGS_INTERVAL_MAX UINT64_C(86400000000000)

struct settings {
    uint64_t interval; /* nanoseconds */
    char columns[512]; /* of the objects screen, as for list -o; "": the usual ones */
    char sort[32];     /* heading of the objects screen; "": by kind and label */
    bool descending;
    bool tree;
};

/* Reads them over what is there. No file is no error. */
void settings_load(struct settings *settings);

/* Writes them, making the folder if need be. Returns 0 or -errno. */
int settings_save(const struct settings *settings);
