/* waits_look.c - see waits_look.h. */
#include "inspector/waits_look.h"

#include "probes/collect.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <time.h>

const uint64_t waits_short_while = UINT64_C(200000000);

int waits_look(struct kernel *kernel, bool all_namespaces, struct waits_look *ret_look)
{
    struct request request = {
        .kinds = (UINT64_C(1) << KIND_COUNT) - 1, .needs = NEED_ALL, .all_namespaces = all_namespaces};
    struct waits_look look = {0};
    int r = snapshot_collect(kernel, &request, &look.snapshot);
    if (r == 0)
        r = waits_make(look.snapshot, &look.waits);
    if (r == 0)
        r = waits_mark(kernel, &look.waits, &look.marks);
    if (r < 0) {
        waits_look_free(&look);
        return r;
    }
    *ret_look = look;
    return 0;
}

/* Others may wait for something else of the same object, such as another semaphore of a set. */
static bool is_about(const struct finding *finding, const struct waiting *waiting)
{
    bool involved = false;
    for (size_t i = 0; i < finding->pid_count && !involved; i++)
        involved = finding->pids[i] == waiting->process->pid;
    return involved && finding_concerns(finding, waiting->object);
}

bool waits_look_stayed(const struct waits_look *before, const struct waits_look *now,
                       const struct finding *finding)
{
    bool stayed = true;
    array_each(&now->waits.all, waiting)
    {
        if (is_about(finding, waiting))
            stayed &= wait_has_stayed(&before->marks, &now->marks, waiting);
    }
    return stayed;
}

void waits_pause(uint64_t nanoseconds)
{
    struct timespec left = {.tv_sec = (time_t)(nanoseconds / 1000000000),
                            .tv_nsec = (long)(nanoseconds % 1000000000)};
    while (clock_nanosleep(CLOCK_MONOTONIC, 0, &left, &left) == EINTR)
        continue;
}

void waits_look_free(struct waits_look *look)
{
    waits_free(&look->waits);
    array_free(&look->marks);
    snapshot_free(look->snapshot);
    look->snapshot = NULL;
}
