/* waits_table.c - see waits_table.h; by libsmartcols. Texts come escaped, so its own encoding is off. */
#include "inspector/waits_table.h"

#include "common/strbuf.h"
#include "inspector/process_use.h"
#include "inspector/value_format.h"

#include <errno.h>
#include <libsmartcols/libsmartcols.h>

const char *wait_fate_name(enum wait_fate fate)
{
    static const char *const names[] = {"open", "likely", "certain"};
    return names[fate];
}

static void add_value(struct strbuf *text, struct value value)
{
    value_format(text, value, &(struct value_style){0});
}

static void add_since(struct strbuf *text, const struct waits *waits, const struct waiting *waiting)
{
    uint64_t now = waits->snapshot->time;
    add_value(text, waiting->since && waiting->since <= now ? value_of(VALUE_DURATION, now - waiting->since)
                                                            : (struct value){0});
}

static void add_thread(struct strbuf *text, const struct waits *waits, const struct waiting *waiting)
{
    (void)waits;
    pid_t tid = waiting->edge->tid;
    strbuf_add_format(text, tid && tid != waiting->process->pid ? "%d/%d" : "%d", waiting->process->pid, tid);
}

static void add_command(struct strbuf *text, const struct waits *waits, const struct waiting *waiting)
{
    (void)waits;
    add_value(text, waiting->process->comm);
}

static void add_operation(struct strbuf *text, const struct waits *waits, const struct waiting *waiting)
{
    (void)waits;
    strbuf_add_string(text, waiting->edge->operation ? waiting->edge->operation : "-");
    if (waiting->edge->unit >= 0)
        strbuf_add_format(text, " [%d]%+d", waiting->edge->unit, waiting->edge->amount);
}

/* How many waits a thread that waits for any of several objects has, and whether this is its first. */
static size_t alternatives(const struct waits *waits, const struct waiting *waiting, bool *ret_first)
{
    size_t count = 0;
    *ret_first = true;
    if (!waiting->edge->any)
        return 0;
    array_each(&waits->all, other)
    {
        bool same = other->edge->any && other->edge->tid == waiting->edge->tid;
        *ret_first &= !same || count || other == waiting;
        count += same;
    }
    return count;
}

static void add_object(struct strbuf *text, const struct waits *waits, const struct waiting *waiting)
{
    bool first;
    size_t count = alternatives(waits, waiting, &first);
    strbuf_add_string(text, waiting->object->label);
    if (count > 1)
        strbuf_add_format(text, " or %zu more", count - 1);
}

static void add_holder(struct strbuf *text, const struct waits *waits, const struct waiting *waiting)
{
    (void)waits;
    if (waiting->holder)
        strbuf_add_format(text, "%d %s", waiting->holder, verdict_name(waiting->holder_state));
    else
        strbuf_add_char(text, '-');
}

static void add_holder_command(struct strbuf *text, const struct waits *waits, const struct waiting *waiting)
{
    const struct process *holder =
        waiting->holder_state == VERDICT_ALIVE ? process_find(waits->snapshot, waiting->holder) : NULL;
    add_value(text, holder ? holder->comm : (struct value){0});
}

static void add_stuck(struct strbuf *text, const struct waits *waits, const struct waiting *waiting)
{
    (void)waits;
    strbuf_add_string(text, waiting->fate == FATE_OPEN ? "-" : wait_fate_name(waiting->fate));
}

static const struct {
    const char *header;
    int flags;
    void (*add)(struct strbuf *text, const struct waits *waits, const struct waiting *waiting);
} columns[] = {
    {"SINCE",          SCOLS_FL_RIGHT, add_since         },
    {"PID/TID",        SCOLS_FL_RIGHT, add_thread        },
    {"COMMAND",        0,              add_command       },
    {"OPERATION",      0,              add_operation     },
    {"WAITS-FOR",      SCOLS_FL_TRUNC, add_object        },
    {"HOLDER",         0,              add_holder        },
    {"HOLDER-COMMAND", 0,              add_holder_command},
    {"STUCK",          0,              add_stuck         },
};

static void unref_table(struct libscols_table **table)
{
    scols_unref_table(*table);
}

static int add_row(struct libscols_table *out, const struct waits *waits, const struct waiting *waiting,
                   struct strbuf *text)
{
    bool first;
    alternatives(waits, waiting, &first);
    if (!first)
        return 0;
    struct libscols_line *line = scols_table_new_line(out, NULL);
    if (!line)
        return -ENOMEM;
    for (size_t i = 0; i < COUNT_OF(columns); i++) {
        strbuf_clear(text);
        columns[i].add(text, waits, waiting);
        if (text->failed || scols_line_set_data(line, i, strbuf_text(text)) < 0)
            return -ENOMEM;
    }
    return 0;
}

int waits_table_render(const struct waits *waits, bool headings, FILE *out)
{
    AUTO_STRBUF struct strbuf text = {0};
    __attribute__((cleanup(unref_table))) struct libscols_table *lines = scols_new_table();
    int r = lines ? 0 : -ENOMEM;
    if (r < 0 || !waits->all.count)
        return r;
    scols_table_enable_noencoding(lines, 1);
    scols_table_enable_noheadings(lines, !headings);
    scols_table_set_stream(lines, out);
    for (size_t i = 0; i < COUNT_OF(columns) && r == 0; i++)
        r = scols_table_new_column(lines, columns[i].header, 0, columns[i].flags) ? 0 : -ENOMEM;
    array_each(&waits->all, waiting)
    {
        if (r == 0)
            r = add_row(lines, waits, waiting, &text);
    }
    return r == 0 && scols_print_table(lines) < 0 ? -EIO : r;
}
