/*
 * sample_result.h - the result of a sweep made by hand: three sites (one with a hostile name and no stack), a
 * trial for each verdict, environment and crash trials, outputs with bytes that are no text.
 */
#pragma once

#include "inject/calls.h"
#include "inject/sweep/result.h"

#include <assert.h>
#include <errno.h>
#include <string.h>

enum { SAMPLE_SITES = 3 };

static struct frame sample_frames[] = {
    {"/usr/bin/demo", 0x11d0, "open_ring", "src/ring.c", 42},
    {"/usr/bin/demo", 0x1300, "main",      "src/main.c", 7 },
    {"/lib/libx.so",  0x20,   NULL,        NULL,         0 },
};

static struct site sample_sites[SAMPLE_SITES] = {
    {.call = CALL_shm_open,
     .stack_hash = UINT64_C(0xfedcba9876543210),
     .name = "/ring",
     .occurrences = 2,
     .frames = sample_frames,
     .frame_count = 3},
    {.call = CALL_mmap, .stack_hash = 0x77,                           .occurrences = 1,                                                                           .frames = &sample_frames[1], .frame_count = 2},
    {.call = CALL_sem_wait,     .name = "/</script>\x1b[2J\xff\n\"",.occurrences = UINT32_MAX},
};

static const struct site sample_blame = {
    .call = CALL_ftruncate, .stack_hash = 0x99, .frames = sample_frames, .frame_count = 1};

#define SAMPLE_TRIAL(number_, site_, mode_, error_) \
    .trial = {.number = (number_), .site = (site_), .mode = MODE_##mode_, .error = (error_), .occurrence = 1}

static const struct outcome sample_outcomes[] = {
    {SAMPLE_TRIAL(1,                          0, once,                    EACCES), .verdict = VERDICT_handled, .status = 1, .duration = 1500000,
     .reason = "failed with a message and status 1"},
    {SAMPLE_TRIAL(2,             0,   once,       ENFILE), .verdict = VERDICT_mute, .status = 3,
     .reason = "status 3 without a word"},
    {SAMPLE_TRIAL(3,                                       0,                           on,                                     ENFILE), .verdict = VERDICT_leak, .reason = "left posix-shm:/ring",
     .left = "posix-shm:/ring\nposix-mq:/a b", .rule = "shm_open:error=ENFILE:when=1"},
    {SAMPLE_TRIAL(4,                                1,          once,                ENOMEM), .verdict = VERDICT_crash, .status = -1, .signal = 11,
     .duration = UINT64_C(123456789012), .reason = "ended by SIGSEGV", .out = "\x1b[31m\0binary\xff",
     .out_length = 13, .err = "", .err_length = 0, .frames = sample_frames, .frame_count = 1,
     .rule = "mmap:error=ENOMEM:when=1"},
    {SAMPLE_TRIAL(5,                                       1,                           on,           ENOMEM), .verdict = VERDICT_crash, .status = -1, .signal = 11,
     .reason = "ended by SIGSEGV", .flaky = true},
    {SAMPLE_TRIAL(6,                                1,          crash_after,0), .verdict = VERDICT_poisoned, .status = 1,
     .reason = "EEXIST </script>"},
    {SAMPLE_TRIAL(7, 2,  once,            EINTR), .verdict = VERDICT_hang, .status = -1, .signal = 9, .reason = "waits"},
    {SAMPLE_TRIAL(8,                                   2,                    on,    EINTR), .verdict = VERDICT_not_fired, .reason = "not reached"},
    {.trial = {.number = 9, .site = -1, .mode = MODE_environment, .setting = "small-dev-shm"},
     .verdict = VERDICT_crash,
     .status = -1,
     .signal = 7,
     .reason = "ended by SIGBUS",
     .blame = &sample_blame,
     .blame_error = ENOSPC},
    {.trial = {.number = 10, .site = -1, .mode = MODE_environment, .setting = "no-descriptors"},
     .verdict = VERDICT_tolerated,
     .reason = "same result"                       },
};
enum { SAMPLE_OUTCOMES = sizeof(sample_outcomes) / sizeof(*sample_outcomes) };

/* The trials whose bit (number - 1) is set, as shard `shard` of `shards`; with findings. */
static inline struct sweep_result sample_result(uint32_t trials, uint32_t shard, uint32_t shards)
{
    static char *command[] = {"./demo", "--name", "a\tb\xff", NULL};
    struct sweep_result result = {
        .command = command,
        .engine = "preload",
        .seed = INT64_MAX,
        .shard = shard,
        .shards = shards,
        .planned = SAMPLE_OUTCOMES,
        .complete = true,
        .clean = {.status = 0, .duration = 5000000, .left = "posix-shm:/kept"}
    };
    for (size_t index = 0; index < SAMPLE_SITES; index++) {
        struct site *site = array_push(&result.sites);
        assert(site);
        *site = sample_sites[index];
    }
    for (size_t index = 0; index < SAMPLE_OUTCOMES; index++) {
        if (!(trials >> index & 1))
            continue;
        struct outcome *outcome = array_push(&result.outcomes);
        assert(outcome);
        *outcome = sample_outcomes[index];
    }
    const char **note = array_push(&result.notes);
    assert(note);
    *note = "ptrace is not allowed here";
    int r = cluster_findings(&result);
    assert(r == 0);
    (void)r;
    return result;
}
enum { SAMPLE_ALL = 0x3ff };
