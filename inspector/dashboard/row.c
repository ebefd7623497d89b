/* row.c - what a row of a table is about. */
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/table.h"

const struct object *row_object(const struct dashboard *dashboard, const struct row *row)
{
    const struct snapshot *snapshot = dashboard->model.snapshot;
    const struct event *event;
    switch (row->type) {
    case ROW_OBJECT: return row->thing;
    case ROW_WAIT: return ((const struct waiting *)row->thing)->object;
    case ROW_EVENT: event = row->thing; return event->label ? snapshot_find(snapshot, event->label) : NULL;
    default: return NULL;
    }
}

const struct process *row_process(const struct dashboard *dashboard, const struct row *row)
{
    (void)dashboard;
    return row->type == ROW_PROCESS ? row->thing : NULL;
}
