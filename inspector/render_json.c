/*
 * render_json.c - the JSON of shmoo-json(5), one object a line. Without chosen columns an object has all that
 * is known of it; what may not be read is named in "denied".
 */
#include "common/array.h"
#include "inspector/json_parts.h"
#include "inspector/renderer.h"
#include "probes/snapshot.h"

#include <string.h>

static void write_pids(struct json *json, const struct snapshot *snapshot, const struct object *object)
{
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    json_open(json, "pids", '[');
    for (size_t i = 0; i < count; i++)
        if (i == 0 || edges[i].process != edges[i - 1].process)
            json_number(json, NULL, (uint64_t)snapshot->processes[edges[i].process].pid);
    json_close(json, '[');
}

static void write_semaphores(struct json *json, const struct snapshot *snapshot, const struct object *object)
{
    (void)snapshot;
    json_semaphores(json, object);
}

/* Columns that are lists. */
static const struct {
    const char *name;
    void (*write)(struct json *json, const struct snapshot *snapshot, const struct object *object);
} lists[] = {
    {"users",      json_users      },
    {"semaphores", write_semaphores},
    {"pids",       write_pids      },
};

typedef void list_writer(struct json *json, const struct snapshot *snapshot, const struct object *object);

/* How a column that is a list is written; NULL for a plain value. */
static list_writer *find_list(const struct column *column)
{
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (strcmp(lists[i].name, column->name) == 0)
            return lists[i].write;
    return NULL;
}

/* The members of every object, and how each is written. */
struct members {
    struct column_choice columns;
    list_writer *lists[COLUMNS_MAX];
};

struct denied {
    const struct column *items[COLUMNS_MAX];
    size_t count;
};

static void write_column(struct json *json, const struct listing *listing, const struct object *object,
                         const struct column *column, struct strbuf *scratch, struct denied *denied)
{
    struct value value = column_value(column, listing->snapshot, object, scratch);
    if (value.type == VALUE_DENIED)
        denied->items[denied->count++] = column;
    else
        json_value(json, column->name, value);
}

static void write_denied(struct json *json, const struct denied *denied)
{
    if (!denied->count)
        return;
    json_open(json, "denied", '[');
    for (size_t i = 0; i < denied->count; i++)
        json_text(json, NULL, denied->items[i]->name);
    json_close(json, '[');
}

static void write_object(struct json *json, const struct listing *listing, const struct members *members,
                         const struct object *object, struct strbuf *scratch)
{
    struct denied denied = {.count = 0};
    json_line(json);
    json_open(json, NULL, '{');
    for (size_t i = 0; i < members->columns.count; i++) {
        if (members->lists[i])
            members->lists[i](json, listing->snapshot, object);
        else
            write_column(json, listing, object, members->columns.items[i], scratch, &denied);
    }
    write_denied(json, &denied);
    json_close(json, '{');
}

/* Kind and object always; then the columns chosen, or all that say something of their own. */
static void choose_members(struct members *members, const struct column_choice *chosen)
{
    struct column_choice *choice = &members->columns;
    columns_add(choice, column_find("kind", strlen("kind")));
    columns_add(choice, column_find("object", strlen("object")));
    for (size_t i = 0; chosen->chosen && i < chosen->count; i++)
        columns_add(choice, chosen->items[i]);
    for (const struct column *column = columns; !chosen->chosen && column->name; column++)
        if (!column->derived)
            columns_add(choice, column);
    for (size_t i = 0; i < choice->count; i++)
        members->lists[i] = find_list(choice->items[i]);
}

static int render(const struct listing *listing, FILE *out)
{
    struct json json = json_begin(out);
    struct members members = {0};
    AUTO_STRBUF struct strbuf scratch = {0};
    choose_members(&members, listing->columns);
    json_open(&json, NULL, '{');
    json_number(&json, "schema", 1);
    json_open(&json, "objects", '[');
    for (size_t i = 0; i < listing->count; i++)
        write_object(&json, listing, &members, listing->objects[i], &scratch);
    json_close(&json, '[');
    json_line(&json);
    json_coverage(&json, listing->snapshot);
    json_close(&json, '{');
    json.text.failed |= scratch.failed;
    return json_end(&json);
}

const struct renderer render_json = {.name = "json", .states_coverage = true, .render = render};
