/*
 * rule_deadlock.c - threads that wait for each other in a circle, whatever they wait for. Each circle is one
 * finding; what waits behind it is not part of it.
 */
#include "common/cleanup.h"
#include "common/escape.h"
#include "common/strbuf.h"
#include "inspector/finding.h"
#include "inspector/waits.h"
#include "probes/collect.h"

#include <errno.h>

extern const struct rule rule_deadlock;

typedef ARRAY(const struct waiting *) circle_t;

static void add_process(struct strbuf *text, const struct waiting *waiting)
{
    strbuf_add_format(text, "%d (", waiting->process->pid);
    if (waiting->process->comm.type == VALUE_STRING)
        escape_bytes(text, waiting->process->comm.string, waiting->process->comm.length, NULL);
    strbuf_add_char(text, ')');
}

/* "12 (a) waits for sysv-sem:3, held by 13 (b), which waits for …, held by 12 (a)" */
static void describe(struct strbuf *text, const circle_t *circle)
{
    add_process(text, circle->items[0]);
    for (size_t i = 0; i < circle->count; i++) {
        const struct waiting *waiting = circle->items[i];
        strbuf_add_format(text, "%swaits for %s", i ? ", which " : " ", waiting->object->label);
        if (waiting->edge->unit >= 0)
            strbuf_add_format(text, "[%d]", waiting->edge->unit);
        strbuf_add_string(text, waiting->want == WANT_LOCK || waiting->want == WANT_TOKEN
                                    ? ", held by "
                                    : ", which only moves on with ");
        add_process(text, circle->items[(i + 1) % circle->count]);
    }
}

/* Semaphores of one set are one object. */
static size_t add_once(const struct object **objects, size_t count, const struct object *object)
{
    for (size_t i = 0; i < count; i++)
        if (objects[i] == object)
            return count;
    objects[count] = object;
    return count + 1;
}

static int add_finding(const circle_t *circle, struct findings *findings)
{
    AUTO_STRBUF struct strbuf text = {0};
    AUTO_FREE const struct object **objects = calloc(circle->count, sizeof(struct object *));
    AUTO_FREE pid_t *pids = calloc(circle->count, sizeof(*pids));
    enum wait_fate fate = FATE_CERTAIN;
    size_t count = 0;
    bool presumed = false;
    if (!objects || !pids)
        return -ENOMEM;
    for (size_t i = 0; i < circle->count; i++) {
        count = add_once(objects, count, circle->items[i]->object);
        pids[i] = circle->items[i]->process->pid;
        presumed |= circle->items[i]->reach == REACH_PRESUMED;
        if (circle->items[i]->fate < fate)
            fate = circle->items[i]->fate;
    }
    describe(&text, circle);
    struct finding *finding =
        finding_add(findings, &rule_deadlock, fate == FATE_CERTAIN ? CONFIDENCE_CERTAIN : CONFIDENCE_LIKELY,
                    circle->items[0]->object, "%s", strbuf_text(&text));
    if (!finding || text.failed || !finding_set_objects(findings, finding, objects, count) ||
        !finding_set_pids(findings, finding, pids, circle->count))
        return -ENOMEM;
    if (presumed)
        finding->confirm = "nobody else operates on these semaphores and queues";
    return 0;
}

/* A process that could only help itself is no circle, unless it is a thread that locked its own mutex. */
static bool is_circle(const circle_t *circle)
{
    return circle->count > 1 || (circle->count == 1 && circle->items[0]->holder_tid);
}

/* Follows one wait until it ends or comes to one seen before; walks are numbered from 1. */
static int follow(const struct waits *waits, const struct waiting *start, size_t *walks, size_t walk,
                  circle_t *circle)
{
    const struct waiting *at = start, *entry;
    while (at && !walks[at - waits->all.items]) {
        walks[at - waits->all.items] = walk;
        at = waits_next(waits, at);
    }
    if (!at || walks[at - waits->all.items] != walk)
        return 0;
    entry = at;
    do {
        const struct waiting **slot = array_push(circle);
        if (!slot)
            return -ENOMEM;
        *slot = at;
        at = waits_next(waits, at);
    } while (at && at != entry);
    return 0;
}

static int find_in(const struct waits *waits, struct findings *findings)
{
    AUTO_FREE size_t *walks = calloc(waits->all.count + 1, sizeof(*walks));
    int r = walks ? 0 : -ENOMEM;
    for (size_t i = 0; i < waits->all.count && r == 0; i++) {
        circle_t circle = {0};
        if (waits->all.items[i].fate != FATE_OPEN)
            r = follow(waits, &waits->all.items[i], walks, i + 1, &circle);
        if (r == 0 && is_circle(&circle))
            r = add_finding(&circle, findings);
        array_free(&circle);
    }
    return r;
}

static int find_deadlocks(const struct evidence *evidence, struct findings *findings)
{
    struct waits waits;
    int r = waits_make(evidence->snapshot, &waits);
    if (r < 0)
        return r;
    r = find_in(&waits, findings);
    waits_free(&waits);
    return r;
}

const struct rule rule_deadlock = {
    .name = "deadlock",
    .singular = "deadlock",
    .plural = "deadlocks",
    .needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_VERDICTS,
    .stuck = true,
    .find = find_deadlocks,
};
