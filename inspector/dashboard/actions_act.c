/* actions_act.c - keys that do something with objects. */
#include "inspector/dashboard/actions.h"
#include "inspector/dashboard/dashboard.h"

void action_tag(struct dashboard *dashboard, int code)
{
    struct table *table = dashboard_table(dashboard);
    const struct row *row = table_selected(table);
    const struct object *object = row ? row_object(dashboard, row) : NULL;
    (void)code;
    if (!object)
        return;
    struct track *track = dashboard->model.tracks[object->index];
    track->tagged = !track->tagged;
    table_select(table, (long)table->selected + 1);
}

void action_untag(struct dashboard *dashboard, int code)
{
    (void)code;
    for (size_t i = 0; dashboard->model.snapshot && i < dashboard->model.snapshot->object_count; i++)
        dashboard->model.tracks[i]->tagged = false;
}
