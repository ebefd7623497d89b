/*
 * findings.h - made-up machines for tests of rules. A machine has uptime 1000 s; its process 20 started at 6
 * s, 30 at 951 s, and nobody else lives.
 */
#pragma once

#include "tests/unit/recording.h"

#include "inspector/finding.h"
#include "probes/limits.h"

#define SHM_HEAD "key shmid perms size cpid lpid nattch uid gid cuid cgid atime dtime ctime rss swap\n"
#define FOLDER   "1 0 0 0 0 0 0 0 20 17407 2 0 0\n"

/* A file of /dev/shm: inode, used bytes, ctime in seconds, links, mode (decimal), owner, name. */
#define FILE_OF(inode, used, ctime, links, mode, owner, name)                                         \
    "0 0 0 0 0 0 " inode " " used " " used " 0 0 " ctime "000000000 0 0 20 " mode " " links " " owner \
    " 0 " name "\n"
/* The same with the head of a glibc semaphore of value 1. */
#define SEMAPHORE_OF(inode, ctime, links, name) \
    "0 32 1 128 0 0 " inode " 32 4096 0 0 " ctime "000000000 0 0 20 33152 " links " 0 0 " name "\n"

static inline struct recording machine(const char *shm_files)
{
    struct recording recording = recording_start();
    recording_write(&recording, "proc/pids", "20\n30\n");
    recording_add_process(&recording, 20, 500);
    recording_add_process(&recording, 30, 95000);
    recording_write(&recording, "proc/self/mountinfo",
                    "36 35 0:20 / /dev/shm rw - tmpfs tmpfs rw\n20 1 0:5 / /proc rw - proc proc rw\n");
    recording_write(&recording, "dev/shm.stat", FOLDER);
    recording_write(&recording, "dev/shm/files", shm_files);
    return recording;
}

/* "confidence object" of everything a rule finds, separated by commas; the recording ends. */
static inline const char *found(struct recording *recording, const char *rule)
{
    static char text[512];
    struct request request = {.kinds = everything.kinds, .needs = NEED_ALL | NEED_NOTIFY};
    limits_request(&request);
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct limits *limits = NULL;
    assert_int_equal(kernel_open_recording(recording->path, &kernel), 0);
    struct snapshot *snapshot = collect_from(kernel, &request);
    assert_int_equal(limits_read(kernel, snapshot, &limits), 0);
    struct evidence evidence = {.snapshot = snapshot, .needs = request.needs, .limits = limits};
    struct findings findings;
    size_t length = 0;
    text[0] = '\0';
    assert_int_equal(findings_find(&evidence, &findings), 0);
    array_each(&findings.all, finding)
    {
        if (strcmp(finding->rule->name, rule) != 0)
            continue;
        length += (size_t)snprintf(text + length, sizeof(text) - length, "%s%s %s", length ? "," : "",
                                   confidence_name(finding->confidence),
                                   finding->object_count ? finding->objects[0]->label : finding->reason);
    }
    findings_free(&findings);
    limits_free(limits);
    snapshot_free(snapshot);
    recording_end(recording);
    return text;
}
