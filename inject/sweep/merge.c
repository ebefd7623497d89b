/* merge.c - see merge.h. */
#include "inject/sweep/merge.h"

#include "common/cleanup.h"
#include "common/hash.h"
#include "common/strbuf.h"

#include <errno.h>
#include <string.h>

/* How a note begins that merge_finish() wrote: it no longer holds when more is added. */
static const char missing[] = "missing: ";

static int refuse(char *reason, const char *why)
{
    snprintf(reason, JSON_REASON_MAX, "%s", why);
    return -EINVAL;
}

static bool same_text(const char *one, const char *other)
{
    return one == other || (one && other && strcmp(one, other) == 0);
}

static bool same_command(char **one, char **other)
{
    while (*one && *other && strcmp(*one, *other) == 0) {
        one++;
        other++;
    }
    return !*one && !*other;
}

/* Why two results are not of the same sweep, or NULL. */
static const char *difference(const struct sweep_result *one, const struct sweep_result *other)
{
    if (!same_command(one->command, other->command))
        return "is the sweep of another command";
    if (strcmp(one->engine, other->engine) != 0)
        return "was made with the other engine";
    if (one->seed != other->seed)
        return "was made with another seed";
    if (one->planned != other->planned)
        return "has another number of planned trials";
    if (one->clean.status != other->clean.status)
        return "the command without faults ended with another status";
    if (one->sites.count != other->sites.count)
        return "has another number of places that make calls";
    return NULL;
}

/* For each site of `other` its number in `result`. */
static int map_sites(const struct sweep_result *result, const struct sweep_result *other,
                     uint32_t *ret_numbers)
{
    CLEANUP(hash_free) struct hash known = {0};
    for (size_t index = result->sites.count; index-- > 0;) {
        const struct site *site = &result->sites.items[index];
        if (hash_put(&known, site->call, site->stack_hash, (uint32_t)index) < 0)
            return -ENOMEM;
    }
    for (size_t index = 0; index < other->sites.count; index++) {
        const struct site *site = &other->sites.items[index];
        if (!hash_get(&known, site->call, site->stack_hash, &ret_numbers[index]))
            return -EINVAL;
    }
    return 0;
}

static bool same_trial(const struct trial *one, const struct trial *other)
{
    return one->site == other->site && one->mode == other->mode && one->error == other->error &&
           one->occurrence == other->occurrence && same_text(one->setting, other->setting);
}

static struct trial with_site(struct trial trial, const uint32_t *numbers)
{
    if (trial.site >= 0)
        trial.site = (int32_t)numbers[trial.site];
    return trial;
}

/* Where each outcome of `other` goes: the place of the same trial, or behind the last. */
static int place_outcomes(const struct sweep_result *result, const struct sweep_result *other,
                          const uint32_t *numbers, uint32_t *ret_places, char *reason)
{
    CLEANUP(hash_free) struct hash known = {0};
    uint32_t next = (uint32_t)result->outcomes.count;
    for (uint32_t index = 0; index < result->outcomes.count; index++)
        if (hash_put(&known, 0, result->outcomes.items[index].trial.number, index) < 0)
            return -ENOMEM;
    for (size_t index = 0; index < other->outcomes.count; index++) {
        struct trial trial = with_site(other->outcomes.items[index].trial, numbers);
        uint32_t *place = &ret_places[index];
        if (!hash_get(&known, 0, trial.number, place)) {
            *place = next++;
            continue;
        }
        if (same_trial(&result->outcomes.items[*place].trial, &trial))
            continue;
        snprintf(reason, JSON_REASON_MAX, "trial %u is another one: not of the same plan", trial.number);
        return -EINVAL;
    }
    return 0;
}

static void join_outcome(struct outcome *known, const struct outcome *again)
{
    bool flaky = known->flaky || again->flaky || known->verdict != again->verdict;
    if (again->verdict > known->verdict)
        *known = *again;
    known->flaky = flaky;
}

/* Room first, so that nothing is changed when there is none. */
static int take_outcomes(struct sweep_result *result, const struct sweep_result *other,
                         const uint32_t *numbers, const uint32_t *places)
{
    size_t before = result->outcomes.count, count = before;
    for (size_t index = 0; index < other->outcomes.count; index++) {
        if (places[index] >= before && !array_push(&result->outcomes)) {
            result->outcomes.count = before;
            return -ENOMEM;
        }
    }
    for (size_t index = 0; index < other->outcomes.count; index++) {
        struct outcome outcome = other->outcomes.items[index];
        outcome.trial = with_site(outcome.trial, numbers);
        if (places[index] < count)
            join_outcome(&result->outcomes.items[places[index]], &outcome);
        else
            result->outcomes.items[count++] = outcome;
    }
    return 0;
}

static int add_note(struct sweep_result *result, const char *note)
{
    if (strncmp(note, missing, strlen(missing)) == 0)
        return 0;
    array_each(&result->notes, known)
    {
        if (strcmp(*known, note) == 0)
            return 0;
    }
    const char **slot = array_push(&result->notes);
    if (!slot)
        return -ENOMEM;
    *slot = note;
    return 0;
}

