/*
 * idle.h - whether anything can still happen in a trial's world: not when every thread waits, without a
 * time-out, for something that only another of them could do.
 */
#pragma once

enum stillness {
    WORLD_MOVES,  /* some thread runs, or waits for a disk */
    WORLD_SLEEPS, /* all wait */
    WORLD_IDLE,   /* and nothing will end that */
};

/*
 * Looks at all processes but the first. A timer in a descriptor or somebody outside cannot be seen, so this
 * is a reason to stop waiting, not a proof. Two looks some time apart should agree.
 */
enum stillness idle_world(void);
