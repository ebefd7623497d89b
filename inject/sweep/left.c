/* left.c - see left.h. System V objects by /proc/sysvipc, which shows the ipc namespace of who opens it. */
#include "inject/sweep/left.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/strbuf.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>

enum { DEPTH_MAX = 4 };

struct lines {
    struct strbuf text;
    ARRAY(size_t) starts;
};

static void add_line(struct lines *lines, const char *kind, const char *name)
{
    size_t *start = array_push(&lines->starts);
    if (!start)
        return;
    *start = lines->text.length;
    strbuf_add_format(&lines->text, "%s:%s", kind, name);
    strbuf_add(&lines->text, "", 1);
}

static void add_folder(struct lines *lines, const char *path, const char *prefix, int depth)
{
    AUTO_DIR DIR *folder = opendir(path);
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char inner[PATH_MAX];
        char name[PATH_MAX];
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0 || entry->d_type == DT_FIFO)
            continue;
        bool semaphore = strncmp(entry->d_name, "sem.", 4) == 0;
        if ((size_t)snprintf(inner, sizeof(inner), "%s/%s", path, entry->d_name) >= sizeof(inner) ||
            (size_t)snprintf(name, sizeof(name), "%s/%s", prefix, entry->d_name + (semaphore ? 4 : 0)) >=
                sizeof(name))
            continue;
        add_line(lines, semaphore ? "posix-sem" : "posix-shm", name);
        if (entry->d_type == DT_DIR && depth < DEPTH_MAX)
            add_folder(lines, inner, name, depth + 1);
    }
}

static void add_queues(struct lines *lines)
{
    AUTO_DIR DIR *folder = opendir("/dev/mqueue");
    for (struct dirent *entry; folder && (entry = readdir(folder));) {
        char name[NAME_MAX + 2];
        snprintf(name, sizeof(name), "/%s", entry->d_name);
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            add_line(lines, "posix-mq", name);
    }
}

/* Ids come and go; the key and what is beside it in the table tell more. */
static void add_table(struct lines *lines, const char *path, const char *kind)
{
    AUTO_FCLOSE FILE *table = fopen(path, "re");
    char line[512];
    if (!table || !fgets(line, sizeof(line), table))
        return;
    while (fgets(line, sizeof(line), table)) {
        long long key;
        long long id;
        char name[64];
        if (sscanf(line, "%lld %lld", &key, &id) != 2)
            continue;
        if (key)
            snprintf(name, sizeof(name), "key 0x%08llx", (unsigned long long)key & 0xffffffff);
        else
            snprintf(name, sizeof(name), "private");
        add_line(lines, kind, name);
    }
}

/* Three calls are less than three files, and mostly there is nothing. */
static void add_sysv(struct lines *lines)
{
    struct shm_info shm;
    struct seminfo sem;
    struct msginfo msg;
    if (shmctl(0, SHM_INFO, (struct shmid_ds *)(void *)&shm) < 0 || shm.used_ids)
        add_table(lines, "/proc/sysvipc/shm", "sysv-shm");
    if (semctl(0, 0, SEM_INFO, &sem) < 0 || sem.semusz)
        add_table(lines, "/proc/sysvipc/sem", "sysv-sem");
    if (msgctl(0, MSG_INFO, (struct msqid_ds *)(void *)&msg) < 0 || msg.msgpool)
        add_table(lines, "/proc/sysvipc/msg", "sysv-msg");
}

static int compare(const void *one, const void *other, void *text)
{
    return strcmp((const char *)text + *(const size_t *)one, (const char *)text + *(const size_t *)other);
}

static void write_lines(struct lines *lines, char *text, size_t size)
{
    size_t used = 0;
    size_t index = 0;
    text[0] = '\0';
    qsort_r(lines->starts.items, lines->starts.count, sizeof(size_t), compare, lines->text.text);
    for (; index < lines->starts.count; index++) {
        const char *line = lines->text.text + lines->starts.items[index];
        if (used + strlen(line) + sizeof("and 4294967295 more\n") + 1 > size)
            break;
        used += (size_t)snprintf(text + used, size - used, "%s\n", line);
    }
    if (index < lines->starts.count)
        snprintf(text + used, size - used, "and %zu more\n", lines->starts.count - index);
}

void left_list(char *text, size_t size, const char *const *paths)
{
    struct lines lines = {0};
    add_folder(&lines, "/dev/shm", "", 0);
    add_queues(&lines);
    add_sysv(&lines);
    for (; paths && *paths; paths++) {
        struct stat status;
        if (lstat(*paths, &status) == 0 && S_ISFIFO(status.st_mode))
            add_line(&lines, "fifo", *paths);
    }
    text[0] = '\0';
    if (lines.starts.count && !lines.text.failed)
        write_lines(&lines, text, size);
    strbuf_free(&lines.text);
    array_free(&lines.starts);
}

void left_remove_paths(const char *const *paths)
{
    for (; paths && *paths; paths++) {
        struct stat status;
        if (lstat(*paths, &status) == 0 && S_ISFIFO(status.st_mode))
            unlink(*paths);
    }
}
