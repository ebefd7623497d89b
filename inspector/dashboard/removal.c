/*
 * removal.c - see removal.h. F9: asks, has everything looked at again, and only then removes, by identity:
 * what is selected may have changed while the question was on the screen. What reap() refuses, it says why.
 */
#include "inspector/dashboard/removal.h"

#include "common/array.h"
#include "common/clock.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/dashboard/actions.h"
#include "inspector/dashboard/box.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"
#include "probes/reap.h"

#include <curses.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

enum { SHOWN = 8, QUESTION_WIDTH = 72 };

/* Where "yes" was drawn last, for the mouse. */
static struct draw_run yes;

static void draw_subject(const struct dashboard *dashboard, const struct box *box, int y,
                         const struct object *object)
{
    struct draw_run run = {.y = y, .x = box->x, .end = box->x + box->width};
    size_t users = object ? snapshot_users(dashboard->model.snapshot, object, EDGE_ROLE_COUNT) : 0;
    draw_add(&run, STYLE_MENU, "  %s", object ? object->label : "(gone)");
    if (users)
        draw_add(&run, STYLE_MENU_BAD, "  in use by %zu %s", users, units_processes(users));
}

static void draw(struct dashboard *dashboard)
{
    const struct snapshot *snapshot = dashboard->model.snapshot;
    size_t count = dashboard->removal_count, shown = count < SHOWN ? count : SHOWN;
    struct box box = box_draw("Remove?", (int)shown + (count > shown) + 2, QUESTION_WIDTH);
    for (size_t i = 0; i < shown; i++)
        draw_subject(dashboard, &box, box.y + (int)i,
                     snapshot_find_identity(snapshot, &dashboard->removals[i]));
    struct draw_run run = {.y = box.y + (int)shown, .x = box.x, .end = box.x + box.width};
    if (count > shown) {
        draw_add(&run, STYLE_MENU, "  and %zu more", count - shown);
        run.y++;
    }
    run = (struct draw_run){.y = run.y + 1, .x = box.x, .end = box.x + box.width};
    yes = run;
    draw_add(&run, STYLE_MENU_ON, " y removes ");
    yes.end = run.x;
    draw_add(&run, STYLE_MENU, "  any other key does not");
}

static void key(struct dashboard *dashboard, int code)
{
    dashboard->popup = NULL;
    if (code != 'y' && code != 'Y') {
        dashboard->removal_count = 0;
        dashboard_say(dashboard, "nothing removed");
        return;
    }
    /* As snapshots tell it. A collection that is under way by now may have looked at the object already. */
    dashboard->removals_asked = clock_nanoseconds(CLOCK_REALTIME);
    collector_now(dashboard->collector);
}

static void click(struct dashboard *dashboard, int y, int x)
{
    key(dashboard, y == yes.y && x >= yes.x && x < yes.end ? 'y' : 'n');
}

static const struct popup popup = {.draw = draw, .key = key, .click = click};

static void add(struct dashboard *dashboard, const struct object *object)
{
    if (dashboard->removal_count < REMOVALS_MAX)
        dashboard->removals[dashboard->removal_count++] = object->identity;
}

void action_remove(struct dashboard *dashboard, int code)
{
    const struct snapshot *snapshot = dashboard->model.snapshot;
    const struct row *row = table_selected(dashboard_table(dashboard));
    const struct object *object = row ? row_object(dashboard, row) : NULL;
    (void)code;
    if (dashboard->readonly) {
        dashboard_complain(dashboard, "started with --readonly or --root: nothing is removed");
        return;
    }
    dashboard->removal_count = 0;
    dashboard->removals_asked = 0;
    for (size_t i = 0; snapshot && i < snapshot->object_count; i++)
        if (dashboard->model.tracks[i]->tagged)
            add(dashboard, snapshot->objects[i]);
    if (!dashboard->removal_count && object)
        add(dashboard, object);
    if (dashboard->removal_count)
        dashboard->popup = &popup;
    else
        dashboard_complain(dashboard, "no object is selected");
}

void removal_finish(struct dashboard *dashboard)
{
    const struct snapshot *snapshot = dashboard->model.snapshot;
    static const struct reap_options options = {0};
    AUTO_STRBUF struct strbuf refused = {0};
    size_t removed = 0, count = dashboard->removal_count;
    const char *last = "";
    if (!dashboard->removals_asked || snapshot->time <= dashboard->removals_asked)
        return;
    for (size_t i = 0; i < count; i++) {
        const struct object *object = snapshot_find_identity(snapshot, &dashboard->removals[i]);
        AUTO_STRBUF struct strbuf why = {0};
        if (object && reap(snapshot, object, &options, &why) == 0) {
            last = object->label;
            removed++;
        } else if (!refused.length) {
            strbuf_add_format(&refused, "%s: %s", object ? object->label : "not removed",
                              object ? strbuf_text(&why) : "it is gone, or another one took its place");
        }
    }
    dashboard->removal_count = 0;
    dashboard->removals_asked = 0;
    if (refused.length)
        dashboard_complain(dashboard, "refused %zu, removed %zu. %s", count - removed, removed,
                           strbuf_text(&refused));
    else if (removed == 1)
        dashboard_say(dashboard, "removed %s", last);
    else
        dashboard_say(dashboard, "removed %zu objects", removed);
    collector_now(dashboard->collector);
}
