/*
 * record.h - what a clean run of the command does: its sites, and which calls a trial may fail. Fed with the
 * events of the run.
 */
#pragma once

#include "inject/decide.h"
#include "inject/sweep/result.h"

struct plan;
struct event;

/* One call of the clean run that trials may go for. */
struct occurrence {
    uint32_t site;   /* index */
    uint32_t number; /* of the site's calls, from 1 */
    struct facts facts;
};

/* A shared mapping. */
struct span {
    uint64_t start, length;
};

struct record {
    struct sweep_result *result; /* gets the sites */
    const struct plan *plan;     /* names the modules in events */
    uint32_t depth;              /* occurrences kept per site: the first ones, and the last */
    ARRAY(struct occurrence) occurrences;
    ARRAY(const char *) paths; /* FIFOs made, NULL at the end; strings in the result's arena */
    ARRAY(struct span) shared; /* mappings */
    bool failed;               /* memory was out */
};

/* Takes one event; events that are no IPC are passed over. */
void record_add(struct record *record, const struct event *event);

/* Finds functions and lines of all sites. Slow; once, at the end. */
void record_resolve(struct record *record);

void record_free(struct record *record);
