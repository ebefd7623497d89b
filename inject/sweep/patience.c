/*
 * patience.c - see patience.h.
 *
 * Most of what hangs can be told long before the time is up. In the first look that all wait is enough, for
 * what is to be reported is looked at again. Then it must be certain (shmoo-waits(1)), or last until the time
 * is up; and what sleeps or works gets longer still, since programs give up by themselves after some seconds
 * (SQLite: 10).
 */
#include "inject/sweep/patience.h"

#include "common/clock.h"
#include "inject/sweep/hang.h"
#include "inject/sweep/idle.h"
#include "inject/sweep/output.h"
#include "inject/sweep/world_memory.h"

enum { STILL_LOOKS = 4, RUNAWAY = 64 * 1024 * 1024 };

static const uint64_t look_every = 20 * UINT64_C(1000000);

struct patience patience_start(struct trial_runner *runner, struct run_seen *run)
{
    const struct target *target = runner->target;
    uint64_t start = clock_nanoseconds(CLOCK_MONOTONIC);
    return (struct patience){
        .runner = runner,
        .run = run,
        .start = start,
        .limit = runner->setting->diagnose ? target->long_limit : target->limit,
        .next_look = start + look_every,
    };
}

static bool explain(const struct trial_runner *runner)
{
    struct seen *seen = runner->seen;
    return hang_explain(runner->target->shmoo, seen->explanation, sizeof(seen->explanation));
}

static bool is_stuck(struct patience *patience, uint64_t elapsed)
{
    const struct target *target = patience->runner->target;
    bool diagnose = patience->runner->setting->diagnose;
    if (elapsed < target->patience)
        return false;
    enum stillness stillness = idle_world();
    patience->still = stillness == WORLD_MOVES ? 0 : patience->still + 1;
    patience->idle = stillness == WORLD_IDLE ? patience->idle + 1 : 0;
    if (patience->still >= STILL_LOOKS && patience->runner->setting->turn)
        turn_give_away(patience->runner->setting->turn);
    if (patience->idle < STILL_LOOKS)
        return false;
    return !diagnose || elapsed > target->limit ||
           (patience->idle == STILL_LOOKS && (patience->certain = explain(patience->runner)));
}

static bool is_swollen(const struct patience *patience)
{
    return world_memory() > patience->runner->target->memory;
}

bool patience_ended(struct patience *patience)
{
    struct trial_runner *runner = patience->runner;
    struct run_seen *run = patience->run;
    uint64_t now = clock_nanoseconds(CLOCK_MONOTONIC);
    if (now < patience->next_look)
        return false;
    run->runaway = output_size(runner->out) > RUNAWAY || output_size(runner->err) > RUNAWAY;
    run->swollen = is_swollen(patience);
    run->timed_out = now - patience->start > patience->limit || is_stuck(patience, now - patience->start);
    patience->next_look = clock_nanoseconds(CLOCK_MONOTONIC) + look_every;
    if (run->timed_out && runner->setting->diagnose && !patience->certain)
        explain(runner);
    return run_was_ended(run);
}
