/* session.c - see session.h. */
#include "inject/session.h"

#include "common/cleanup.h"
#include "common/escape.h"
#include "common/strbuf.h"
#include "common/vanishing.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

static const char suffix[] = ".plan";
enum { NAME_LENGTH_MAX = 64, YOUNG_SECONDS = 60 };

static bool valid_name(const char *name)
{
    size_t length = strlen(name);
    size_t good = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-");
    return length && length <= NAME_LENGTH_MAX && good == length && *name != '.';
}

/* One folder, made when missing. One that others could enter is refused: they could swap plans. */
static int open_one(const char *folder, bool make)
{
    if (make && mkdir(folder, 0700) < 0 && errno != EEXIST)
        return -errno;
    AUTO_CLOSE int fd = open(folder, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) < 0)
        return -errno;
    if (status.st_uid != geteuid() || (status.st_mode & 077))
        return -EPERM;
    return take_fd(&fd);
}

/* After su, XDG_RUNTIME_DIR is often another user's: then the next place. */
static int open_folder(char folder[PATH_MAX], bool make)
{
    const char *runtime = getenv("XDG_RUNTIME_DIR");
    if (runtime && *runtime == '/' && (size_t)snprintf(folder, PATH_MAX, "%s/shmoo", runtime) < PATH_MAX) {
        int fd = open_one(folder, make);
        if (fd >= 0)
            return fd;
    }
    if (geteuid() == 0) {
        snprintf(folder, PATH_MAX, "/run/shmoo");
        int fd = open_one(folder, make);
        if (fd >= 0)
            return fd;
    }
    snprintf(folder, PATH_MAX, "/tmp/shmoo-%u", geteuid());
    return open_one(folder, make);
}

static int map_plan(int fd, size_t size, struct session *session)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED)
        return -errno;
    /* Most of it is never touched: on a disk, the kernel would make up what is around each page that is. */
    madvise(memory, size, MADV_RANDOM);
    int r = vanishing_protect(memory, size);
    if (r < 0) {
        munmap(memory, size);
        return r;
    }
    session->plan = memory;
    session->size = size;
    return 0;
}

static void unmap_plan(const struct session *session)
{
    vanishing_release(session->plan);
    munmap(session->plan, session->size);
}

