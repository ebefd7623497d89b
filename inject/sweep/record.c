/* record.c - see record.h. */
#include "inject/sweep/record.h"

#include "common/cleanup.h"
#include "inject/call_site.h"
#include "inject/plan.h"
#include "inject/sweep/frames.h"
#include "inject/sweep/made.h"
#include "inject/sweep/space.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

static uint64_t argument(const struct event *event, enum call_role role)
{
    int index = call_param(&calls[event->call], role);
    return index < 0 ? 0 : event->arguments[index];
}

static void add_span(struct record *record, uint64_t start, uint64_t length)
{
    struct span *span = array_push(&record->shared);
    if (span)
        *span = (struct span){start, length};
    else
        record->failed = true;
}

static bool in_shared(const struct record *record, uint64_t address)
{
    array_each(&record->shared, span) if (address - span->start < span->length) return true;
    return false;
}

bool record_concerns(const struct event *event)
{
    int fd = call_param(&calls[event->call], ROLE_FD);
    if (event->call == CALL_mmap)
        return argument(event, ROLE_MAP_FLAGS) & MAP_SHARED;
    return !call_ipc_only(event->call, event->arguments) || fd < 0 || event->arguments[fd] > 2;
}

/* Calls on memory are of interest when it is shared. */
static bool is_ipc(struct record *record, const struct event *event)
{
    bool concerns = record_concerns(event);
    if (event->call == CALL_mmap) {
        if (concerns && event->result_known && event->result != UINT64_MAX)
            add_span(record, event->result, argument(event, ROLE_SIZE));
        return concerns;
    }
    return calls[event->call].class == CLASS_MAP ? in_shared(record, event->arguments[0]) : concerns;
}

bool record_fails_so(const struct record *record, const struct event *event)
{
    array_each(&record->failures, failure)
    {
        if (failure->call == event->call && failure->error == event->error && failure->stack == event->stack)
            return true;
    }
    return false;
}

static void add_failure(struct record *record, const struct event *event)
{
    if (!event->error || record_fails_so(record, event))
        return;
    struct failure *failure = array_push(&record->failures);
    if (failure)
        *failure = (struct failure){event->call, event->error, event->stack};
    else
        record->failed = true;
}

static void add_path(struct record *record, const char *path)
{
    if (record->paths.count)
        record->paths.count--;
    const char **slot = array_push(&record->paths);
    const char **end = slot ? array_push(&record->paths) : NULL;
    const char *copy = end ? arena_string(&record->result->arena, path) : NULL;
    if (!copy) {
        record->failed = true;
        return;
    }
    record->paths.items[record->paths.count - 2] = copy;
}

static bool add_frames(struct record *record, struct site *site, const struct event *event)
{
    site->frames = arena_alloc(&record->result->arena, event->frame_count * sizeof(*site->frames));
    if (event->frame_count && !site->frames)
        return false;
    site->frame_count = event->frame_count;
    for (uint32_t index = 0; index < event->frame_count; index++) {
        uint32_t module = event->frames[index].module;
        site->frames[index].offset = event->frames[index].offset;
        if (module < PLAN_MODULES_MAX)
            site->frames[index].module =
                arena_copy(&record->result->arena, record->plan->modules[module].path,
                           strnlen(record->plan->modules[module].path, PLAN_EVENT_MODULE_MAX));
    }
    return true;
}

static struct site *find_site(struct record *record, const struct event *event)
{
    array_each(&record->result->sites, site)
    {
        if (site->call == event->call && site->stack_hash == event->stack)
            return site;
    }
    struct site *site = array_push(&record->result->sites);
    if (!site)
        return NULL;
    *site = (struct site){.call = event->call, .stack_hash = event->stack};
    struct first_seen *first = array_push(&record->first);
    if (!first)
        return NULL;
    *first = (struct first_seen){.tid = INT32_MAX};
    if (event->name[0])
        site->name = arena_string(&record->result->arena, event->name);
    return add_frames(record, site, event) ? site : NULL;
}

