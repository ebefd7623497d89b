/* model.c - see model.h. */
#include "inspector/dashboard/model.h"

#include "common/cleanup.h"
#include "common/hash.h"
#include "probes/limits.h"

#include <errno.h>
#include <string.h>

/* How long a change stays visible, and how far apart samples of the history are (nanoseconds). */
static const uint64_t moment = UINT64_C(4000000000), sample_step = UINT64_C(2000000000);

enum { GHOSTS_MAX = 200 };

static float number_of(struct value value)
{
    return value_known(value) ? (float)value.number : 0;
}

static void remember_sample(struct track *track, const struct snapshot *snapshot, const struct object *object)
{
    if (track->samples && snapshot->time < track->sampled + sample_step)
        return;
    if (track->samples == HISTORY_MAX) {
        for (size_t i = 0; i < HISTORY_SERIES; i++)
            memmove(track->history[i], track->history[i] + 1, (HISTORY_MAX - 1) * sizeof(float));
        track->samples--;
    }
    bool used = value_known(object->fields[FIELD_USED]);
    bool counted = value_known(object->fields[FIELD_MESSAGES]);
    size_t at = track->samples++;
    track->history[SERIES_BYTES][at] = number_of(object->fields[used ? FIELD_USED : FIELD_SIZE]);
    track->history[SERIES_FILL][at] = number_of(object->fields[counted ? FIELD_MESSAGES : FIELD_FILL]);
    track->history[SERIES_USERS][at] = (float)snapshot_users(snapshot, object, EDGE_ROLE_COUNT);
    track->sampled = snapshot->time;
}

static void update_track(struct track *track, const struct delta *delta, const struct object *object)
{
    uint64_t now = delta->after->time, changed = delta->changed[object->index];
    if (changed) {
        track->changed = now > track->changed_at + moment ? changed : track->changed | changed;
        track->changed_at = now;
    }
    track->rates = (struct rates){0};
    delta_rates(delta, object, &track->rates);
    remember_sample(track, delta->after, object);
}

static void tracks_free(struct track **tracks, size_t count)
{
    for (size_t i = 0; tracks && i < count; i++)
        free(tracks[i]);
    free(tracks);
}

/* Moves what lasts to its new place; the rest stays behind to be freed. */
static struct track **make_tracks(struct model *model, const struct delta *delta)
{
    size_t count = delta->after->object_count;
    struct track **tracks = calloc(count + 1, sizeof(*tracks));
    for (size_t i = 0; tracks && i < count; i++) {
        if (delta->previous[i] != DELTA_NONE)
            continue;
        tracks[i] = calloc(1, sizeof(*tracks[i]));
        if (!tracks[i]) {
            tracks_free(tracks, count);
            return NULL;
        }
        tracks[i]->appeared = delta_appeared(delta, delta->after->objects[i]) ? delta->after->time : 0;
    }
    for (size_t i = 0; tracks && i < count; i++) {
        if (delta->previous[i] != DELTA_NONE)
            tracks[i] = take_ptr(model->tracks[delta->previous[i]]);
        update_track(tracks[i], delta, delta->after->objects[i]);
    }
    return tracks;
}

static void drop_old_ghosts(struct model *model, uint64_t now)
{
    size_t kept = 0;
    array_each(&model->ghosts, ghost)
    {
        if (ghost->time + moment > now)
            model->ghosts.items[kept++] = *ghost;
        else
            free(ghost->label);
    }
    model->ghosts.count = kept;
}

static void add_ghosts(struct model *model, const struct delta *delta)
{
    drop_old_ghosts(model, delta->after->time);
    for (size_t i = 0; i < delta->vanished_count && model->ghosts.count < GHOSTS_MAX; i++) {
        const struct object *object = delta->before->objects[delta->vanished[i]];
        AUTO_FREE char *label = object->hidden ? NULL : strdup(object->label);
        struct ghost *ghost = label ? array_push(&model->ghosts) : NULL;
        if (ghost)
            *ghost =
                (struct ghost){.time = delta->after->time, .kind = object->kind, .label = take_ptr(label)};
    }
}

static const struct finding **index_findings(const struct findings *findings, const struct snapshot *snapshot)
{
    const struct finding **index = calloc(snapshot->object_count + 1, sizeof(*index));
    if (!index)
        return NULL;
    array_each(&findings->all, finding)
    {
        for (size_t i = 0; i < finding->object_count; i++) {
            const struct finding **slot = &index[finding->objects[i]->index];
            if (!*slot || finding->confidence > (*slot)->confidence)
                *slot = finding;
        }
    }
    return index;
}

/* What tells a wait from others: the thread, and what it waits for. */
static void wait_key(const struct snapshot *snapshot, const struct edge *edge, uint64_t *ret_high,
                     uint64_t *ret_low)
{
    const struct identity *identity = &snapshot->objects[edge->object]->identity;
    *ret_high = identity->space ^ (uint64_t)edge->tid << 40;
    *ret_low = identity->number;
}

