/* column.c - the table of columns and a getter for each computed one. */
#include "inspector/column.h"

#include "common/strbuf.h"
#include "common/suggest.h"
#include "probes/collect.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <stdio.h>
#include <strings.h>

/* What a field costs besides its row in the kernel's tables. */
static const unsigned field_needs[FIELD_COUNT] = {
    [FIELD_SIZE] = NEED_VALUES,    [FIELD_USED] = NEED_VALUES,     [FIELD_OWNER] = NEED_VALUES,
    [FIELD_FILL] = NEED_VALUES,    [FIELD_CAPACITY] = NEED_VALUES, [FIELD_MESSAGES] = NEED_VALUES,
    [FIELD_MAXMSG] = NEED_VALUES,  [FIELD_MSGSIZE] = NEED_VALUES,  [FIELD_VALUE] = NEED_VALUES,
    [FIELD_BLOCKED] = NEED_VALUES, [FIELD_PENDING] = NEED_VALUES,  [FIELD_BLOCKING] = NEED_VALUES,
};

#define GETTER(name)                                                                        \
    static struct value get_##name(const struct column *column __attribute__((unused)),     \
                                   const struct snapshot *snapshot __attribute__((unused)), \
                                   const struct object *object,                             \
                                   struct strbuf *scratch __attribute__((unused)))

GETTER(kind)
{
    return value_word(object->kind->name);
}

GETTER(object)
{
    return value_word(object->label);
}

GETTER(field)
{
    return object->fields[column->field];
}

static struct value verdict(const struct snapshot *snapshot, const struct object *object, enum field field)
{
    enum verdict found = snapshot_verdict(snapshot, object, field);
    return found == VERDICT_NONE ? (struct value){0} : value_word(verdict_name(found));
}

GETTER(cpid_state)
{
    return verdict(snapshot, object, FIELD_CPID);
}

GETTER(lpid_state)
{
    return verdict(snapshot, object, FIELD_LPID);
}

GETTER(lspid_state)
{
    return verdict(snapshot, object, FIELD_LSPID);
}

GETTER(lrpid_state)
{
    return verdict(snapshot, object, FIELD_LRPID);
}

static struct value text_of(const struct strbuf *scratch)
{
    return value_string(scratch->length ? scratch->text : NULL, scratch->length);
}

GETTER(semaphores)
{
    for (size_t i = 0; object->semaphores && i < object->fields[FIELD_NSEMS].number; i++)
        strbuf_add_format(scratch, "%s%d", i ? "," : "", object->semaphores[i].value);
    return text_of(scratch);
}

GETTER(users)
{
    return value_of(VALUE_NUMBER, snapshot_users(snapshot, object, EDGE_ROLE_COUNT));
}

GETTER(waiters)
{
    size_t count, waiters = 0;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    for (size_t i = 0; i < count; i++)
        waiters += edges[i].role == EDGE_WAITING;
    return value_of(VALUE_NUMBER, waiters);
}

GETTER(holders)
{
    return value_of(VALUE_NUMBER, snapshot_users(snapshot, object, EDGE_HOLDING));
}

GETTER(mapped)
{
    size_t count;
    uint64_t bytes = 0;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    for (size_t i = 0; i < count; i++)
        bytes += edges[i].role == EDGE_MAPPED ? edges[i].bytes : 0;
    return value_of(VALUE_BYTES, bytes);
}

/* Edges are sorted by process. */
static const struct process *next_user(const struct snapshot *snapshot, const struct object *object,
                                       size_t *at)
{
    size_t count;
    const struct edge *edges = snapshot_edges(snapshot, object, &count);
    while (*at > 0 && *at < count && edges[*at].process == edges[*at - 1].process)
        ++*at;
    return *at < count ? &snapshot->processes[edges[(*at)++].process] : NULL;
}

GETTER(pids)
{
    const struct process *user;
    for (size_t at = 0; (user = next_user(snapshot, object, &at));)
        strbuf_add_format(scratch, "%s%d", scratch->length ? "," : "", user->pid);
    return text_of(scratch);
}

/* A thousand workers of one name are common: each name once is enough. */
static bool name_seen_before(const struct snapshot *snapshot, const struct object *object,
                             const struct process *user)
{
    const struct process *other;
    for (size_t at = 0; (other = next_user(snapshot, object, &at)) != user;)
        if (other->comm.length == user->comm.length &&
            memcmp(other->comm.string, user->comm.string, user->comm.length) == 0)
            return true;
    return false;
}

