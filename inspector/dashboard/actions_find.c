/* actions_find.c - keys that look for something, or leave the rest out. */
#include "common/array.h"
#include "common/strbuf.h"
#include "inspector/dashboard/actions.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/filtering.h"
#include "inspector/dashboard/menu.h"
#include "inspector/dashboard/prompt.h"
#include "inspector/ids.h"

#include <curses.h>
#include <stdio.h>
#include <string.h>

enum { USERS_MAX = 64 };

/* Whether some cell of a row contains the text, in either case. */
static bool row_contains(const struct dashboard *dashboard, const struct table *table, const struct row *row,
                         const char *text)
{
    AUTO_STRBUF struct strbuf cell = {0};
    for (size_t i = 0; i < table->heading_count; i++) {
        table_cell_text(dashboard, table, row, &table->headings[i], &cell);
        if (strcasestr(strbuf_text(&cell), text))
            return true;
    }
    return false;
}

static void find_from(struct dashboard *dashboard, size_t start)
{
    struct table *table = dashboard_table(dashboard);
    for (size_t i = 0; i < table->rows.count; i++) {
        size_t at = (start + i) % table->rows.count;
        if (!row_contains(dashboard, table, &table->rows.items[at], dashboard->search))
            continue;
        table_select(table, (long)at);
        return;
    }
    dashboard_complain(dashboard, "not found");
}

static void search_changed(struct dashboard *dashboard, const char *text)
{
    dashboard->message[0] = '\0';
    snprintf(dashboard->search, sizeof(dashboard->search), "%s", text);
    if (*text)
        find_from(dashboard, dashboard_table(dashboard)->selected);
}

void action_search(struct dashboard *dashboard, int code)
{
    (void)code;
    prompt_open(dashboard, "Search", "", search_changed, search_changed);
}

void action_search_next(struct dashboard *dashboard, int code)
{
    (void)code;
    if (dashboard->search[0])
        find_from(dashboard, dashboard_table(dashboard)->selected + 1);
    else
        dashboard_complain(dashboard, "nothing to search for yet; / asks");
}

static void filter_done(struct dashboard *dashboard, const char *text)
{
    if (filtering_set(dashboard, text) < 0)
        action_filter(dashboard, 0);
}

void action_filter(struct dashboard *dashboard, int code)
{
    char message[sizeof(dashboard->message)];
    (void)code;
    memcpy(message, dashboard->message, sizeof(message));
    prompt_open(dashboard, "Filter", dashboard->filter_text, filter_done, NULL);
    memcpy(dashboard->message, message, sizeof(message));
}

/* --- users --- */

static struct {
    uid_t ids[USERS_MAX];
    char names[USERS_MAX][40];
    size_t count;
} users;

static void add_user(uid_t uid)
{
    for (size_t i = 0; i < users.count; i++)
        if (users.ids[i] == uid)
            return;
    if (users.count == USERS_MAX)
        return;
    const char *name = user_name(uid);
    users.ids[users.count] = uid;
    snprintf(users.names[users.count++], sizeof(users.names[0]), "%s", name ? name : "");
    if (!name)
        snprintf(users.names[users.count - 1], sizeof(users.names[0]), "%u", uid);
}

static void gather_users(const struct snapshot *snapshot)
{
    users.count = 0;
    for (size_t i = 0; i < snapshot->object_count; i++)
        if (snapshot->objects[i]->fields[FIELD_OWNER].type == VALUE_USER && !snapshot->objects[i]->hidden)
            add_user((uid_t)snapshot->objects[i]->fields[FIELD_OWNER].number);
    for (size_t i = 0; i < snapshot->process_count; i++)
        add_user(snapshot->processes[i].uid);
}

static bool choose_user(struct dashboard *dashboard, size_t item)
{
    dashboard->selection.by_user = item > 0;
    if (item)
        dashboard->selection.user = users.ids[item - 1];
    dashboard_wish(dashboard);
    dashboard_update(dashboard);
    return false;
}

void action_user(struct dashboard *dashboard, int code)
{
    struct menu_item items[USERS_MAX + 1] = {{.text = "(all users)"}};
    (void)code;
    if (!dashboard->model.snapshot)
        return;
    gather_users(dashboard->model.snapshot);
    for (size_t i = 0; i < users.count; i++)
        items[i + 1].text = users.names[i];
    menu_open(dashboard, "Only of user", items, users.count + 1, 0, choose_user);
}
