/* row.c - what a row of a table is about. */
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/table.h"

/* The object an event was about, not one that has its name since: what appeared later is another one. */
static const struct object *object_of_event(const struct model *model, const struct event *event)
{
    if (event->type == EVENT_VANISHED || !event->label)
        return NULL;
    const struct object *object = snapshot_find(model->snapshot, event->label);
    return object && model->tracks[object->index]->appeared <= event->time ? object : NULL;
}

const struct object *row_object(const struct dashboard *dashboard, const struct row *row)
{
    switch (row->type) {
    case ROW_OBJECT: return row->thing;
    case ROW_WAIT: return ((const struct waiting *)row->thing)->object;
    case ROW_EVENT: return object_of_event(&dashboard->model, row->thing);
    default: return NULL;
    }
}

const struct process *row_process(const struct dashboard *dashboard, const struct row *row)
{
    (void)dashboard;
    return row->type == ROW_PROCESS ? row->thing : NULL;
}
