/*
 * sample_snapshot.h - a snapshot made by hand, with one object of each sort that matters to renderers: a
 * segment with users, a set whose values are denied, a file with a hostile name, a full queue.
 */
#pragma once

#include "common/array.h"
#include "probes/collect.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <errno.h>

enum { SAMPLE_SEGMENT, SAMPLE_SET, SAMPLE_FILE, SAMPLE_QUEUE, SAMPLE_COUNT };

#define SAMPLE_SECOND UINT64_C(1000000000)
/* 2026-11-23T20:00:00Z */
#define SAMPLE_NOW (UINT64_C(1795464000) * SAMPLE_SECOND)

#define SAMPLE_NUMBER(type_, number_)              \
    {                                              \
        .type = VALUE_##type_, .number = (number_) \
    }
#define SAMPLE_TEXT(type_, text_)                                             \
    {                                                                         \
        .type = VALUE_##type_, .length = sizeof(text_) - 1, .string = (text_) \
    }

static const struct semaphore sample_semaphores[] = {
    {0, 11, 1, 0},
    {5, 12, 0, 0}
};

static const struct object sample_objects[SAMPLE_COUNT] = {
    {.kind = &kind_sysv_shm,
     .label = "sysv-shm:7",
     .index = SAMPLE_SEGMENT,
     .fields = {[FIELD_KEY] = SAMPLE_NUMBER(KEY, 0x1234),
                [FIELD_ID] = SAMPLE_NUMBER(NUMBER, 7),
                [FIELD_STATE] = SAMPLE_TEXT(WORD, "live"),
                [FIELD_SIZE] = SAMPLE_NUMBER(BYTES, 2 << 20),
                [FIELD_OWNER] = SAMPLE_NUMBER(USER, 0),
                [FIELD_MODE] = SAMPLE_NUMBER(MODE, 0640),
                [FIELD_CPID] = SAMPLE_NUMBER(PID, 11),
                [FIELD_LPID] = SAMPLE_NUMBER(PID, 99),
                [FIELD_CTIME] = SAMPLE_NUMBER(TIME, SAMPLE_NOW - 7200 * SAMPLE_SECOND)}},
    {.kind = &kind_sysv_sem,
     .label = "sysv-sem:8",
     .index = SAMPLE_SET,
     .semaphores = sample_semaphores,
     .fields = {[FIELD_ID] = SAMPLE_NUMBER(NUMBER, 8),
                [FIELD_NSEMS] = SAMPLE_NUMBER(NUMBER, 2),
                [FIELD_BLOCKED] = SAMPLE_NUMBER(DENIED, 0),
                [FIELD_OWNER] = SAMPLE_NUMBER(USER, 4000000)}},
    {.kind = &kind_posix_shm,
     .label = "posix-shm:/a\\x0a\\x1b\"b\\\\c",
     .index = SAMPLE_FILE,
     .fields = {[FIELD_NAME] = SAMPLE_TEXT(STRING, "/a\n\033\"b\\c"),
                [FIELD_STATE] = SAMPLE_TEXT(WORD, "deleted"),
                [FIELD_SIZE] = SAMPLE_NUMBER(BYTES, 4096),
                [FIELD_BTIME] = SAMPLE_NUMBER(TIME, SAMPLE_NOW - 90 * SAMPLE_SECOND + 5),
                [FIELD_CTIME] = SAMPLE_NUMBER(TIME, SAMPLE_NOW)}                                                              },
    {.kind = &kind_posix_mq,
     .label = "posix-mq:/jobs",
     .index = SAMPLE_QUEUE,
     .fields = {[FIELD_NAME] = SAMPLE_TEXT(STRING, "/jobs"),
                [FIELD_MESSAGES] = SAMPLE_NUMBER(NUMBER, 9),
                [FIELD_MAXMSG] = SAMPLE_NUMBER(NUMBER, 10)}                                                             },
};

static const struct process sample_processes[] = {
    {.pid = 11,
     .uid = 0,
     .start = SAMPLE_NOW - 9000 * SAMPLE_SECOND,
     .comm = SAMPLE_TEXT(STRING,                              "writer"),
     .command = SAMPLE_TEXT(STRING, "/bin/writer\0-x\0a b\0\0\0")},
    {.pid = 12, .uid = 1000, .start = SAMPLE_NOW - 10 * SAMPLE_SECOND, .comm = SAMPLE_TEXT(STRING, "w\tw")},
};

/* clang-format off */
static const struct edge sample_edges[] = {
    {.object = SAMPLE_SEGMENT, .process = 0, .role = EDGE_MAPPED, .access = EDGE_READ | EDGE_WRITE, .fd = -1,
     .count = 2, .bytes = 2 << 20},
    {.object = SAMPLE_SEGMENT, .process = 1, .role = EDGE_MAPPED, .access = EDGE_READ, .fd = -1,
     .count = 1, .bytes = 4096},
    {.object = SAMPLE_SEGMENT, .process = 1, .role = EDGE_OPEN, .access = EDGE_READ, .fd = 5, .count = 1},
    {.object = SAMPLE_SET, .process = 0, .role = EDGE_WAITING, .fd = -1, .tid = 13, .unit = 0, .amount = -1,
     .operation = "semtimedop"},
};
/* clang-format on */

static const uint32_t sample_first_edge[SAMPLE_COUNT + 1] = {0, 3, 4, 4, 4};

static const struct object *const sample_order[SAMPLE_COUNT] = {&sample_objects[0], &sample_objects[1],
                                                                &sample_objects[2], &sample_objects[3]};

static const struct coverage sample_coverage[] = {
    {.source = "maps",   .error = EACCES, .processes = 14       },
    {.source = "mqueue", .error = EPERM,  .place = "/dev/mqueue"},
};

static const struct known_pid sample_pids[] = {
    {.pid = 11,                   .start = SAMPLE_NOW - 9000 * SAMPLE_SECOND, .comm = SAMPLE_TEXT(STRING, "writer")},
    {.pid = 99},
};

static const struct snapshot sample = {
    .time = SAMPLE_NOW,
    .all_visible = true,
    .objects = sample_order,
    .object_count = SAMPLE_COUNT,
    .processes = sample_processes,
    .process_count = COUNT_OF(sample_processes),
    .edges = sample_edges,
    .edge_count = COUNT_OF(sample_edges),
    .first_edge = sample_first_edge,
    .coverage = sample_coverage,
    .coverage_count = COUNT_OF(sample_coverage),
    .known_pids = sample_pids,
    .known_pid_count = COUNT_OF(sample_pids),
};
