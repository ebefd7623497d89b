/*
 * reap_file.c - removes what is a file: POSIX shared memory, semaphores and queues, and FIFOs. The folder is
 * opened without following symbolic links anywhere in its path; device, inode and birth time tell that the
 * name still means the same file; the name is removed from that very folder.
 */
#include "common/cleanup.h"
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/reaper.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/openat2.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

static int refuse_errno(const struct reaping *reaping, int error)
{
    strbuf_add_string(reaping->why, error == ENOENT ? "gone already" : strerror(error));
    return -error;
}

static int open_folder(const char *path)
{
    struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
                           .resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS};
    int fd = (int)syscall(SYS_openat2, AT_FDCWD, path, &how, sizeof(how));
    return fd < 0 ? -errno : fd;
}

static uint64_t nanoseconds(const struct statx_timestamp *time)
{
    return (uint64_t)time->tv_sec * UINT64_C(1000000000) + time->tv_nsec;
}

uint64_t reap_generation(const struct statx *status)
{
    uint64_t born = status->stx_mask & STATX_BTIME ? nanoseconds(&status->stx_btime) : 0;
    return born ? born : nanoseconds(&status->stx_ctime);
}

static bool is_same(const struct identity *identity, const struct statx *status)
{
    return identity->space == space_of_device(status->stx_dev_major, status->stx_dev_minor) &&
           identity->number == status->stx_ino && identity->generation == reap_generation(status);
}

/* Takes the name out of the folder when it is still that of the object. */
static int remove_name(const struct reaping *reaping, int folder, const char *name)
{
    struct statx status;
    if (statx(folder, name, AT_SYMLINK_NOFOLLOW | AT_NO_AUTOMOUNT, STATX_BASIC_STATS | STATX_BTIME, &status) <
        0)
        return refuse_errno(reaping, errno);
    if (!is_same(&reaping->object->identity, &status))
        return reap_refuse(reaping, -ESTALE, "another one has that name now; look again");
    if (!reaping->options->dry_run && unlinkat(folder, name, 0) < 0)
        return refuse_errno(reaping, errno);
    return 0;
}

int reap_file(const struct reaping *reaping)
{
    struct value path = reaping->object->fields[FIELD_PATH];
    if (path.type != VALUE_STRING || !path.length || path.string[0] != '/')
        return reap_refuse(reaping, -ENOTSUP, "it has no path in this mount namespace");
    const char *name = strrchr(path.string, '/') + 1;
    AUTO_STRBUF struct strbuf folder_path = {0};
    strbuf_add(&folder_path, path.string, (size_t)(name - path.string));
    if (folder_path.failed)
        return -ENOMEM;
    AUTO_CLOSE int folder = open_folder(folder_path.text);
    if (folder < 0)
        return refuse_errno(reaping, -folder);
    return remove_name(reaping, folder, name);
}

static bool is_folder_of(const struct object *object, int folder)
{
    struct statx status;
    return statx(folder, "", AT_EMPTY_PATH, STATX_BASIC_STATS, &status) == 0 &&
           object->identity.space == space_of_device(status.stx_dev_major, status.stx_dev_minor);
}

/* Where our own queues are not mounted, the queue itself is opened to see what it is. */
static int remove_unmounted(const struct reaping *reaping, const char *name)
{
    AUTO_CLOSE int queue = (int)syscall(SYS_mq_open, name + 1, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0, NULL);
    struct statx status;
    if (queue < 0 || statx(queue, "", AT_EMPTY_PATH, STATX_BASIC_STATS | STATX_BTIME, &status) < 0)
        return refuse_errno(reaping, errno);
    /* Another mount of the file system has another device: inode and birth must do. */
    struct identity identity = reaping->object->identity;
    identity.space = space_of_device(status.stx_dev_major, status.stx_dev_minor);
    if (!is_same(&identity, &status))
        return reap_refuse(reaping, -ESTALE, "another one has that name now; look again");
    if (!reaping->options->dry_run && syscall(SYS_mq_unlink, name + 1) < 0)
        return refuse_errno(reaping, errno);
    return 0;
}

/* Who may not read a queue is not told of its messages. */
static bool got_messages(const struct object *object, const char *name)
{
    AUTO_CLOSE mqd_t queue = (mqd_t)syscall(SYS_mq_open, name, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0, NULL);
    struct value messages = object->fields[FIELD_MESSAGES];
    struct mq_attr now;
    return messages.type == VALUE_NUMBER && queue >= 0 && mq_getattr(queue, &now) == 0 &&
           messages.number != (uint64_t)now.mq_curmsgs;
}

int reap_mqueue(const struct reaping *reaping)
{
    struct value name = reaping->object->fields[FIELD_NAME];
    if (name.type != VALUE_STRING || name.length < 2)
        return reap_refuse(reaping, -ENOTSUP, "it has no name");
    if (!reaping->options->force && got_messages(reaping->object, name.string + 1))
        return reap_refuse_touched(reaping);
    AUTO_CLOSE int folder = open_folder("/dev/mqueue");
    if (folder < 0 || !is_folder_of(reaping->object, folder))
        return remove_unmounted(reaping, name.string);
    return remove_name(reaping, folder, name.string + 1);
}
