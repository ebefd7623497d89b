/* model.c - see model.h. */
#include "inspector/dashboard/model.h"

#include "common/cleanup.h"
#include "common/hash.h"
#include "probes/limits.h"

#include <errno.h>
#include <string.h>

/* How long a change stays visible, and how far apart samples of the history are (nanoseconds). */
static const uint64_t moment = UINT64_C(4000000000), sample_step = UINT64_C(2000000000);

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
static uint64_t high_of(const struct waiting *waiting)
{
    return waiting->object->identity.space ^ (uint64_t)waiting->edge->tid << 40;
}

/* A wait is as old as the first snapshot that showed it, without a break. */
static int carry_since(const struct waits *before, struct waits *after)
{
    struct hash old = {0};
    int r = 0;
    for (size_t i = 0; r == 0 && i < before->all.count; i++) {
        const struct waiting *waiting = &before->all.items[i];
        r = hash_put(&old, high_of(waiting), waiting->object->identity.number, (uint32_t)i);
    }
    array_each(&after->all, waiting)
    {
        uint32_t at;
        bool known = hash_get(&old, high_of(waiting), waiting->object->identity.number, &at);
        waiting->since = known ? before->all.items[at].since : after->snapshot->time;
    }
    hash_free(&old);
    return r;
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
    *ret_count = model->view.first_edge[index + 1] - model->view.first_edge[index];
    return model->view.process_edges + model->view.first_edge[index];
}

static void view_free(struct view *view)
{
    findings_free(&view->findings);
    free(view->finding_of);
    waits_free(&view->waits);
    free(view->process_edges);
    free(view->first_edge);
}

static int view_make(const struct model *model, const struct sample *sample, struct view *ret_view)
{
    const struct snapshot *snapshot = sample->snapshot;
    struct evidence evidence = {.snapshot = snapshot,
                                .needs = sample->needs,
                                .limits = sample->limits ? sample->limits : model->limits};
    struct view view = {0};
    int r = index_edges(snapshot, &view.process_edges, &view.first_edge);
    if (r == 0)
        r = waits_make(snapshot, &view.waits);
    if (r == 0)
        r = carry_since(&model->view.waits, &view.waits);
    if (r == 0)
        r = findings_find(&evidence, &view.findings);
    if (r == 0 && !(view.finding_of = index_findings(&view.findings, snapshot)))
        r = -ENOMEM;
    if (r == 0)
        *ret_view = view;
    else
        view_free(&view);
    return r;
}

static struct rates *make_rates(const struct delta *delta)
{
    struct rates *rates = calloc(delta->after->object_count + 1, sizeof(*rates));
    for (size_t i = 0; rates && i < delta->after->object_count; i++)
        delta_rates(delta, delta->after->objects[i], &rates[i]);
    return rates;
}

/* What the snapshot before tells of this one: tracks and rates, which are returned, events and ghosts. */
static int remember(struct model *model, const struct sample *sample, struct track ***ret_tracks,
                    struct rates **ret_rates)
{
    struct delta delta;
    if (delta_make(model->snapshot, sample->snapshot, model->kinds & sample->kinds, &delta) < 0)
        return -ENOMEM;
    AUTO_FREE struct rates *rates = make_rates(&delta);
    struct track **tracks = rates ? make_tracks(model, &delta) : NULL;
    if (tracks) {
        events_add(&model->events, &delta);
        ghosts_update(&model->ghosts, &delta, moment);
        *ret_tracks = tracks;
        *ret_rates = take_ptr(rates);
    }
    delta_free(&delta);
    return tracks ? 0 : -ENOMEM;
}

static void free_present(struct model *model)
{
    tracks_free(model->tracks, model->snapshot ? model->snapshot->object_count : 0);
    free(model->rates);
    view_free(&model->view);
    snapshot_free(model->snapshot);
}

int model_update(struct model *model, struct sample *sample)
{
    struct view view;
    int r = view_make(model, sample, &view);
    if (r < 0)
        return r;
    struct track **tracks;
    struct rates *rates;
    r = remember(model, sample, &tracks, &rates);
    if (r < 0) {
        view_free(&view);
        return r;
    }
    free_present(model);
    model->snapshot = take_ptr(sample->snapshot);
    model->view = view;
    model->tracks = tracks;
    model->rates = rates;
    if (sample->limits) {
        limits_free(model->limits);
        model->limits = take_ptr(sample->limits);
    }
    free(model->contents);
    model->contents = take_ptr(sample->contents);
    model->subject = sample->subject;
    model->kinds = sample->kinds;
    model->needs = sample->needs;
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
    free_present(model);
    limits_free(model->limits);
    free(model->contents);
    ghosts_free(&model->ghosts);
    events_free(&model->events);
}