/* A file whose lock is free was left by a run that was killed. */
static int remove_stale(int folder, const char *file)
{
    AUTO_CLOSE int fd = openat(folder, file, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (flock(fd, LOCK_EX | LOCK_NB) < 0)
        return -EEXIST;
    return unlinkat(folder, file, 0) < 0 ? -errno : 0;
}

/*
 * Before a new run, what killed ones left is cleaned up; a file that cannot be removed is no reason to stop.
 * A young file may belong to a run that is about to lock it.
 */
static void sweep(int folder)
{
    int fd = dup(folder);
    AUTO_DIR DIR *directory = fd < 0 ? NULL : fdopendir(fd);
    if (!directory)
        return;
    for (struct dirent *entry; (entry = readdir(directory));) {
        const char *end = strstr(entry->d_name, suffix);
        struct stat status;
        if (!end || end[sizeof(suffix) - 1] ||
            fstatat(folder, entry->d_name, &status, AT_SYMLINK_NOFOLLOW) < 0)
            continue;
        if (time(NULL) - status.st_ctime > YOUNG_SECONDS)
            remove_stale(folder, entry->d_name);
    }
}

static int create_file(int folder, const char *file)
{
    for (int tries = 0; tries < 2; tries++) {
        AUTO_CLOSE int fd = openat(folder, file, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        struct stat status;
        if (fd < 0 && errno != EEXIST)
            return -errno;
        if (fd >= 0 && (flock(fd, LOCK_EX) < 0 || fstat(fd, &status) < 0)) /* others look for a moment only */
            return -errno;
        if (fd >= 0 && status.st_nlink) /* else another took it for stale before it was locked */
            return take_fd(&fd);
        int r = remove_stale(folder, file);
        if (r < 0 && r != -ENOENT)
            return r;
    }
    return -EEXIST;
}

int session_create(const char *name, uint32_t slots, uint64_t seed, struct session *ret_session)
{
    char file[NAME_LENGTH_MAX + sizeof(suffix)];
    char folder[PATH_MAX];
    uint64_t random = 0;
    if (name && !valid_name(name))
        return -EINVAL;
    struct rlimit limit;
    if (getrlimit(RLIMIT_FSIZE, &limit) == 0 && plan_size(slots) > limit.rlim_cur)
        return -EFBIG; /* instead of SIGXFSZ */
    if (getrandom(&random, sizeof(random), 0) != sizeof(random))
        return -errno;
    if (name)
        snprintf(file, sizeof(file), "%s%s", name, suffix);
    else
        snprintf(file, sizeof(file), "%d-%08llx%s", getpid(), (unsigned long long)random & 0xffffffff,
                 suffix);

    AUTO_CLOSE int folder_fd = open_folder(folder, true);
    if (folder_fd < 0)
        return folder_fd;
    sweep(folder_fd);
    struct session session = {.fd = create_file(folder_fd, file), .owner = true};
    if (session.fd < 0)
        return session.fd;
    if ((size_t)snprintf(session.path, sizeof(session.path), "%s/%s", folder, file) >= sizeof(session.path))
        return -ENAMETOOLONG;
    int r = ftruncate(session.fd, (off_t)plan_size(slots)) < 0 ? -errno : 0;
    if (r == 0)
        r = map_plan(session.fd, plan_size(slots), &session);
    if (r < 0) {
        session_close(&session);
        return r;
    }
    plan_init(session.plan, slots, seed);
    *ret_session = session;
    return 0;
}

int session_open(const char *name, struct session *ret_session)
{
    char file[NAME_LENGTH_MAX + sizeof(suffix)];
    char folder[PATH_MAX];
    if (!valid_name(name))
        return -EINVAL;
    snprintf(file, sizeof(file), "%s%s", name, suffix);
    AUTO_CLOSE int folder_fd = open_folder(folder, false);
    if (folder_fd < 0)
        return folder_fd;
    AUTO_CLOSE int fd = openat(folder_fd, file, O_RDWR | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    if (flock(fd, LOCK_SH | LOCK_NB) == 0)
        return -ENOENT;
    struct stat status;
    if (fstat(fd, &status) < 0)
        return -errno;
    if ((size_t)status.st_size < sizeof(struct plan))
        return -EPROTO;
    struct session session = {.fd = -1};
    int r = map_plan(fd, (size_t)status.st_size, &session);
    if (r < 0)
        return r;
    if (!plan_valid(session.plan, session.size)) {
        unmap_plan(&session);
        return -EPROTO;
    }
    *ret_session = session;
    return 0;
}

const char *session_error(int code)
{
    switch (code) {
    case -EINVAL: return "a name has letters, digits, '.', '_' and '-' only, 64 at most, and no '.' first";
    case -EEXIST: return "another run has that name";
    case -ENOENT: return "no running injection has that name";
    case -EPROTO: return "a run of another version of shmoo";
    default: return strerror(-code);
    }
}

void session_add_rule_text(struct strbuf *buffer, const struct plan_rule *slot)
{
    char text[RULE_TEXT_MAX];
    plan_rule_text(slot, text);
    escape_bytes(buffer, text, strlen(text), NULL);
}

void session_close(struct session *session)
{
    if (session->plan) {
        if (session->owner)
            plan_close(session->plan);
        unmap_plan(session);
    }
    if (session->owner && session->path[0])
        unlink(session->path);
    if (session->fd >= 0)
        close(session->fd);
    *session = SESSION_NONE;
}

int session_each(void (*each)(const char *name, void *context), void *context)
{
    char folder[PATH_MAX];
    int fd = open_folder(folder, false);
    if (fd == -ENOENT)
        return 0;
    if (fd < 0)
        return fd;
    AUTO_DIR DIR *directory = fdopendir(fd);
    if (!directory) {
        close(fd);
        return -ENOMEM;
    }
    for (struct dirent *entry; (entry = readdir(directory));) {
        size_t length = strlen(entry->d_name);
        char name[NAME_LENGTH_MAX + 1];
        if (length < sizeof(suffix) || length - (sizeof(suffix) - 1) > NAME_LENGTH_MAX ||
            strcmp(entry->d_name + length - (sizeof(suffix) - 1), suffix) != 0)
            continue;
        snprintf(name, sizeof(name), "%.*s", (int)(length - (sizeof(suffix) - 1)), entry->d_name);
        struct session session;
        if (session_open(name, &session) < 0)
            continue;
        session_close(&session);
        each(name, context);
    }
    return 0;
}
