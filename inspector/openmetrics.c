/*
 * openmetrics.c - see openmetrics.h, and https://prometheus.io/docs/specs/om/open_metrics_spec/. Label values
 * must be UTF-8: what is not, and what could move a cursor, is \xHH as everywhere in shmoo, and the
 * backslashes of that are escaped once more, as the format wants it.
 */
#include "inspector/openmetrics.h"

#include "common/escape.h"
#include "common/strbuf.h"

#include <inttypes.h>

static void add_name(struct strbuf *text, const char *prefix, const char *name)
{
    strbuf_add_string(text, "shmoo_");
    strbuf_add_string(text, prefix);
    strbuf_add_string(text, name);
}

static void add_descriptor(struct strbuf *text, const char *what, const char *prefix, const char *name,
                           const char *value)
{
    strbuf_add_format(text, "# %s ", what);
    add_name(text, prefix, name);
    strbuf_add_format(text, " %s\n", value);
}

void openmetrics_family(struct strbuf *text, const char *prefix, const char *name, const char *unit,
                        const char *help)
{
    add_descriptor(text, "HELP", prefix, name, help);
    add_descriptor(text, "TYPE", prefix, name, "gauge");
    if (*unit)
        add_descriptor(text, "UNIT", prefix, name, unit);
}

/* Escaped text has no controls, so a backslash and a quote are all that is left to care for. */
static void add_quoted(struct strbuf *text, const char *escaped, size_t length)
{
    for (size_t i = 0; i < length; i++) {
        if (escaped[i] == '\\' || escaped[i] == '"')
            strbuf_add_char(text, '\\');
        strbuf_add_char(text, escaped[i]);
    }
}

static void add_label_value(struct strbuf *text, struct value value)
{
    AUTO_STRBUF struct strbuf escaped = {0};
    if (value.type == VALUE_STRING)
        escape_bytes(&escaped, value.string, value.length, NULL);
    else if (value.type == VALUE_WORD)
        strbuf_add(&escaped, value.string, value.length);
    else
        strbuf_add_format(&escaped, "%" PRIu64, value.number);
    text->failed |= escaped.failed;
    add_quoted(text, strbuf_text(&escaped), escaped.length);
}

static void add_labels(struct strbuf *text, const struct openmetrics_label *labels, size_t count)
{
    char before = '{';
    for (size_t i = 0; i < count; i++) {
        if (labels[i].value.type == VALUE_NONE)
            continue;
        strbuf_add_format(text, "%c%s=\"", before, labels[i].name);
        add_label_value(text, labels[i].value);
        strbuf_add_char(text, '"');
        before = ',';
    }
    if (before == ',')
        strbuf_add_char(text, '}');
}

/* No printf() of floating point: its decimal point is the locale's. */
static void add_number(struct strbuf *text, struct value value)
{
    switch (value.type) {
    case VALUE_TIME:
    case VALUE_DURATION:
        strbuf_add_format(text, "%" PRIu64 ".%09" PRIu64, value.number / 1000000000,
                          value.number % 1000000000);
        break;
    case VALUE_PERCENT:
        strbuf_add_format(text, "%" PRIu64 ".%02" PRIu64, value.number / 100, value.number % 100);
        break;
    default: strbuf_add_format(text, "%" PRIu64, value.number);
    }
}

void openmetrics_sample(struct strbuf *text, const char *prefix, const char *name,
                        const struct openmetrics_label *labels, size_t count, struct value value)
{
    if (!value_known(value))
        return;
    add_name(text, prefix, name);
    add_labels(text, labels, count);
    strbuf_add_char(text, ' ');
    add_number(text, value);
    strbuf_add_char(text, '\n');
}

void openmetrics_end(struct strbuf *text)
{
    strbuf_add_string(text, "# EOF\n");
}
