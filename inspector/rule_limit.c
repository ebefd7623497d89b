/* rule_limit.c - limits of the kernel that are nearly used up: what asks for more will be refused. */
#include "common/array.h"
#include "common/strbuf.h"
#include "inspector/finding.h"
#include "inspector/value_format.h"
#include "probes/limits.h"

#include <errno.h>
#include <string.h>

extern const struct rule rule_limit;

enum { NEAR = 90 /* percent */ };

/* Limits of what a single object may be say nothing about the next one. */
static bool is_shared(const struct limit *limit)
{
    static const char *const single[] = {"shmmax", "semmsl", "msgmnb", "msg_max", "msgsize_max"};
    for (size_t i = 0; i < COUNT_OF(single); i++)
        if (strcmp(limit->name, single[i]) == 0)
            return false;
    return true;
}

static int add_finding(const struct limit *limit, uint64_t percent, struct findings *findings)
{
    AUTO_STRBUF struct strbuf use = {0};
    AUTO_STRBUF struct strbuf maximum = {0};
    struct value_style style = {0};
    value_format(&use, limit->use, &style);
    value_format(&maximum, limit->maximum, &style);
    struct finding *finding = finding_add(
        findings, &rule_limit, CONFIDENCE_CERTAIN, NULL, "%s%s%s is at %llu%%: %s of %s; raise it by %s",
        limit->name, limit->place ? " of " : "", limit->place ? limit->place : "",
        (unsigned long long)percent, strbuf_text(&use), strbuf_text(&maximum), limit->raise);
    return finding && !use.failed && !maximum.failed ? 0 : -ENOMEM;
}

static int find_limits(const struct evidence *evidence, struct findings *findings)
{
    for (size_t i = 0; evidence->limits && i < evidence->limits->count; i++) {
        const struct limit *limit = &evidence->limits->items[i];
        struct value percent = limit_percent(limit);
        if (value_known(percent) && percent.number >= NEAR && is_shared(limit) &&
            add_finding(limit, percent.number, findings) < 0)
            return -ENOMEM;
    }
    return 0;
}

const struct rule rule_limit = {
    .name = "limit",
    .singular = "limit nearly reached",
    .plural = "limits nearly reached",
    .find = find_limits,
};
