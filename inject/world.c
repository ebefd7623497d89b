/* world.c - see world.h. */
#include "inject/world.h"

#include "common/cleanup.h"
#include "common/file.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

int world_flags(const struct world *world)
{
    return CLONE_NEWIPC | CLONE_NEWNS | (world->processes ? CLONE_NEWPID : 0) |
           (world->uid == 0 ? 0 : CLONE_NEWUSER);
}

static int write_text(const char *path, const char *text)
{
    AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    return fd < 0 ? -errno : file_write_all(fd, text, strlen(text));
}

struct ids {
    uid_t uid;
    gid_t gid;
};

static int map_ids(struct ids inside, struct ids outside)
{
    char line[64];
    snprintf(line, sizeof(line), "%u %u 1\n", inside.uid, outside.uid);
    int r = write_text("/proc/self/uid_map", line);
    if (r == 0)
        r = write_text("/proc/self/setgroups", "deny");
    snprintf(line, sizeof(line), "%u %u 1\n", inside.gid, outside.gid);
    return r == 0 ? write_text("/proc/self/gid_map", line) : r;
}

/*
 * Limits of an ipc namespace are for root of the user namespace that it belongs to (ipc_permissions() in
 * ipc/ipc_sysctl.c). So an ordinary user is root at first, and himself again in another user namespace
 * within.
 */
static bool begins_as_root(const struct world *world)
{
    return world->uid && world->sysctl;
}

bool world_shares_memory(const struct world *world)
{
    return !begins_as_root(world); /* unshare(2): EINVAL for CLONE_NEWUSER */
}

/* A mount point that is not there needs no cover. */
static int cover(const char *type, const char *place, const char *options)
{
    enum { FLAGS = MS_NOSUID | MS_NODEV };
    struct stat status;
    if (stat(place, &status) < 0)
        return errno == ENOENT ? 0 : -errno;
    return mount(type, place, type, FLAGS, options) < 0 ? -errno : 0;
}

static int write_sysctl(const struct world *world, struct ids own, struct ids root)
{
    int r = write_text(world->sysctl, world->value);
    if (r < 0 || !begins_as_root(world))
        return r;
    return unshare(CLONE_NEWUSER) < 0 ? -errno : map_ids(own, root);
}

int world_set_up(const struct world *world)
{
    const struct ids own = {world->uid, world->gid};
    const struct ids root = {0, 0};
    int r = world->uid ? map_ids(begins_as_root(world) ? root : own, own) : 0;
    if (r == 0 && mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        r = -errno;
    if (r == 0)
        r = cover("tmpfs", "/dev/shm", world->shm_options ? world->shm_options : "mode=1777");
    if (r == 0)
        r = cover("mqueue", "/dev/mqueue", NULL);
    if (r == 0 && world->private_tmp)
        r = cover("tmpfs", "/tmp", "mode=1777");
    /* In a container parts of /proc are covered, and an ordinary user may then not mount another: no failure.
     */
    if (r == 0 && world->processes)
        cover("proc", "/proc", NULL);
    return r == 0 && world->sysctl ? write_sysctl(world, own, root) : r;
}
