/* report.c - see report.h. */
#include "inject/sweep/report.h"

const struct report *const reports[REPORT_COUNT] = {
#define REPORT(name, ...) [REPORT_##name] = &report_##name,
#include "inject/sweep/reports.def"
#undef REPORT
};
