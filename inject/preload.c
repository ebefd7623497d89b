/* preload.c - see preload.h. */
#include "inject/preload.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/strbuf.h"
#include "inject/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Out of the way of the command's own descriptors. */
enum { PLAN_FD = 1000 };

int preload_find(char ret_path[PATH_MAX])
{
    static const char *const places[] = {"libshmoo-inject.so", "../libexec/shmoo/libshmoo-inject.so",
                                         "../lib/shmoo/libshmoo-inject.so"};
    char self[PATH_MAX];
    int r = file_own_path(self);
    if (r < 0)
        return r;
    *strrchr(self, '/') = '\0';
    for (size_t index = 0; index < COUNT_OF(places); index++) {
        char candidate[2 * PATH_MAX];
        snprintf(candidate, sizeof(candidate), "%s/%s", self, places[index]);
        if (realpath(candidate, ret_path))
            return strpbrk(ret_path, " :") ? -EINVAL : 0;
    }
    return -ENOENT;
}

static void add_library(struct strbuf *list, const char *library)
{
    if (*library)
        strbuf_add_format(list, "%s%s", list->length ? ":" : "", library);
}

/*
 * A descriptor of the plan for the command to inherit, out of the way of its own. Opened anew: one that
 * shares our lock would keep the session looking alive.
 */
static int open_plan(const char *path)
{
    AUTO_CLOSE int fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return -errno;
    for (int lowest = PLAN_FD; lowest > 0; lowest /= 2) {
        int inherited = fcntl(fd, F_DUPFD, lowest);
        if (inherited >= 0)
            return inherited;
    }
    return -errno;
}

static int set_plan(const char *path)
{
    AUTO_STRBUF struct strbuf setting = {0};
    int fd = open_plan(path);
    if (fd < 0)
        return fd;
    strbuf_add_format(&setting, "%d:%s", fd, path);
    return setting.failed || setenv(PLAN_VARIABLE, strbuf_text(&setting), 1) < 0 ? -ENOMEM : 0;
}

/* In a run inside a run the shim is there already. */
void preload_libraries(const char *shim, const char *sanitizer, struct strbuf *list)
{
    const char *old = getenv("LD_PRELOAD");
    add_library(list, sanitizer);
    if (!old || !strstr(old, shim))
        add_library(list, shim);
    add_library(list, old ? old : "");
}

int preload_set(const char *shim, const char *sanitizer, const char *plan_path)
{
    AUTO_STRBUF struct strbuf list = {0};
    preload_libraries(shim, sanitizer, &list);
    if (list.failed || setenv("LD_PRELOAD", strbuf_text(&list), 1) < 0)
        return -ENOMEM;
    return set_plan(plan_path);
}
