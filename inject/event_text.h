/*
 * event_text.h - an event as people and programs read it: a line, or a JSON object. Strings in events come
 * from the traced program; they are escaped here.
 */
#pragma once

#include "inject/plan.h"

struct strbuf;
struct call_sites;

/*
 * Appends "12:00:01.123456 812 shm_open("/ring", O_RDWR|O_CREAT, 0600) = 3 <0.000021> at worker.c:42" and a
 * newline. `sites` finds callers' lines, and may be NULL.
 */
void event_add_line(struct strbuf *buffer, const struct event *event, struct call_sites *sites);

/* Appends {"time":..., "pid":..., ...} and a newline; see shmoo-trace(1). Returns 0 or -ENOMEM. */
int event_add_json(struct strbuf *buffer, const struct event *event, struct call_sites *sites);