GETTER(commands)
{
    const struct process *user;
    for (size_t at = 0; (user = next_user(snapshot, object, &at));) {
        if (user->comm.type != VALUE_STRING || name_seen_before(snapshot, object, user))
            continue;
        if (scratch->length)
            strbuf_add_char(scratch, ',');
        strbuf_add(scratch, user->comm.string, user->comm.length);
    }
    return text_of(scratch);
}

GETTER(processes)
{
    const struct process *user;
    for (size_t at = 0; (user = next_user(snapshot, object, &at));) {
        strbuf_add_format(scratch, "%s%d", scratch->length ? "," : "", user->pid);
        if (user->comm.type != VALUE_STRING)
            continue;
        strbuf_add_char(scratch, ':');
        strbuf_add(scratch, user->comm.string, user->comm.length);
    }
    return text_of(scratch);
}

GETTER(age)
{
    struct value born = object->fields[FIELD_BTIME];
    if (born.type != VALUE_TIME || !born.number)
        born = object->fields[FIELD_CTIME];
    if (born.type != VALUE_TIME)
        return born;
    return value_of(VALUE_DURATION, snapshot->time > born.number ? snapshot->time - born.number : 0);
}

static struct value percent(struct value part, struct value whole)
{
    if (part.type == VALUE_DENIED || whole.type == VALUE_DENIED)
        return (struct value){.type = VALUE_DENIED};
    if (!value_known(part) || !value_known(whole) || !whole.number)
        return (struct value){0};
    return value_of(VALUE_PERCENT, (uint64_t)((double)part.number * 100 / (double)whole.number));
}

/* A POSIX queue is full when it holds maxmsg messages, anything else when it holds its capacity in bytes. */
GETTER(full)
{
    bool by_messages = value_known(object->fields[FIELD_MAXMSG]);
    return percent(object->fields[by_messages ? FIELD_MESSAGES : FIELD_FILL],
                   object->fields[by_messages ? FIELD_MAXMSG : FIELD_CAPACITY]);
}

const struct column columns[] = {
#define COLUMN(name_, type_, needs_, derived_, help_) \
    {.name = #name_,                                  \
     .help = help_,                                   \
     .type = VALUE_##type_,                           \
     .needs = (needs_),                               \
     .derived = derived_,                             \
     .get = get_##name_},
#define FIELD(NAME_, json_, type_, help_) \
    {.name = #json_, .help = help_, .type = VALUE_##type_, .field = FIELD_##NAME_, .get = get_field},
#include "inspector/columns.def"
#undef COLUMN
#undef FIELD
    {.name = NULL},
};

unsigned column_needs(const struct column *column)
{
    return column->get == get_field ? field_needs[column->field] : column->needs;
}

struct value column_value(const struct column *column, const struct snapshot *snapshot,
                          const struct object *object, struct strbuf *scratch)
{
    strbuf_clear(scratch);
    return column->get(column, snapshot, object, scratch);
}

static bool same_name(const char *name, size_t length, const char *known)
{
    for (size_t i = 0; i < length; i++) {
        char character = name[i] == '-' ? '_' : (char)tolower((unsigned char)name[i]);
        if (character != known[i])
            return false;
    }
    return known[length] == '\0';
}

const struct column *column_find(const char *name, size_t length)
{
    for (const struct column *column = columns; column->name; column++)
        if (same_name(name, length, column->name))
            return column;
    return NULL;
}

const char *column_suggest(const char *name, size_t length)
{
    struct suggest suggest = suggest_start(name, length);
    for (const struct column *column = columns; column->name; column++)
        suggest_offer(&suggest, column->name);
    return suggest.best;
}

void column_header(struct strbuf *buffer, const struct column *column)
{
    for (const char *letter = column->name; *letter; letter++)
        strbuf_add_char(buffer, *letter == '_' ? '-' : (char)toupper((unsigned char)*letter));
}

void columns_print_help(void)
{
    printf("\nColumns:\n");
    for (const struct column *column = columns; column->name; column++)
        printf("  %-12s %s\n", column->name, column->help);
}
