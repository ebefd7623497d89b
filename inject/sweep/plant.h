/* plant.h - puts the objects that a command makes into a trial's world before the command starts. */
#pragma once

#include "inject/sweep/result.h"

enum plant {
    PLANT_NOTHING,
    PLANT_EMPTY,   /* no bytes, no messages, semaphores at 0 */
    PLANT_FILLED,  /* other contents, a message nobody expects, semaphores one higher */
    PLANT_FOREIGN, /* empty, and nothing the command may open */
};

/*
 * In the world, before the command. What is there already stays as it is; what is not in the world (a FIFO
 * elsewhere) is not made. Foreign objects are another user's, where the world has one, else nobody may open
 * them. Returns how many were put there.
 */
unsigned plant_objects(const struct learnt *learnt, enum plant plant);

/*
 * In the process that becomes the command: root passes by all permissions. It gives up the powers to do so.
 * 0 or -errno.
 */
int plant_obey(enum plant plant);
