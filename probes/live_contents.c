/*
 * live_contents.c - what objects contain, looked at without a trace: files are opened with O_NOATIME,
 * messages copied with MSG_COPY (linux 3.8, CONFIG_CHECKPOINT_RESTORE), pipes duplicated with tee(2).
 */
#include "common/cleanup.h"
#include "probes/kernel_live.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>

/* Of a thread too, whose first has ended, where the kernel can (PIDFD_THREAD of linux 6.9). */
static int open_pidfd(pid_t pid)
{
    enum { THREAD = O_EXCL };
    int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
    if (pidfd < 0 && (errno == EINVAL || errno == ENOENT))
        pidfd = (int)syscall(SYS_pidfd_open, pid, THREAD);
    return pidfd;
}

int live_duplicate(struct kernel *kernel, pid_t pid, int fd)
{
    if (kernel->foreign_pids)
        return -EXDEV; /* to pidfd_open(2) that pid is another process */
    AUTO_CLOSE int pidfd = open_pidfd(pid);
    if (pidfd < 0)
        return -errno;
    int copy = (int)syscall(SYS_pidfd_getfd, pidfd, fd, 0);
    return copy < 0 ? -errno : copy;
}

/* Opens for reading what an O_PATH descriptor found, so that nothing else can have taken its name. */
static int open_found(const struct live *live, int found)
{
    enum { FLAGS = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC };
    char path[32];
    struct statvfs system;
    snprintf(path, sizeof(path), "self/fd/%d", found);
    int fd = openat(live->proc, path, FLAGS | O_NOATIME);
    if (fd >= 0 || errno != EPERM)
        return fd < 0 ? -errno : fd;
    /* O_NOATIME is for owners; others may read where that leaves no access time either. */
    if (fstatvfs(found, &system) < 0 || !(system.f_flag & (ST_NOATIME | ST_RDONLY)))
        return -EPERM;
    fd = openat(live->proc, path, FLAGS);
    return fd < 0 ? -errno : fd;
}

int live_file_bytes(struct kernel *kernel, const char *path, const struct file_status *same, uint64_t offset,
                    void *buffer, size_t length, size_t *ret_length)
{
    struct file_status status;
    AUTO_CLOSE int found = openat(live_of(kernel)->root, path, O_PATH | O_CLOEXEC);
    if (found < 0)
        return -errno;
    int r = live_status(found, "", AT_EMPTY_PATH, &status);
    if (r < 0)
        return r;
    if (!S_ISREG(status.mode) || status.inode != same->inode || status.major != same->major ||
        status.minor != same->minor)
        return -ENOENT;
    AUTO_CLOSE int fd = open_found(live_of(kernel), found);
    if (fd < 0)
        return fd;
    ssize_t got = pread(fd, buffer, length, (off_t)offset);
    if (got < 0)
        return -errno;
    *ret_length = (size_t)got;
    return 0;
}

int live_message(struct kernel *kernel, int msqid, size_t number, void *buffer, size_t room,
                 int64_t *ret_type, size_t *ret_length)
{
    AUTO_FREE struct msgbuf *message = malloc(sizeof(long) + room);
    (void)kernel;
    if (!message)
        return -ENOMEM;
    ssize_t got = msgrcv(msqid, message, room, (long)number, MSG_COPY | IPC_NOWAIT);
    if (got < 0)
        return -errno;
    memcpy(buffer, message->mtext, (size_t)got);
    *ret_type = message->mtype;
    *ret_length = (size_t)got;
    return 0;
}

/* The bytes go into a pipe of ours, from which they can be read for good. */
int live_pipe_bytes(struct kernel *kernel, pid_t pid, int fd, void *buffer, size_t room, size_t *ret_length)
{
    int ends[2];
    AUTO_CLOSE int copy = live_duplicate(kernel, pid, fd);
    if (copy < 0)
        return copy;
    if (pipe2(ends, O_CLOEXEC) < 0)
        return -errno;
    AUTO_CLOSE int out = ends[0];
    AUTO_CLOSE int in = ends[1];
    ssize_t copied = tee(copy, in, room, SPLICE_F_NONBLOCK);
    if (copied < 0 && errno != EAGAIN)
        return -errno;
    size_t length = 0;
    while (copied > 0 && length < (size_t)copied) {
        ssize_t got = read(out, (char *)buffer + length, (size_t)copied - length);
        if (got <= 0)
            return -EIO;
        length += (size_t)got;
    }
    *ret_length = length;
    return 0;
}

/* A 64-bit word for each page, its highest bit says that the page is present: pagemap(5) in the kernel's
 * docs. */
int live_resident(struct kernel *kernel, pid_t pid, uint64_t address, bool *ret_resident)
{
    char path[32];
    uint64_t word;
    snprintf(path, sizeof(path), "%d/pagemap", pid);
    AUTO_CLOSE int fd = openat(live_of(kernel)->proc, path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    uint64_t page = address / (uint64_t)sysconf(_SC_PAGESIZE);
    ssize_t got = pread(fd, &word, sizeof(word), (off_t)(page * sizeof(word)));
    if (got != (ssize_t)sizeof(word))
        return got < 0 ? -errno : -EFAULT;
    *ret_resident = word >> 63;
    return 0;
}