/* Threads are told apart by number: the first made has the lowest, whoever runs first. */
static void see(struct record *record, uint32_t site, const struct event *event)
{
    struct first_seen *first = &record->first.items[site];
    if (event->tid < first->tid)
        *first = (struct first_seen){event->tid, record->events};
    record->events++;
}

/* Where the facts of this call go: behind the first ones there is one place, for the last so far. */
static struct occurrence *place(struct record *record, uint32_t site, uint32_t number)
{
    if (number > record->depth + 1)
        array_each(&record->occurrences, occurrence)
        {
            if (occurrence->site == site && occurrence->number == number - 1)
                return occurrence;
        }
    return array_push(&record->occurrences);
}

void record_add(struct record *record, const struct event *event)
{
    if (!is_ipc(record, event))
        return;
    struct site *site = find_site(record, event);
    uint32_t index = site ? (uint32_t)(site - record->result->sites.items) : 0;
    struct occurrence *occurrence = site ? place(record, index, ++site->occurrences) : NULL;
    if (!occurrence) {
        record->failed = true;
        return;
    }
    see(record, index, event);
    record->failed |= made_add(record->result, event) < 0;
    add_failure(record, event);
    space_add(&record->result->learnt, event);
    occurrence->site = index;
    occurrence->number = site->occurrences;
    occurrence->facts = (struct facts){.call = event->call, .state = event->state, .fd_kind = event->fd_kind};
    memcpy(occurrence->facts.arguments, event->arguments, sizeof(event->arguments));
    if ((event->call == CALL_mkfifo || event->call == CALL_mkfifoat) && event->name[0])
        add_path(record, event->name);
}

static int compare_sites(const void *one, const void *other, void *context)
{
    const struct first_seen *first = context;
    const struct first_seen *a = &first[*(const uint32_t *)one];
    const struct first_seen *b = &first[*(const uint32_t *)other];
    if (a->tid != b->tid)
        return a->tid < b->tid ? -1 : 1;
    return a->event < b->event ? -1 : 1;
}

static int compare_occurrences(const void *one, const void *other)
{
    const struct occurrence *a = one;
    const struct occurrence *b = other;
    if (a->site != b->site)
        return a->site < b->site ? -1 : 1;
    return a->number < b->number ? -1 : a->number > b->number;
}

static int sort(struct record *record)
{
    struct sweep_result *result = record->result;
    size_t count = result->sites.count;
    AUTO_FREE uint32_t *order = calloc(2 * count + 1, sizeof(*order));
    AUTO_FREE struct site *sites = calloc(count + 1, sizeof(*sites));
    if (!order || !sites)
        return -ENOMEM;
    uint32_t *place_of = order + count;
    for (uint32_t index = 0; index < count; index++) {
        order[index] = index;
        sites[index] = result->sites.items[index];
    }
    qsort_r(order, count, sizeof(*order), compare_sites, record->first.items);
    for (uint32_t index = 0; index < count; index++) {
        result->sites.items[index] = sites[order[index]];
        place_of[order[index]] = index;
    }
    array_each(&record->occurrences, occurrence) occurrence->site = place_of[occurrence->site];
    if (record->occurrences.count)
        qsort(record->occurrences.items, record->occurrences.count, sizeof(struct occurrence),
              compare_occurrences);
    return 0;
}

static void find_lines(struct record *record)
{
    struct call_sites *sites = call_sites_new();
    struct arena *arena = &record->result->arena;
    array_each(&record->result->sites, site)
    {
        if (sites)
            frames_resolve(arena, sites, site->frames, site->frame_count);
    }
    call_sites_free(sites);
}

int record_resolve(struct record *record)
{
    int r = sort(record);
    if (r == 0)
        find_lines(record);
    return r;
}

void record_free(struct record *record)
{
    array_free(&record->first);
    array_free(&record->occurrences);
    array_free(&record->paths);
    array_free(&record->failures);
    array_free(&record->shared);
}
