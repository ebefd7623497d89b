/* trace_summary.c - see trace_summary.h. */
#include "inject/trace_summary.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/escape.h"
#include "common/hash.h"
#include "common/strbuf.h"
#include "inject/call_site.h"

#include <errno.h>
#include <string.h>

struct row {
    char *label;
    uint64_t count, errors, injected, time;
};

struct table {
    const char *heading;
    struct hash index; /* hash of the label → row; a collision would merge two rows in 2^-64 cases */
    ARRAY(struct row) rows;
};

enum { BY_CALL, BY_OBJECT, BY_SITE, TABLES };

struct trace_summary {
    struct call_sites *sites;
    struct table tables[TABLES];
};

struct trace_summary *trace_summary_new(struct call_sites *sites)
{
    struct trace_summary *summary = calloc(1, sizeof(*summary));
    if (!summary)
        return NULL;
    summary->sites = sites;
    summary->tables[BY_CALL].heading = "CALL";
    summary->tables[BY_OBJECT].heading = "OBJECT";
    summary->tables[BY_SITE].heading = "CALL SITE";
    return summary;
}

void trace_summary_free(struct trace_summary *summary)
{
    if (!summary)
        return;
    for (unsigned number = 0; number < TABLES; number++) {
        struct table *table = &summary->tables[number];
        array_each(&table->rows, row) free(row->label);
        array_free(&table->rows);
        hash_free(&table->index);
    }
    free(summary);
}

static struct row *get_row(struct table *table, const char *label)
{
    uint64_t key = hash_bytes(label, strlen(label));
    uint32_t index;
    if (hash_get(&table->index, key, 0, &index))
        return &table->rows.items[index];
    AUTO_FREE char *copy = strdup(label);
    struct row *row = copy ? array_push(&table->rows) : NULL;
    if (!row || hash_put(&table->index, key, 0, (uint32_t)table->rows.count - 1) < 0)
        return NULL;
    row->label = take_ptr(copy);
    return row;
}

static int count(struct table *table, const char *label, const struct event *event)
{
    struct row *row = get_row(table, label);
    if (!row)
        return -ENOMEM;
    row->count++;
    row->errors += event->error != 0;
    row->injected += event->rule >= 0;
    row->time += event->result_known ? event->duration : 0;
    return 0;
}

static void add_site(struct strbuf *label, const struct event *event, struct call_sites *sites)
{
    struct call_site site = call_sites_find(sites, event->module, event->caller);
    const char *path = site.file ? site.file : event->module;
    const char *slash = strrchr(path, '/');
    strbuf_add_format(label, "%s at ", calls[event->call].name);
    if (site.function)
        strbuf_add_format(label, "%s ", site.function);
    strbuf_add_string(label, slash ? slash + 1 : path);
    if (site.file)
        strbuf_add_format(label, ":%d", site.line);
    else
        strbuf_add_format(label, "+%#llx", (unsigned long long)event->caller);
}

int trace_summary_add(struct trace_summary *summary, const struct event *event)
{
    int r = count(&summary->tables[BY_CALL], calls[event->call].name, event);
    if (r == 0 && event->name[0])
        r = count(&summary->tables[BY_OBJECT], event->name, event);
    if (r < 0 || !event->module[0])
        return r;
    AUTO_STRBUF struct strbuf label = {0};
    add_site(&label, event, summary->sites);
    return label.failed ? -ENOMEM : count(&summary->tables[BY_SITE], strbuf_text(&label), event);
}

static int slower_first(const void *a, const void *b)
{
    const struct row *left = a;
    const struct row *right = b;
    if (left->time != right->time)
        return left->time < right->time ? 1 : -1;
    return strcmp(left->label, right->label);
}

static void print_table(struct table *table, FILE *file)
{
    if (!table->rows.count)
        return;
    qsort(table->rows.items, table->rows.count, sizeof(*table->rows.items), slower_first);
    fprintf(file, "%10s %10s %10s %12s  %s\n", "COUNT", "ERRORS", "INJECTED", "SECONDS", table->heading);
    array_each(&table->rows, row)
    {
        AUTO_STRBUF struct strbuf label = {0};
        escape_bytes(&label, row->label, strlen(row->label), NULL);
        fprintf(file, "%10llu %10llu %10llu %12.6f  %s\n", (unsigned long long)row->count,
                (unsigned long long)row->errors, (unsigned long long)row->injected, (double)row->time / 1e9,
                strbuf_text(&label));
    }
}

void trace_summary_print(struct trace_summary *summary, FILE *file)
{
    for (unsigned number = 0; number < TABLES; number++) {
        if (number && summary->tables[number].rows.count)
            fputc('\n', file);
        print_table(&summary->tables[number], file);
        /* Sorted rows no longer are where the hash says. */
        hash_free(&summary->tables[number].index);
    }
}
