/* process_table.c - see process_table.h; by libsmartcols. Texts come escaped, so its own encoding is off. */
#include "inspector/process_table.h"

#include "common/strbuf.h"
#include "inspector/detail_text.h"
#include "inspector/process_use.h"
#include "inspector/value_format.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>

struct row {
    const struct process_table *table;
    const struct process *process; /* NULL in the line of totals */
    struct process_use use;
};

static void add_value(const struct row *row, struct strbuf *text, struct value value)
{
    value_format(text, value, &(struct value_style){.exact = row->table->exact});
}

static void add_pid(const struct row *row, struct strbuf *text)
{
    if (row->process)
        strbuf_add_format(text, "%d", row->process->pid);
    else
        strbuf_add_string(text, "total");
}

static void add_user(const struct row *row, struct strbuf *text)
{
    if (row->process)
        add_value(row, text, value_of(VALUE_USER, row->process->uid));
}

static void add_objects(const struct row *row, struct strbuf *text)
{
    add_value(row, text, value_of(VALUE_NUMBER, row->use.objects));
}

static void add_mapped(const struct row *row, struct strbuf *text)
{
    add_value(row, text, value_of(VALUE_BYTES, row->use.mapped));
}

static void add_open(const struct row *row, struct strbuf *text)
{
    add_value(row, text, value_of(VALUE_NUMBER, row->use.by_role[EDGE_OPEN]));
}

static void add_holding(const struct row *row, struct strbuf *text)
{
    add_value(row, text, value_of(VALUE_NUMBER, row->use.by_role[EDGE_HOLDING]));
}

static void add_waiting(const struct row *row, struct strbuf *text)
{
    add_value(row, text, value_of(VALUE_NUMBER, row->use.by_role[EDGE_WAITING]));
}

static void add_awaited(const struct row *row, struct strbuf *text)
{
    const struct edge *wait = row->use.first_wait;
    if (!row->process)
        return;
    if (wait)
        add_value(row, text, value_word(row->table->snapshot->objects[wait->object]->label));
    else
        strbuf_add_char(text, '-');
}

static void add_command(const struct row *row, struct strbuf *text)
{
    if (row->process)
        detail_add_command(text, row->process);
}

static const struct {
    const char *header;
    int flags;
    void (*add)(const struct row *row, struct strbuf *text);
} columns[] = {
    {"PID",     SCOLS_FL_RIGHT, add_pid    },
    {"USER",    0,              add_user   },
    {"OBJECTS", SCOLS_FL_RIGHT, add_objects},
    {"MAPPED",  SCOLS_FL_RIGHT, add_mapped },
    {"OPEN",    SCOLS_FL_RIGHT, add_open   },
    {"HOLDING", SCOLS_FL_RIGHT, add_holding},
    {"WAITING", SCOLS_FL_RIGHT, add_waiting},
    {"FOR",     SCOLS_FL_TRUNC, add_awaited},
    {"COMMAND", SCOLS_FL_TRUNC, add_command},
};

static void unref_table(struct libscols_table **table)
{
    scols_unref_table(*table);
}

static int add_row(struct libscols_table *out, const struct row *row, struct strbuf *text)
{
    struct libscols_line *line = scols_table_new_line(out, NULL);
    if (!line)
        return -ENOMEM;
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        strbuf_clear(text);
        columns[i].add(row, text);
        if (text->failed || scols_line_set_data(line, i, strbuf_text(text)) < 0)
            return -ENOMEM;
    }
    return 0;
}

/* An object that several processes share counts for each of them. */
static int add_total(struct libscols_table *out, const struct process_table *table, struct strbuf *text)
{
    struct row total = {.table = table};
    array_each(&table->processes, process)
    {
        struct process_use use = process_use(table->snapshot, *process);
        total.use.objects += use.objects;
        total.use.mapped += use.mapped;
        for (size_t role = 0; role < EDGE_ROLE_COUNT; role++)
            total.use.by_role[role] += use.by_role[role];
    }
    return add_row(out, &total, text);
}

int process_table_render(const struct process_table *table, FILE *out)
{
    AUTO_STRBUF struct strbuf text = {0};
    __attribute__((cleanup(unref_table))) struct libscols_table *lines = scols_new_table();
    int r = lines ? 0 : -ENOMEM;
    if (r < 0 || !table->processes.count)
        return r;
    scols_table_enable_noencoding(lines, 1);
    scols_table_enable_noheadings(lines, !table->headings);
    scols_table_set_stream(lines, out);
    for (size_t i = 0; i < COUNT_OF(columns) && r == 0; i++)
        r = scols_table_new_column(lines, columns[i].header, 0, columns[i].flags) ? 0 : -ENOMEM;
    array_each(&table->processes, process)
    {
        struct row row = {.table = table, .process = *process, .use = process_use(table->snapshot, *process)};
        if (r == 0)
            r = add_row(lines, &row, &text);
    }
    if (r == 0 && table->headings && table->processes.count > 1)
        r = add_total(lines, table, &text);
    return r == 0 && scols_print_table(lines) < 0 ? -EIO : r;
}
