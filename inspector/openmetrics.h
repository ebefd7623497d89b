/*
 * openmetrics.h - the text form of OpenMetrics 1.0. Only gauges are written: what Prometheus' older text
 * format (0.0.4) does not know of these are comments there, so that the same text is good for both.
 */
#pragma once

#include "probes/value.h"

#include <stddef.h>

struct strbuf;

/* A label without a value (VALUE_NONE) is left out. Strings are escaped here, words must be already. */
struct openmetrics_label {
    const char *name;
    struct value value;
};

/* Begins a family: "shmoo_", prefix and name. The unit ("" for none) must be how the name ends. */
void openmetrics_family(struct strbuf *text, const char *prefix, const char *name, const char *unit,
                        const char *help);

/*
 * A sample of it. Times and durations are written in seconds, percents as ratio. What is not known
 * (VALUE_NONE, VALUE_DENIED) is no sample.
 */
void openmetrics_sample(struct strbuf *text, const char *prefix, const char *name,
                        const struct openmetrics_label *labels, size_t count, struct value value);

/* Without this last line a text is taken for cut off. */
void openmetrics_end(struct strbuf *text);
