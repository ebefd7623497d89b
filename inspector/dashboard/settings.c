/* settings.c - see settings.h. The file is replaced as a whole, so that a crash leaves the old or the new
 * one. */
#include "inspector/dashboard/settings.h"

#include "common/cleanup.h"
#include "common/units.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

enum { FILE_MAX = 4096 };

/* The folder settings are in; false when neither variable names one. */
static bool folder_path(char path[PATH_MAX], bool make)
{
    const char *config = getenv("XDG_CONFIG_HOME"), *home = getenv("HOME");
    bool given = config && *config == '/';
    int length = given                  ? snprintf(path, PATH_MAX, "%s", config)
                 : home && *home == '/' ? snprintf(path, PATH_MAX, "%s/.config", home)
                                        : -1;
    if (length < 0 || length >= PATH_MAX - 16)
        return false;
    if (make)
        mkdir(path, 0700);
    snprintf(path + length, (size_t)(PATH_MAX - length), "/shmoo");
    if (make)
        mkdir(path, 0700);
    return true;
}

static int open_folder(bool make)
{
    char path[PATH_MAX];
    if (!folder_path(path, make))
        return -ENOENT;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static void set(struct settings *settings, const char *name, const char *value)
{
    uint64_t interval;
    if (strcmp(name, "interval") == 0 && units_parse_duration(value, &interval) == 0 &&
        interval >= SETTINGS_INTERVAL_MIN && interval <= SETTINGS_INTERVAL_MAX)
        settings->interval = interval;
    else if (strcmp(name, "columns") == 0)
        snprintf(settings->columns, sizeof(settings->columns), "%s", value);
    else if (strcmp(name, "sort") == 0)
        snprintf(settings->sort, sizeof(settings->sort), "%s", value);
    else if (strcmp(name, "descending") == 0)
        settings->descending = strcmp(value, "yes") == 0;
    else if (strcmp(name, "tree") == 0)
        settings->tree = strcmp(value, "yes") == 0;
}

void settings_load(struct settings *settings)
{
    char text[FILE_MAX + 1], *rest = text;
    AUTO_CLOSE int folder = open_folder(false);
    AUTO_CLOSE int fd =
        folder < 0 ? -1 : openat(folder, "top", O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    ssize_t length = fd < 0 ? -1 : read(fd, text, FILE_MAX);
    if (length < 0)
        return;
    text[length] = '\0';
    for (char *line; (line = strsep(&rest, "\n"));) {
        const char *name = strsep(&line, " ");
        if (line)
            set(settings, name, line);
    }
}

int settings_save(const struct settings *settings)
{
    AUTO_CLOSE int folder = open_folder(true);
    if (folder < 0)
        return folder;
    int fd = openat(folder, "top.new", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
    AUTO_FCLOSE FILE *file = fd < 0 ? NULL : fdopen(fd, "w");
    if (!file)
        return -errno;
    fprintf(file, "interval %llums\ncolumns %s\nsort %s\ndescending %s\ntree %s\n",
            (unsigned long long)(settings->interval / 1000000), settings->columns, settings->sort,
            settings->descending ? "yes" : "no", settings->tree ? "yes" : "no");
    if (fflush(file) != 0)
        return -errno;
    return renameat(folder, "top.new", folder, "top") < 0 ? -errno : 0;
}
