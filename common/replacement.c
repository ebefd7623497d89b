/* replacement.c - see replacement.h. */
#include "common/replacement.h"

#include "common/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { LINK_SIZE = 32, TRIES_MAX = 100 };

/* Of a file that is not there yet: what open(2) would give it. */
static mode_t usual_mode(void)
{
    mode_t mask = umask(0);
    umask(mask);
    return 0666 & ~mask;
}

static int open_directly(const char *path, struct replacement *ret_replacement)
{
    FILE *out = fopen(path, "we");
    if (!out)
        return -errno;
    *ret_replacement = (struct replacement){.out = out};
    return 0;
}

/* What a file without a name is linked from, see open(2). */
static const char *link_of(int fd, char link[LINK_SIZE])
{
    snprintf(link, LINK_SIZE, "/proc/self/fd/%d", fd);
    return link;
}

/* A file without a name in the folder of `path`, or -1. */
static int open_nameless(const char *path)
{
    char link[LINK_SIZE];
    const char *slash = strrchr(path, '/');
    AUTO_FREE char *folder = slash ? strndup(path, (size_t)(slash - path) + 1) : strdup(".");
    int fd = folder ? open(folder, O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600) : -1;
    if (fd >= 0 && access(link_of(fd, link), F_OK) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

static int open_beside(const char *path, mode_t mode, struct replacement *ret_replacement)
{
    AUTO_FREE char *place = strdup(path);
    AUTO_FREE char *temporary = NULL;
    if (!place || asprintf(&temporary, "%s.XXXXXX", path) < 0)
        return -ENOMEM;
    AUTO_CLOSE int fd = open_nameless(path);
    if (fd >= 0)
        temporary[0] = '\0';
    else
        fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return -errno;
    FILE *out = fchmod(fd, mode) < 0 ? NULL : fdopen(fd, "w");
    if (!out) {
        int r = -errno;
        if (temporary[0])
            unlink(temporary);
        return r;
    }
    take_fd(&fd);
    *ret_replacement = (struct replacement){out, take_ptr(place), take_ptr(temporary)};
    return 0;
}

/* A folder that takes no new file may still have one that can be written to. */
int replacement_begin(const char *path, struct replacement *ret_replacement)
{
    struct stat status;
    bool there = stat(path, &status) == 0;
    if (!there && errno != ENOENT)
        return -errno;
    if (!there && lstat(path, &status) == 0)
        return open_directly(path, ret_replacement); /* a link to what is not there yet */
    if (there && (!S_ISREG(status.st_mode) || access(path, W_OK) < 0))
        return open_directly(path, ret_replacement);
    AUTO_FREE char *place = there ? realpath(path, NULL) : strdup(path);
    if (!place)
        return -errno;
    int r = open_beside(place, there ? status.st_mode & 07777 : usual_mode(), ret_replacement);
    return r == -EACCES || r == -EROFS ? open_directly(path, ret_replacement) : r;
}

/*
 * Gives the file a name: its own when nobody has it yet, as link(2) replaces nothing, else one that rename(2)
 * replaces the other with. Returns 0 or -errno.
 */
static int give_name(struct replacement *replacement)
{
    char link[LINK_SIZE];
    link_of(fileno(replacement->out), link);
    if (linkat(AT_FDCWD, link, AT_FDCWD, replacement->place, AT_SYMLINK_FOLLOW) == 0)
        return 0;
    for (int try = 0; errno == EEXIST && try < TRIES_MAX; try++) {
        AUTO_FREE char *name = NULL;
        if (asprintf(&name, "%s.%d.%d", replacement->place, getpid(), try) < 0)
            return -ENOMEM;
        if (linkat(AT_FDCWD, link, AT_FDCWD, name, AT_SYMLINK_FOLLOW) < 0)
            continue;
        free(replacement->temporary);
        replacement->temporary = take_ptr(name);
        return 0;
    }
    return -errno;
}

int replacement_end(struct replacement *replacement)
{
    bool nameless = replacement->temporary && !replacement->temporary[0];
    int r = fflush(replacement->out) == 0 ? 0 : -errno;
    if (r == 0 && nameless)
        r = give_name(replacement);
    if (fclose(replacement->out) != 0 && r == 0)
        r = -errno;
    replacement->out = NULL;
    bool named = replacement->temporary && replacement->temporary[0];
    if (r == 0 && named && rename(replacement->temporary, replacement->place) < 0)
        r = -errno;
    if (r == 0 && named)
        replacement->temporary[0] = '\0';
    replacement_drop(replacement);
    return r;
}

void replacement_drop(struct replacement *replacement)
{
    if (replacement->out)
        fclose(replacement->out);
    if (replacement->temporary && replacement->temporary[0])
        unlink(replacement->temporary);
    free(replacement->temporary);
    free(replacement->place);
    *replacement = (struct replacement){0};
}
