/*
 * recording.h - recordings made up by a test, and snapshots as text to compare them whole. A recording is a
 * folder below /tmp with the files that kernel_record.c would write.
 */
#pragma once

#include "tests/unit/unit.h"

#include "common/cleanup.h"
#include "common/escape.h"
#include "common/file.h"
#include "common/strbuf.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/record_text.h"
#include "probes/snapshot.h"

#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

struct recording {
    char path[32];
    int folder;
};

static const struct request everything = {.kinds = (UINT64_C(1) << KIND_COUNT) - 1, .needs = NEED_ALL};

static inline void recording_write(struct recording *recording, const char *path, const char *text)
{
    char part[256];
    for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
        snprintf(part, sizeof(part), "%.*s", (int)(slash - path), path);
        mkdirat(recording->folder, part, 0700);
    }
    AUTO_CLOSE int fd = openat(recording->folder, path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    assert_true(fd >= 0);
    assert_int_equal(file_write_all(fd, text, strlen(text)), 0);
}

/* A machine of which nothing is known but its clock: it started at 1 s, and it is 1000 s now. */
static inline struct recording recording_start(void)
{
    struct recording recording = {.path = "/tmp/recording.XXXXXX"};
    assert_non_null(mkdtemp(recording.path));
    recording.folder = open(recording.path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(recording.folder >= 0);
    recording_write(&recording, RECORDING_FILE, RECORDING_HEAD "ipc_namespace: 7\nsees_all: 1\n");
    recording_write(&recording, "clock", "1000000000000 1000000000\n");
    recording_write(&recording, "proc/pids", "");
    return recording;
}

/* A process called "x", in ipc namespace 7, started `ticks` (a hundredth of a second) after the machine. */
static inline void recording_add_process(struct recording *recording, pid_t pid, unsigned ticks)
{
    char path[64], text[160];
    snprintf(path, sizeof(path), "proc/%d/stat", pid);
    snprintf(text, sizeof(text), "%d (x) S 1 7 7 0 -1 0 1 2 3 4 5 6 7 8 20 0 1 0 %u 1", pid, ticks);
    recording_write(recording, path, text);
    snprintf(path, sizeof(path), "proc/%d.stat", pid);
    recording_write(recording, path, "1 0 0 0 0 0 0 0 5 16749 9 1000 1000\n");
    snprintf(path, sizeof(path), "proc/%d/ns/ipc.link", pid);
    recording_write(recording, path, "ipc:[7]");
}

static inline int recording_remove_one(const char *path, const struct stat *status, int type,
                                       struct FTW *walk)
{
    (void)status, (void)type, (void)walk;
    return remove(path);
}

static inline void recording_end(struct recording *recording)
{
    close(recording->folder);
    nftw(recording->path, recording_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static inline struct snapshot *collect_from(struct kernel *kernel, const struct request *request)
{
    struct snapshot *snapshot = NULL;
    assert_int_equal(snapshot_collect(kernel, request, &snapshot), 0);
    return snapshot;
}

static inline struct snapshot *recording_collect(const struct recording *recording,
                                                 const struct request *request)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    assert_int_equal(kernel_open_recording(recording->path, &kernel), 0);
    return collect_from(kernel, request);
}

static inline void print_value(struct strbuf *text, const char *name, struct value value)
{
    if (value.type == VALUE_NONE)
        return;
    strbuf_add_format(text, " %s=", name);
    if (value.type == VALUE_DENIED)
        strbuf_add_string(text, "denied");
    else if (value.type == VALUE_STRING || value.type == VALUE_WORD)
        escape_bytes(text, value.string, value.length, " ");
    else
        strbuf_add_format(text, "%" PRIu64, value.number);
}

static inline void print_edges(struct strbuf *text, const struct snapshot *snapshot,
                               const struct object *object)
{
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    for (size_t i = 0; i < count; i++) {
        const struct process *process = &snapshot->processes[edges[i].process];
        strbuf_add_format(text, "  %s pid=%d", edge_role_name(edges[i].role), process->pid);
        print_value(text, "comm", process->comm);
        strbuf_add_format(text, " access=%d fd=%d count=%u tid=%d unit=%d amount=%d bytes=%" PRIu64 " %s\n",
                          edges[i].access, edges[i].fd, edges[i].count, edges[i].tid, edges[i].unit,
                          edges[i].amount, edges[i].bytes, edges[i].operation ? edges[i].operation : "");
    }
}

static inline void print_one(struct strbuf *text, const struct snapshot *snapshot,
                             const struct object *object)
{
    strbuf_add_format(text, "%s%s %" PRIx64 "/%" PRIu64 "/%" PRIu64, object->label,
                      object->hidden ? " hidden" : "", object->identity.space, object->identity.number,
                      object->identity.generation);
    for (size_t field = 0; field < FIELD_COUNT; field++) {
        print_value(text, field_info[field].name, object->fields[field]);
        enum verdict verdict = snapshot_verdict(snapshot, object, (enum field)field);
        strbuf_add_format(text, "%s%s", verdict ? ":" : "", verdict_name(verdict));
    }
    for (uint64_t i = 0; object->semaphores && i < object->fields[FIELD_NSEMS].number; i++)
        strbuf_add_format(text, " [%d %d %d %d]", object->semaphores[i].value, object->semaphores[i].pid,
                          object->semaphores[i].ncnt, object->semaphores[i].zcnt);
    strbuf_add_char(text, '\n');
    print_edges(text, snapshot, object);
}

/* All of a snapshot, a line for each thing; `part` (or NULL) selects objects whose label contains it. */
static inline void snapshot_print(struct strbuf *text, const struct snapshot *snapshot, const char *part)
{
    for (size_t i = 0; i < snapshot->object_count; i++)
        if (!part || strstr(snapshot->objects[i]->label, part))
            print_one(text, snapshot, snapshot->objects[i]);
    for (size_t i = 0; i < snapshot->coverage_count; i++)
        strbuf_add_format(text, "gap %s %s %d %u\n", snapshot->coverage[i].source,
                          snapshot->coverage[i].place ? snapshot->coverage[i].place : "-",
                          snapshot->coverage[i].error, snapshot->coverage[i].processes);
    assert_false(text->failed);
}

/* The objects that this process alone holds, as text: they do not change while others come and go. */
static inline size_t snapshot_print_own(struct strbuf *text, const struct snapshot *snapshot)
{
    size_t printed = 0;
    for (size_t i = 0; i < snapshot->object_count; i++) {
        size_t count, own = 0;
        const struct edge *edges = snapshot_edges(snapshot, snapshot->objects[i], &count);
        for (size_t j = 0; j < count; j++)
            own += snapshot->processes[edges[j].process].pid == getpid();
        if (!count || own < count)
            continue;
        print_one(text, snapshot, snapshot->objects[i]);
        printed++;
    }
    assert_false(text->failed);
    return printed;
}

/* Whether a gap of that source and errno was stated. */
static inline bool snapshot_has_gap(const struct snapshot *snapshot, const char *source, int error)
{
    for (size_t i = 0; i < snapshot->coverage_count; i++)
        if (strcmp(snapshot->coverage[i].source, source) == 0 && snapshot->coverage[i].error == error)
            return true;
    return false;
}
