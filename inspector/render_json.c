/*
 * render_json.c - the JSON of shmoo-json(5), one object a line. Without chosen columns an object has all that
 * is known of it; what may not be read is named in "denied".
 */
#include "common/array.h"
#include "inspector/finding.h"
#include "inspector/finding_print.h"
#include "inspector/json_parts.h"
#include "inspector/renderer.h"
#include "probes/snapshot.h"

#include <string.h>

struct rendering;

typedef void list_writer(struct rendering *rendering, const struct object *object);

struct rendering {
    struct json json;
    const struct listing *listing;
    struct column_choice members;      /* of every object */
    list_writer *writers[COLUMNS_MAX]; /* of members that are lists; NULL for a plain value */
    struct json_processes processes;
    struct strbuf scratch;
};

static void write_users(struct rendering *rendering, const struct object *object)
{
    json_users(&rendering->json, rendering->listing->snapshot, object, &rendering->processes);
}

static void write_semaphores(struct rendering *rendering, const struct object *object)
{
    json_semaphores(&rendering->json, object);
}

static void write_pids(struct rendering *rendering, const struct object *object)
{
    const struct snapshot *snapshot = rendering->listing->snapshot;
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    json_open(&rendering->json, "pids", '[');
    for (size_t i = 0; i < count; i++)
        if (i == 0 || edges[i].process != edges[i - 1].process)
            json_number(&rendering->json, NULL, (uint64_t)snapshot->processes[edges[i].process].pid);
    json_close(&rendering->json, '[');
}

static list_writer *find_writer(const struct column *column)
{
    static const struct {
        const char *name;
        list_writer *write;
    } lists[] = {
        {"users",      write_users     },
        {"semaphores", write_semaphores},
        {"pids",       write_pids      },
    };
    for (size_t i = 0; i < COUNT_OF(lists); i++)
        if (strcmp(lists[i].name, column->name) == 0)
            return lists[i].write;
    return NULL;
}

/* Kind and object always; then the columns chosen, or all that say something of their own. */
static void choose_members(struct rendering *rendering)
{
    struct column_choice *members = &rendering->members;
    const struct column_choice *chosen = rendering->listing->columns;
    columns_add(members, column_find("kind", strlen("kind")));
    columns_add(members, column_find("object", strlen("object")));
    for (size_t i = 0; chosen->chosen && i < chosen->count; i++)
        columns_add(members, chosen->items[i]);
    for (const struct column *column = columns; !chosen->chosen && column->name; column++)
        if (!column->derived)
            columns_add(members, column);
    for (size_t i = 0; i < members->count; i++)
        rendering->writers[i] = find_writer(members->items[i]);
}

struct denied {
    const struct column *items[COLUMNS_MAX];
    size_t count;
};

static void write_value(struct rendering *rendering, const struct object *object, const struct column *column,
                        struct denied *denied)
{
    struct value value = column_value(column, rendering->listing->snapshot, object, &rendering->scratch);
    if (value.type == VALUE_DENIED)
        denied->items[denied->count++] = column;
    else
        json_value(&rendering->json, column->name, value);
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

static void write_object(struct rendering *rendering, const struct object *object)
{
    struct denied denied;
    denied.count = 0;
    json_line(&rendering->json);
    json_open(&rendering->json, NULL, '{');
    for (size_t i = 0; i < rendering->members.count; i++) {
        if (rendering->writers[i])
            rendering->writers[i](rendering, object);
        else
            write_value(rendering, object, rendering->members.items[i], &denied);
    }
    write_denied(&rendering->json, &denied);
    json_close(&rendering->json, '{');
}

static bool concerns(const struct listing *listing, const struct finding *finding)
{
    for (size_t i = 0; i < listing->count; i++)
        if (finding_concerns(finding, listing->objects[i]))
            return true;
    return false;
}

static void write_findings(struct json *json, const struct listing *listing)
{
    if (!listing->findings)
        return;
    json_open(json, "findings", '[');
    array_each(&listing->findings->all, finding)
    {
        if (concerns(listing, finding))
            json_finding(json, finding);
    }
    json_close(json, '[');
    json_line(json);
}

static void write_all(struct rendering *rendering)
{
    struct json *json = &rendering->json;
    const struct listing *listing = rendering->listing;
    json_open(json, NULL, '{');
    json_number(json, "schema", 1);
    json_open(json, "objects", '[');
    for (size_t i = 0; i < listing->count; i++)
        write_object(rendering, listing->objects[i]);
    json_close(json, '[');
    json_line(json);
    write_findings(json, listing);
    json_coverage(json, listing->snapshot);
    json_close(json, '{');
    json->text.failed |= rendering->scratch.failed;
}

static int render(const struct listing *listing, FILE *out)
{
    struct rendering rendering = {.json = json_begin(out), .listing = listing};
    choose_members(&rendering);
    int r = json_processes_write(&rendering.processes, listing->snapshot);
    if (r == 0) {
        write_all(&rendering);
        r = json_end(&rendering.json);
    }
    json_processes_free(&rendering.processes);
    strbuf_free(&rendering.scratch);
    return r;
}

const struct renderer render_json = {.name = "json", .states_coverage = true, .render = render};
