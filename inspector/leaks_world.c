/* leaks_world.c - leaks_enter_world() of leaks_run.h. */
#include "inspector/leaks_run.h"

#include "inject/world.h"

#include <errno.h>
#include <sched.h>
#include <unistd.h>

int leaks_enter_world(void)
{
    const struct world world = {.uid = geteuid(), .gid = getegid()};
    if (unshare(world_flags(&world)) < 0)
        return -errno;
    return world_set_up(&world);
}
