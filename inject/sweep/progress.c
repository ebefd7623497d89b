/* progress.c - see progress.h. */
#include "inject/sweep/progress.h"

#include "common/clock.h"
#include "common/units.h"

#include <unistd.h>

static const uint64_t interval = UINT64_C(100000000);

struct progress progress_start(void)
{
    return (struct progress){.shown = isatty(STDERR_FILENO), .start = clock_nanoseconds(CLOCK_MONOTONIC)};
}

void progress_step(struct progress *progress, const struct outcome *outcome, size_t done, size_t count)
{
    char left[UNITS_TEXT_MAX];
    uint64_t time = clock_nanoseconds(CLOCK_MONOTONIC);
    unsigned defects = 0;
    progress->counts[outcome->verdict]++;
    if (!progress->shown || time - progress->last < interval)
        return;
    progress->last = time;
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++)
        defects += verdicts[verdict].finding ? progress->counts[verdict] : 0;
    uint64_t rest = (time - progress->start) / done * (count - done);
    fprintf(stderr, "\r\033[K%zu of %zu trials, %u went badly, %s left", done, count, defects,
            units_format_duration(rest, left));
    fflush(stderr);
}

void progress_end(struct progress *progress)
{
    if (progress->shown && progress->last)
        fputs("\r\033[K", stderr);
}
