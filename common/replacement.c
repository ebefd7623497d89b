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

static int open_beside(const char *path, mode_t mode, struct replacement *ret_replacement)
{
    AUTO_FREE char *place = strdup(path);
    AUTO_FREE char *temporary = NULL;
    if (!place || asprintf(&temporary, "%s.XXXXXX", path) < 0)
        return -ENOMEM;
    AUTO_CLOSE int fd = mkostemp(temporary, O_CLOEXEC);
    if (fd < 0)
        return -errno;
    FILE *out = fchmod(fd, mode) < 0 ? NULL : fdopen(fd, "w");
    if (!out) {
        int r = -errno;
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

int replacement_end(struct replacement *replacement)
{
    int closed = fclose(replacement->out) == 0 ? 0 : -errno;
    replacement->out = NULL;
    if (closed == 0 && replacement->temporary && rename(replacement->temporary, replacement->place) < 0)
        closed = -errno;
    if (closed == 0 && replacement->temporary)
        replacement->temporary[0] = '\0';
    replacement_drop(replacement);
    return closed;
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
