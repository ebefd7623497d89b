/* leaks_report.h - what is left over, as text, JSON, JUnit, SARIF and annotations. */
#pragma once

#include "common/array.h"
#include "common/strbuf.h"
#include "inspector/attribution.h"

#include <stdio.h>
#include <sys/types.h>

struct findings;
struct json;
struct object;
struct snapshot;

/* An object that leaked. */
struct leaked {
    const struct object *object;
    struct making making; /* .call is NULL when it is not known who made it */
    bool doubtful;        /* made by others, for all that is known: it is shown, and does not count */
};

/* What a process that was left running has of an object. */
struct holding {
    const struct object *object;
    uint8_t role;         /* enum edge_role */
    int fd;               /* or -1 */
    bool inherited;       /* across exec, without anybody's asking for it */
    struct making making; /* of what was inherited */
};

struct left_process {
    pid_t pid;
    char comm[32]; /* raw bytes */
    ARRAY(struct holding) holdings;
};

struct leaks_report {
    const struct snapshot *snapshot;
    ARRAY(struct leaked) objects;
    const struct findings *findings; /* why each is taken for an orphan, or NULL when a command left them */
    ARRAY(struct left_process) processes;
    const char *command;             /* that left them, raw bytes; NULL without one */
    struct attribution *attribution; /* who made what, or NULL */
    const char *unattributed;        /* why there is none, or NULL */
    struct strbuf gaps;              /* what the attribution cannot have seen; empty when it saw all */
    bool shared;                     /* the command ran in the namespaces of everybody */
};

/* One leak as other tools are told of it. Text is harmless for a terminal. */
struct leak {
    const char *rule, *name, *message;
    bool doubtful;               /* told, and no failure */
    const struct making *making; /* or NULL */
};

/* Calls `write` for each leak in turn. Returns 0 or -ENOMEM. */
typedef void leak_write(void *argument, const struct leak *leak);
int leaks_report_each(const struct leaks_report *report, leak_write *write, void *argument);

/* How many leaks count. */
size_t leaks_report_count(const struct leaks_report *report);

/* Each writes to an open stream. Returns 0 or -errno. */
int leaks_report_text(const struct leaks_report *report, FILE *out);
int leaks_report_json(const struct leaks_report *report, FILE *out);
int leaks_report_junit(const struct leaks_report *report, FILE *out);
int leaks_report_sarif(const struct leaks_report *report, FILE *out);

/* Commands for the log of GitHub Actions: an error each, or a notice. */
int leaks_report_annotations(const struct leaks_report *report, FILE *out);

void leaks_report_free(struct leaks_report *report);
