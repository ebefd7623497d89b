/* cluster.c - cluster_findings() of result.h. */
#include "inject/sweep/result.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static bool same_text(const char *one, const char *other)
{
    return one == other || (one && other && strcmp(one, other) == 0);
}

static bool same_cause(const struct sweep_result *result, const struct outcome *one,
                       const struct outcome *other)
{
    const struct site *place = outcome_site(result, one);
    const struct site *other_place = outcome_site(result, other);
    if (one->verdict != other->verdict || !place != !other_place)
        return false;
    if (!place)
        return same_text(one->trial.setting, other->trial.setting);
    return place->call == other_place->call && place->stack_hash == other_place->stack_hash;
}

/* A call made to fail is easier to see again than surroundings. */
static bool stands_better(const struct outcome *one, const struct outcome *other)
{
    return one->trial.site >= 0 && other->trial.site < 0;
}

static int add_member(struct sweep_result *result, uint32_t outcome)
{
    array_each(&result->findings, finding)
    {
        const struct outcome *first = &result->outcomes.items[finding->first];
        const struct outcome *added = &result->outcomes.items[outcome];
        if (!same_cause(result, first, added))
            continue;
        finding->member_count++;
        if (stands_better(added, first)) {
            finding->first = outcome;
            finding->id = added->trial.number;
        }
        return 0;
    }
    struct finding_cluster *finding = array_push(&result->findings);
    if (!finding)
        return -ENOMEM;
    finding->first = outcome;
    finding->id = result->outcomes.items[outcome].trial.number;
    finding->member_count = 1;
    return 0;
}

/* The members are known in number now; in a second walk they get their room. */
static int list_members(struct sweep_result *result, struct finding_cluster *finding)
{
    finding->members = arena_alloc(&result->arena, finding->member_count * sizeof(uint32_t));
    if (!finding->members)
        return -ENOMEM;
    const struct outcome *first = &result->outcomes.items[finding->first];
    uint32_t count = 0;
    for (uint32_t index = 0; index < result->outcomes.count; index++)
        if (same_cause(result, first, &result->outcomes.items[index]))
            finding->members[count++] = index;
    return 0;
}

/* qsort(3) passes no context, so the verdict is put where it can be seen: worst first, then by id. */
struct ranked {
    uint8_t verdict;
    struct finding_cluster finding;
};

static int compare(const void *one, const void *other)
{
    const struct ranked *a = one;
    const struct ranked *b = other;
    if (a->verdict != b->verdict)
        return a->verdict > b->verdict ? -1 : 1;
    return a->finding.id < b->finding.id ? -1 : a->finding.id > b->finding.id;
}

static int sort(struct sweep_result *result)
{
    size_t count = result->findings.count;
    struct ranked *ranked = count ? calloc(count, sizeof(*ranked)) : NULL;
    if (count && !ranked)
        return -ENOMEM;
    for (size_t index = 0; index < count; index++) {
        ranked[index].finding = result->findings.items[index];
        ranked[index].verdict = result->outcomes.items[ranked[index].finding.first].verdict;
    }
    if (count)
        qsort(ranked, count, sizeof(*ranked), compare);
    for (size_t index = 0; index < count; index++)
        result->findings.items[index] = ranked[index].finding;
    free(ranked);
    return 0;
}

int cluster_findings(struct sweep_result *result)
{
    array_free(&result->findings);
    for (uint32_t index = 0; index < result->outcomes.count; index++) {
        if (!verdicts[result->outcomes.items[index].verdict].finding)
            continue;
        int r = add_member(result, index);
        if (r < 0)
            return r;
    }
    array_each(&result->findings, finding)
    {
        int r = list_members(result, finding);
        if (r < 0)
            return r;
    }
    return sort(result);
}
