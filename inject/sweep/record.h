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

/* Where a site was first seen in the first thread that came there. */
struct first_seen {
    int32_t tid;
    uint32_t event;
};

/* A call that fails without any fault. */
struct failure {
    uint16_t call;
    int32_t error;
    uint64_t stack;
};

/* A shared mapping. */
struct span {
    uint64_t start, length;
};

struct record {
    struct sweep_result *result; /* gets the sites */
    const struct plan *plan;     /* names the modules in events */
    uint32_t depth;              /* occurrences kept per site: the first ones, and the last */
    uint32_t events;
    ARRAY(struct occurrence) occurrences;
    ARRAY(struct first_seen) first; /* as the sites */
    ARRAY(const char *) paths;      /* FIFOs made, NULL at the end; strings in the result's arena */
    ARRAY(struct span) shared;      /* mappings */
    ARRAY(struct failure) failures; /* each once */
    bool failed;                    /* memory was out */
};

/* Whether the event is of such a failure. */
bool record_fails_so(const struct record *record, const struct event *event);

/* Whether a call on a descriptor or a mapping may be IPC: 0 to 2 are the outside's, private memory is its
 * own. */
bool record_concerns(const struct event *event);

/* Takes one event; events that are no IPC are passed over. */
void record_add(struct record *record, const struct event *event);

/*
 * Once, at the end: puts the sites in an order that does not depend on how processes took turns, and finds
 * their functions and lines, which is slow. Returns 0 or -ENOMEM.
 */
int record_resolve(struct record *record);

void record_free(struct record *record);
