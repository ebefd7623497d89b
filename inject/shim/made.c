/*
 * made.c - which object a call has made, so that it can be told from its namesakes afterwards: device and
 * inode of files, ipc namespace and id of System V objects. By system calls that cannot block.
 */
#include "inject/shim/shim.h"

#include "inject/calls_headers.h"
#include "inject/fd_kind.h"

#include <string.h>
#include <sys/syscall.h>

static const char shm_folder[] = "/dev/shm";
static const char sem_prefix[] = "/dev/shm/sem.";

static bool take(struct event *event, const struct stat *status)
{
    event->place = status->st_dev;
    event->number = status->st_ino;
    return true;
}

static bool by_fd(struct event *event, int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 && take(event, &status);
}

static bool by_path(struct event *event, int folder, const char *path)
{
    struct stat status;
    return fstatat(folder, path, &status, AT_SYMLINK_NOFOLLOW) == 0 && take(event, &status);
}

/* Threads may be in namespaces of their own. Where there is no /proc, the place stays unknown. */
static bool by_id(struct event *event)
{
    struct stat status;
    event->place = fstatat(AT_FDCWD, "/proc/thread-self/ns/ipc", &status, 0) == 0 ? status.st_ino : 0;
    event->number = event->result;
    return true;
}

static bool by_semaphore(struct event *event, const char *name)
{
    char path[sizeof(sem_prefix) + NAME_MAX];
    name += strspn(name, "/");
    size_t length = strlen(name);
    if (length > NAME_MAX)
        return false;
    memcpy(path, sem_prefix, sizeof(sem_prefix) - 1);
    memcpy(path + sizeof(sem_prefix) - 1, name, length + 1);
    return by_path(event, AT_FDCWD, path);
}

/* A file anywhere else is not IPC. */
static bool by_file(struct event *event)
{
    struct stat folder;
    return by_fd(event, (int)event->result) && fstatat(AT_FDCWD, shm_folder, &folder, 0) == 0 &&
           folder.st_dev == event->place;
}

static bool by_pipe(struct event *event, const int *fds)
{
    memcpy(event->fds, fds, sizeof(event->fds));
    return by_fd(event, fds[0]);
}

/* The call has worked, so its pointers are good. */
static const void *pointer(const struct event *event, int index)
{
    return (const void *)(uintptr_t)event->arguments[index]; // NOLINT(performance-no-int-to-ptr)
}

bool shim_made(struct event *event)
{
    switch (event->call) {
    case CALL_shmget:
    case CALL_semget:
    case CALL_msgget: return by_id(event);
    case CALL_shm_open:
    case CALL_mq_open:
    case CALL_memfd_create: return by_fd(event, (int)event->result);
    case CALL_open:
    case CALL_openat: return by_file(event);
    case CALL_sem_open: return by_semaphore(event, pointer(event, 0));
    case CALL_mkfifo: return by_path(event, AT_FDCWD, pointer(event, 0));
    case CALL_mkfifoat: return by_path(event, (int)event->arguments[0], pointer(event, 1));
    case CALL_pipe:
    case CALL_pipe2: return by_pipe(event, pointer(event, 0));
    default: return false;
    }
}
