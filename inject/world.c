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

static int map_own_ids(uid_t uid, gid_t gid)
{
    char line[64];
    snprintf(line, sizeof(line), "%u %u 1\n", uid, uid);
    int r = write_text("/proc/self/uid_map", line);
    if (r == 0)
        r = write_text("/proc/self/setgroups", "deny");
    snprintf(line, sizeof(line), "%u %u 1\n", gid, gid);
    return r == 0 ? write_text("/proc/self/gid_map", line) : r;
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

int world_set_up(const struct world *world)
{
    int r = world->uid ? map_own_ids(world->uid, world->gid) : 0;
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
    return r;
}
