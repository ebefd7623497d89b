/* event.h - what happened to objects since the dashboard was started: a bounded list, the oldest are
 * forgotten. */
#pragma once

#include <stddef.h>
#include <stdint.h>

struct delta;

enum { EVENTS_MAX = 1000 };

enum event_type {
    EVENT_APPEARED,
    EVENT_VANISHED,
    EVENT_GREW,
    EVENT_SHRANK,
    EVENT_ATTACHED,
    EVENT_DETACHED,
    EVENT_STATE,
    EVENT_WAITS,
    EVENT_TYPE_COUNT
};

struct event {
    uint64_t time;   /* of the snapshot that showed it */
    uint64_t number; /* counts all events, from 1 */
    enum event_type type;
    char *label;  /* of the object, harmless */
    char *detail; /* "1.0M to 2.0M", harmless */
};

struct events {
    struct event items[EVENTS_MAX]; /* a ring */
    uint64_t count;                 /* of all that happened */
};

/* "appeared", "vanished", … */
const char *event_type_name(enum event_type type);

/* Adds what a difference shows. Events that do not fit into memory are lost. */
void events_add(struct events *events, const struct delta *delta);

/* How many are kept, and the nth of them, 0 being the newest. */
size_t events_kept(const struct events *events);
const struct event *events_get(const struct events *events, size_t nth);

void events_free(struct events *events);
