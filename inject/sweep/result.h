/*
 * result.h - what a sweep found out: the sites of a command, one outcome per trial, and the findings that
 * cluster.h makes of them. Written and read by result_json.h, shown by the reports; pure data.
 * All strings and arrays of a result live in its arena, unless said otherwise.
 */
#pragma once

#include "common/arena.h"
#include "common/array.h"

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

/* Worst last, so that verdicts can be compared. Names are in verdicts.def. */
enum verdict {
#define VERDICT(name, ...) VERDICT_##name,
#include "inject/sweep/verdicts.def"
#undef VERDICT
    VERDICT_COUNT
};

struct verdict_row {
    const char *name;
    char cell;        /* in the plot */
    bool finding;     /* a defect of the program */
    const char *text; /* one line what it means */
};
extern const struct verdict_row verdicts[VERDICT_COUNT];

/* How a trial goes wrong. Names are in modes.def. */
enum trial_mode {
#define MODE(name, ...) MODE_##name,
#include "inject/sweep/modes.def"
#undef MODE
    MODE_COUNT
};

struct mode_row {
    const char *name;
    const char *text;
};
extern const struct mode_row trial_modes[MODE_COUNT];

/* One function of a stack; unknown strings are NULL, an unknown line is 0. */
struct frame {
    const char *module; /* path */
    uint64_t offset;    /* of the return address in it */
    const char *function;
    const char *file;
    int line;
};

/* A place in the program that makes an IPC call. */
struct site {
    uint16_t call;        /* number in calls.def */
    uint64_t stack_hash;  /* over modules and offsets; 0 when the engine sees no stack */
    const char *name;     /* of the object in the clean run, or NULL */
    uint32_t occurrences; /* in the clean run */
    struct frame *frames; /* innermost first; frames[0] is the caller */
    uint32_t frame_count;
};

/* What is to be done in a trial. */
struct trial {
    uint32_t number;     /* in the plan, from 1; the same in every shard */
    int32_t site;        /* index, or -1 for environment trials */
    uint8_t mode;        /* enum trial_mode */
    int32_t error;       /* errno, or 0 */
    uint32_t occurrence; /* of the site, from 1 */
    const char *setting; /* environment trials: which, a word of environments.def; else NULL */
};

/* What came of it. */
struct outcome {
    struct trial trial;
    uint8_t verdict;       /* enum verdict */
    bool flaky;            /* two runs of it differed */
    int32_t status;        /* exit status, or -1 when a signal ended it */
    int32_t signal;        /* that ended it, or 0 */
    uint64_t duration;     /* nanoseconds */
    const char *reason;    /* one line why this verdict, never NULL */
    const char *left;      /* objects left behind, one a line, or NULL */
    const char *out, *err; /* what the command wrote, cut; kept for findings only, else NULL */
    size_t out_length, err_length;
    struct frame *frames; /* of a crash, innermost first, or NULL */
    uint32_t frame_count;
    const struct site *blame; /* the call that failed in surroundings short of something, or NULL */
    int32_t blame_error;
    const char *rule; /* that `shmoo inject -e` takes to do the same, or NULL when there is none */
};

/* Outcomes with one cause. */
struct finding_cluster {
    uint32_t id;       /* from 1, stable for a plan: the number of the trial that stands for it */
    uint32_t first;    /* index of the outcome that stands for it */
    uint32_t *members; /* indexes of outcomes, `first` among them */
    uint32_t member_count;
    bool accepted; /* named by the baseline */
};

/* An object the clean run made under a name or key. */
struct made {
    uint16_t call;    /* that made it */
    const char *name; /* or path; NULL for one with a key */
    uint32_t key;
    uint64_t number; /* its size, count or first value, where the call has one */
};

/* What trials need to know of the clean run. */
struct learnt {
    uint64_t space;     /* bytes of address space that end in the middle of its largest mapping, or 0 */
    uint64_t mapping;   /* bytes of that */
    uint64_t own_space; /* what the shim takes beside that */
    bool private_tmp;   /* it had a /tmp of its own */
    ARRAY(struct made) made;
};

struct sweep_result {
    struct arena arena;
    const char *file; /* that it is kept in, for the line that replays a finding; NULL when in none */
    char **command;   /* NULL-terminated */
    const char *engine;
    uint64_t seed;          /* at most INT64_MAX: readers of JSON know no larger numbers */
    uint32_t shard, shards; /* 1 of 1 when not split */
    uint32_t planned;       /* trials in the whole plan */
    bool complete;          /* every planned trial of the shard was run */
    struct {
        int32_t status;
        uint64_t duration;
        bool output_varies; /* two clean runs wrote different things: output is not judged */
        const char *left;   /* one object a line, or NULL */
    } clean;
    struct learnt learnt;
    ARRAY(struct site) sites;
    ARRAY(struct outcome) outcomes;         /* by trial number */
    ARRAY(struct finding_cluster) findings; /* worst first; made by cluster_findings() */
    ARRAY(const char *) notes;              /* what the sweep could not do, one line each */
};

void sweep_result_free(struct sweep_result *result);

/* The place at fault: the trial's, or that of the call to blame; NULL when there is none. */
const struct site *outcome_site(const struct sweep_result *result, const struct outcome *outcome);

/*
 * Groups outcomes whose verdict is a defect by place at fault and verdict (by setting where no call failed)
 * into result->findings, worst first. One of a call made to fail stands for its finding rather than one of
 * surroundings. Returns 0 or -ENOMEM.
 */
int cluster_findings(struct sweep_result *result);

/* "once", "on" …: number of a mode or verdict by name, or -1. */
int trial_mode_find(const char *name);
int verdict_find(const char *name);