static uint64_t *make_since(const struct model *model, const struct snapshot *snapshot)
{
    struct hash old = {0};
    uint64_t *since = calloc(snapshot->edge_count + 1, sizeof(*since)), high, low;
    int r = since ? 0 : -ENOMEM;
    for (size_t i = 0; r == 0 && model->snapshot && i < model->snapshot->edge_count; i++) {
        const struct edge *edge = &model->snapshot->edges[i];
        if (edge->role != EDGE_WAITING)
            continue;
        wait_key(model->snapshot, edge, &high, &low);
        r = hash_put(&old, high, low, (uint32_t)i);
    }
    for (size_t i = 0; r == 0 && i < snapshot->edge_count; i++) {
        uint32_t before;
        if (snapshot->edges[i].role != EDGE_WAITING)
            continue;
        wait_key(snapshot, &snapshot->edges[i], &high, &low);
        since[i] = hash_get(&old, high, low, &before) ? model->since[before] : snapshot->time;
    }
    hash_free(&old);
    if (r == 0)
        return since;
    free(since);
    return NULL;
}

static int index_edges(const struct snapshot *snapshot, uint32_t **ret_edges, uint32_t **ret_first)
{
    AUTO_FREE uint32_t *edges = calloc(snapshot->edge_count + 1, sizeof(*edges));
    AUTO_FREE uint32_t *first = calloc(snapshot->process_count + 2, sizeof(*first));
    if (!edges || !first)
        return -ENOMEM;
    for (size_t i = 0; i < snapshot->edge_count; i++)
        first[snapshot->edges[i].process + 2]++;
    for (size_t i = 2; i < snapshot->process_count + 2; i++)
        first[i] += first[i - 1];
    for (size_t i = 0; i < snapshot->edge_count; i++)
        edges[first[snapshot->edges[i].process + 1]++] = (uint32_t)i;
    *ret_edges = take_ptr(edges);
    *ret_first = take_ptr(first);
    return 0;
}

const uint32_t *model_process_edges(const struct model *model, const struct process *process,
                                    size_t *ret_count)
{
    size_t index = (size_t)(process - model->snapshot->processes);
    *ret_count = model->first_edge[index + 1] - model->first_edge[index];
    return model->process_edges + model->first_edge[index];
}

/* The snapshot, and all that was worked out from it. */
static void free_derived(struct model *model)
{
    tracks_free(model->tracks, model->snapshot ? model->snapshot->object_count : 0);
    findings_free(&model->findings);
    free(model->finding_of);
    free(model->since);
    free(model->process_edges);
    free(model->first_edge);
    snapshot_free(model->snapshot);
}

int model_update(struct model *model, struct sample *sample)
{
    struct delta delta;
    struct findings findings;
    struct limits *limits = sample->limits ? sample->limits : model->limits;
    struct evidence evidence = {.snapshot = sample->snapshot, .needs = sample->needs, .limits = limits};
    AUTO_FREE uint32_t *edges = NULL;
    AUTO_FREE uint32_t *first = NULL;
    AUTO_FREE uint64_t *since = make_since(model, sample->snapshot);
    int r = since ? index_edges(sample->snapshot, &edges, &first) : -ENOMEM;
    if (r < 0)
        return r;
    r = delta_make(model->snapshot, sample->snapshot, model->kinds & sample->kinds, &delta);
    if (r < 0)
        return r;
    r = findings_find(&evidence, &findings);
    const struct finding **finding_of = r < 0 ? NULL : index_findings(&findings, sample->snapshot);
    struct track **tracks = finding_of ? make_tracks(model, &delta) : NULL;
    if (!tracks) {
        if (r == 0)
            findings_free(&findings);
        free(finding_of);
        delta_free(&delta);
        return -ENOMEM;
    }
    events_add(&model->events, &delta);
    add_ghosts(model, &delta);
    delta_free(&delta);

    free_derived(model);
    if (!model->started)
        model->started = sample->snapshot->time;
    model->snapshot = take_ptr(sample->snapshot);
    if (sample->limits) {
        limits_free(model->limits);
        model->limits = take_ptr(sample->limits);
    }
    free(model->contents);
    model->contents = take_ptr(sample->contents);
    model->kinds = sample->kinds;
    model->needs = sample->needs;
    model->findings = findings;
    model->finding_of = finding_of;
    model->tracks = tracks;
    model->since = take_ptr(since);
    model->process_edges = take_ptr(edges);
    model->first_edge = take_ptr(first);
    return 0;
}

bool model_changed(const struct model *model, const struct object *object, uint64_t bits)
{
    const struct track *track = model->tracks[object->index];
    return track->changed & bits && track->changed_at + moment > model->snapshot->time;
}

bool model_is_new(const struct model *model, const struct object *object)
{
    const struct track *track = model->tracks[object->index];
    return track->appeared && track->appeared + moment > model->snapshot->time;
}

void model_free(struct model *model)
{
    free_derived(model);
    limits_free(model->limits);
    free(model->contents);
    array_each(&model->ghosts, ghost) free(ghost->label);
    array_free(&model->ghosts);
    events_free(&model->events);
}
