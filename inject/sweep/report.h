/*
 * report.h - what can be made of a result: one file report_NAME.c for each, with a descriptor at its end, and
 * one row in reports.def. Pure: a result goes in, text comes out.
 */
#pragma once

#include "inject/sweep/result.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

/* Where it is shown. */
struct report_view {
    bool colours;
    unsigned width;   /* columns of the terminal */
    const char *root; /* folder that file names are told from, or NULL */
};

struct report {
    const char *name;
    /* The result has its findings. Returns 0, -ENOMEM or -EIO. */
    int (*write)(const struct sweep_result *result, const struct report_view *view, FILE *out);
};

enum report_number {
#define REPORT(name, ...) REPORT_##name,
#include "inject/sweep/reports.def"
#undef REPORT
    REPORT_COUNT
};
extern const struct report *const reports[REPORT_COUNT];

#define REPORT(name, ...) extern const struct report report_##name;
#include "inject/sweep/reports.def"
#undef REPORT
