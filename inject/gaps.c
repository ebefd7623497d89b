/* gaps.c - see gaps.h. */
#include "inject/gaps.h"

#include <stdio.h>

static void say_unarmed(const struct plan *plan)
{
    uint32_t started = plan->started + 1;
    if (plan->armed < started)
        fprintf(stderr,
                "shmoo: %u of %u programs started did not load the shim (static, setuid, foreign or killed "
                "first): their calls "
                "were not seen; --engine seccomp reaches them\n",
                started - plan->armed, started);
}

static void say_deepbind(const struct plan *plan)
{
    if (plan->deepbind)
        fprintf(stderr,
                "shmoo: %u libraries were loaded with RTLD_DEEPBIND or into another namespace: their calls "
                "pass by the shim; --engine seccomp reaches them\n",
                plan->deepbind);
}

static void say_escaped(const struct plan *plan)
{
    for (unsigned number = 0; number < CALL_COUNT; number++)
        if (plan->escaped[number])
            fprintf(
                stderr,
                "shmoo: %u calls of %s escaped the shim: they were made without libc; use --engine seccomp\n",
                plan->escaped[number], calls[number].name);
}

void gaps_say(const struct plan *plan, enum call_reach engine)
{
    if (engine == REACH_PRELOAD) {
        say_unarmed(plan);
        say_deepbind(plan);
        say_escaped(plan);
    }
    if (plan->handed_over)
        fprintf(stderr, "shmoo: %u runs of shmoo inside this one took over what they started\n",
                plan->handed_over);
    if (plan->lost)
        fprintf(stderr, "shmoo: %llu events were lost: the log was full\n", (unsigned long long)plan->lost);
}

bool gaps_escaped(const struct plan *plan)
{
    bool escaped = plan->deepbind != 0;
    for (unsigned number = 0; number < CALL_COUNT; number++)
        escaped |= plan->escaped[number] != 0;
    return escaped;
}