/* Another split than that of the others tells nothing about what is missing. */
static int add_shard(struct merge *merge, const struct sweep_result *other)
{
    if (merge->added++ == 0)
        merge->result.shards = other->shards;
    merge->complete = (merge->added == 1 || merge->complete) && other->complete;
    if (merge->result.shards != other->shards)
        merge->result.shards = 1;
    array_each(&merge->shards, shard)
    {
        if (*shard == other->shard)
            return 0;
    }
    uint32_t *slot = array_push(&merge->shards);
    if (!slot)
        return -ENOMEM;
    *slot = other->shard;
    return 0;
}

static int join(struct merge *merge, struct sweep_result *other, char *reason)
{
    struct sweep_result *result = &merge->result;
    AUTO_FREE uint32_t *numbers = calloc(other->sites.count + 1, sizeof(*numbers));
    AUTO_FREE uint32_t *places = calloc(other->outcomes.count + 1, sizeof(*places));
    if (!numbers || !places)
        return -ENOMEM;
    int r = map_sites(result, other, numbers);
    if (r < 0)
        return r == -EINVAL ? refuse(reason, "has other places that make calls") : r;
    r = place_outcomes(result, other, numbers, places, reason);
    if (r == 0)
        r = take_outcomes(result, other, numbers, places);
    if (r < 0)
        return r;
    result->clean.output_varies |= other->clean.output_varies;
    result->file = NULL;
    array_each(&other->notes, note)
    {
        if (r == 0)
            r = add_note(result, *note);
    }
    return r < 0 ? r : add_shard(merge, other);
}

static int start(struct merge *merge, struct sweep_result *first)
{
    int r = add_shard(merge, first);
    if (r < 0)
        return r;
    merge->result = *first;
    *first = (struct sweep_result){0};
    __auto_type notes = merge->result.notes;
    merge->result.notes.items = NULL;
    merge->result.notes.count = merge->result.notes.capacity = 0;
    array_each(&notes, note)
    {
        if (r == 0)
            r = add_note(&merge->result, *note);
    }
    array_free(&notes);
    return r;
}

int merge_add(struct merge *merge, struct sweep_result *other, char reason[static JSON_REASON_MAX])
{
    if (merge->added == 0)
        return start(merge, other);
    const char *why = difference(&merge->result, other);
    int r = why ? refuse(reason, why) : join(merge, other, reason);
    if (r < 0)
        return r;
    arena_join(&merge->result.arena, &other->arena);
    sweep_result_free(other);
    return 0;
}

static int by_number(const void *one, const void *other)
{
    uint32_t a = ((const struct outcome *)one)->trial.number;
    uint32_t b = ((const struct outcome *)other)->trial.number;
    return a < b ? -1 : a > b;
}

static bool has_shard(const struct merge *merge, uint32_t index)
{
    array_each(&merge->shards, shard)
    {
        if (*shard == index)
            return true;
    }
    return false;
}

/* "missing: shards 2, 5 of 8", or nothing when all are there. */
static void add_missing_shards(const struct merge *merge, struct strbuf *text)
{
    enum { NAMED = 10 };
    uint32_t count = merge->result.shards - (uint32_t)merge->shards.count, named = 0;
    if (merge->result.shards < 2 || count == 0)
        return;
    strbuf_add_format(text, "%s%s", missing, count == 1 ? "shard " : "shards ");
    for (uint32_t index = 1; index <= merge->result.shards && named < NAMED; index++)
        if (!has_shard(merge, index))
            strbuf_add_format(text, "%s%u", named++ ? ", " : "", index);
    strbuf_add_format(text, "%s of %u", named < count ? ", …" : "", merge->result.shards);
}

static int note_what_is_missing(struct merge *merge)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct sweep_result *result = &merge->result;
    bool all_shards = merge->shards.count == result->shards;
    if (result->outcomes.count == result->planned)
        merge->complete = true;
    else if (!all_shards)
        merge->complete = merge->complete && merge->added == 1;
    if (result->outcomes.count < result->planned && result->shards > 1)
        add_missing_shards(merge, &text);
    if (!text.length && !merge->complete)
        strbuf_add_format(&text, "%s%u of %u trials", missing,
                          result->planned - (uint32_t)result->outcomes.count, result->planned);
    if (!text.length)
        return 0;
    const char **slot = text.failed ? NULL : array_push(&result->notes);
    const char *note = slot ? arena_string(&result->arena, text.text) : NULL;
    if (note)
        *slot = note;
    else if (slot)
        result->notes.count--;
    return note ? 0 : -ENOMEM;
}

int merge_finish(struct merge *merge, struct sweep_result *ret_result)
{
    struct sweep_result *result = &merge->result;
    if (result->outcomes.count)
        qsort(result->outcomes.items, result->outcomes.count, sizeof(struct outcome), by_number);
    int r = note_what_is_missing(merge);
    if (r == 0)
        r = cluster_findings(result);
    if (r < 0)
        return r;
    result->complete = merge->complete;
    if (merge->added > 1)
        result->shard = result->shards = 1;
    *ret_result = *result;
    *result = (struct sweep_result){0};
    merge_free(merge);
    return 0;
}

void merge_free(struct merge *merge)
{
    sweep_result_free(&merge->result);
    array_free(&merge->shards);
    merge->added = 0;
}
