/* hang.c - see hang.h. Runs in the first process of a trial's world. */
#include "inject/sweep/hang.h"

#include "common/auto_json.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/strbuf.h"

#include <spawn.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>

extern char **environ;

/* The answer of `shmoo waits --json`, or NULL. */
static json_t *ask(const char *shmoo)
{
    AUTO_STRBUF struct strbuf text = {0};
    posix_spawn_file_actions_t actions;
    char *const argv[] = {(char *)(uintptr_t)shmoo, "waits", "--json", NULL};
    AUTO_CLOSE int answer = memfd_create("shmoo-waits", MFD_CLOEXEC);
    pid_t pid;
    if (answer < 0 || posix_spawn_file_actions_init(&actions) != 0)
        return NULL;
    posix_spawn_file_actions_adddup2(&actions, answer, 1);
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", 1, 0);
    int r = posix_spawn(&pid, shmoo, &actions, NULL, argv, environ);
    posix_spawn_file_actions_destroy(&actions);
    if (r != 0 || waitpid(pid, NULL, 0) < 0 || lseek(answer, 0, SEEK_SET) < 0 ||
        file_read_all(answer, &text) < 0)
        return NULL;
    return json_loadb(strbuf_text(&text), text.length, 0, NULL);
}

bool hang_explain(const char *shmoo, char *text, size_t size)
{
    AUTO_JSON json_t *answer = ask(shmoo);
    const json_t *finding = json_array_get(json_object_get(answer, "findings"), 0);
    const json_t *wait = json_array_get(json_object_get(answer, "waits"), 0);
    const char *confidence = json_string_value(json_object_get(finding, "confidence"));
    const char *reason = json_string_value(json_object_get(finding, "reason"));
    const char *object = json_string_value(json_object_get(wait, "object"));
    const char *operation = json_string_value(json_object_get(wait, "operation"));
    if (reason)
        snprintf(text, size, "%s", reason);
    else if (object)
        snprintf(text, size, "waits for %s (%s)", object, operation ? operation : "?");
    return confidence && strcmp(confidence, "certain") == 0;
}

static pid_t read_process(const char *name, char comm[32])
{
    char path[64];
    char *end;
    long pid = strtol(name, &end, 10);
    if (*end || pid <= 1)
        return 0;
    snprintf(path, sizeof(path), "/proc/%ld/comm", pid);
    AUTO_FCLOSE FILE *file = fopen(path, "re");
    if (!file || !fgets(comm, 32, file))
        return 0;
    comm[strcspn(comm, "\n")] = '\0';
    return (pid_t)pid;
}

uint32_t hang_list_processes(char *text, size_t size)
{
    AUTO_DIR DIR *proc = opendir("/proc");
    uint32_t count = 0;
    size_t used = 0;
    for (struct dirent *entry; proc && (entry = readdir(proc));) {
        char comm[32];
        if (!read_process(entry->d_name, comm))
            continue;
        if (used + sizeof(comm) + 2 < size)
            used += (size_t)snprintf(text + used, size - used, "%s%s", count ? ", " : "", comm);
        count++;
    }
    return count;
}
