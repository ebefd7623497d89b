/* leaks_group.c - see leaks_group.h. The names programs give are in programs.def. */
#include "inspector/leaks_group.h"

#include "common/escape.h"
#include "common/units.h"
#include "inspector/json.h"
#include "inspector/value_format.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

static const struct {
    const struct kind *kind;
    const char *glob, *program;
} programs[] = {
#define PROGRAM(kind, glob, program) {&kind_##kind, glob, program},
#include "inspector/programs.def"
#undef PROGRAM
};

struct group {
    struct value owner;
    const char *program; /* or NULL */
    size_t objects;
    uint64_t bytes;
};

/* A process that is proved to be another one by its start is not asked. */
static const char *program_of_process(const struct snapshot *snapshot, const struct object *object)
{
    static const enum field pids[] = {FIELD_CPID, FIELD_LPID, FIELD_LSPID, FIELD_LRPID};
    for (size_t i = 0; i < COUNT_OF(pids); i++) {
        if (snapshot_verdict(snapshot, object, pids[i]) != VERDICT_ALIVE)
            continue;
        const struct known_pid *known = snapshot_known_pid(snapshot, (pid_t)object->fields[pids[i]].number);
        if (known && known->comm.type == VALUE_STRING)
            return known->comm.string;
    }
    return NULL;
}

const char *leaks_group_program(const struct snapshot *snapshot, const struct object *object)
{
    struct value name = object->fields[FIELD_NAME];
    const char *program = program_of_process(snapshot, object);
    for (size_t i = 0; !program && name.type == VALUE_STRING && i < COUNT_OF(programs); i++)
        if (programs[i].kind == object->kind && fnmatch(programs[i].glob, name.string, 0) == 0)
            program = programs[i].program;
    return program;
}

static struct group group_of(const struct snapshot *snapshot, const struct object *object)
{
    struct value size = object->fields[value_known(object->fields[FIELD_USED]) ? FIELD_USED : FIELD_SIZE];
    return (struct group){.owner = object->fields[FIELD_OWNER],
                          .program = leaks_group_program(snapshot, object),
                          .objects = 1,
                          .bytes = size.type == VALUE_BYTES ? size.number : 0};
}

/* Known owners and programs before unknown ones. */
static int compare(const struct group *a, const struct group *b)
{
    if (a->owner.type != b->owner.type)
        return a->owner.type == VALUE_USER ? -1 : 1;
    if (a->owner.number != b->owner.number)
        return a->owner.number < b->owner.number ? -1 : 1;
    if (!a->program || !b->program)
        return !a->program - !b->program;
    return strcmp(a->program, b->program);
}

static int compare_leaked(const void *a, const void *b, void *snapshot)
{
    const struct leaked *left = a, *right = b;
    struct group left_group = group_of(snapshot, left->object);
    struct group right_group = group_of(snapshot, right->object);
    int order = compare(&left_group, &right_group);
    return order
               ? order
               : (left->object->index > right->object->index) - (left->object->index < right->object->index);
}

void leaks_group_sort(struct leaks_report *report)
{
    if (report->objects.count)
        qsort_r(report->objects.items, report->objects.count, sizeof(*report->objects.items), compare_leaked,
                (void *)report->snapshot);
}

/* The group that starts at `index`; returns where the next one does. */
static size_t next_group(const struct leaks_report *report, size_t index, struct group *ret_group)
{
    *ret_group = group_of(report->snapshot, report->objects.items[index].object);
    for (index++; index < report->objects.count; index++) {
        struct group group = group_of(report->snapshot, report->objects.items[index].object);
        if (compare(&group, ret_group) != 0)
            break;
        ret_group->objects++;
        ret_group->bytes += group.bytes;
    }
    return index;
}

struct writing {
    const struct leaks_report *report;
    FILE *out;
    size_t index, next; /* of the leak that comes, and of the next group */
};

/* "root, PostgreSQL: 2 objects, 1.5M" */
static void write_headline(const struct writing *writing, const struct group *group)
{
    AUTO_STRBUF struct strbuf text = {0};
    char size[UNITS_TEXT_MAX];
    if (value_known(group->owner))
        value_format(&text, group->owner, &(struct value_style){0});
    else
        strbuf_add_string(&text, "owner not known");
    strbuf_add_string(&text, ", ");
    if (group->program)
        escape_bytes(&text, group->program, strlen(group->program), NULL);
    else
        strbuf_add_string(&text, "program not known");
    fprintf(writing->out, "%s: %zu object%s, %s\n", strbuf_text(&text), group->objects,
            group->objects == 1 ? "" : "s", units_format_size(group->bytes, size));
}

static void write_grouped(void *argument, const struct leak *leak)
{
    struct writing *writing = argument;
    struct group group;
    if (writing->index == writing->next) {
        writing->next = next_group(writing->report, writing->index, &group);
        write_headline(writing, &group);
    }
    writing->index++;
    fprintf(writing->out, "  %s %s\n", leak->name, leak->message);
}

int leaks_group_text(const struct leaks_report *report, FILE *out)
{
    struct writing writing = {.report = report, .out = out};
    return leaks_report_each(report, write_grouped, &writing);
}

void leaks_group_json(const struct leaks_report *report, struct json *json)
{
    struct group group;
    json_open(json, "groups", '[');
    for (size_t index = 0; index < report->objects.count;) {
        index = next_group(report, index, &group);
        json_open(json, NULL, '{');
        json_value(json, "owner", group.owner);
        if (group.program)
            json_bytes(json, "program", group.program, strlen(group.program));
        json_number(json, "objects", group.objects);
        json_number(json, "bytes", group.bytes);
        json_close(json, '{');
    }
    json_close(json, '[');
}
