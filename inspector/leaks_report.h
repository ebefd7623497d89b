/* leaks_report.h - what is left over, as text, JSON, JUnit, SARIF and annotations. */
#pragma once

#include "common/array.h"
#include "inspector/selection.h"

#include <stdio.h>
#include <sys/types.h>

struct findings;
struct snapshot;

struct leaks_report {
    const struct snapshot *snapshot;
    object_list objects;             /* what leaked */
    const struct findings *findings; /* why each is taken for an orphan, or NULL when a command left them */
    ARRAY(struct left_process {
        pid_t pid;
        char comm[32]; /* raw bytes */
    })
    processes;
    const char *command; /* that left them, raw bytes; NULL without one */
};

/* Whether there is nothing to report. */
bool leaks_report_is_empty(const struct leaks_report *report);

/* Each writes to an open stream. Returns 0 or -errno. */
int leaks_report_text(const struct leaks_report *report, FILE *out);
int leaks_report_json(const struct leaks_report *report, FILE *out);
int leaks_report_junit(const struct leaks_report *report, FILE *out);
int leaks_report_sarif(const struct leaks_report *report, FILE *out);

/* Commands for the log of GitHub Actions: an error each. */
int leaks_report_annotations(const struct leaks_report *report, FILE *out);
