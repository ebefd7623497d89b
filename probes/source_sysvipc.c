/* source_sysvipc.c - see source_sysvipc.h. */
#include "probes/source_sysvipc.h"

#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/parse.h"
#include "probes/source_namespaces.h"

#include <errno.h>
#include <stdio.h>

static struct object *add_row(struct collection *collection, const struct kind *kind,
                              const struct sysv_table *table, const struct ipc_view *view,
                              const int64_t *numbers, size_t count)
{
    char suffix[32] = "";
    if (view->pid)
        snprintf(suffix, sizeof(suffix), "@%llu", (unsigned long long)view->number);
    struct identity identity = {
        .space = space_of_ipc(table->space, view->number),
        .number = (uint64_t)numbers[1],
        .generation = table->time_column < count ? (uint64_t)numbers[table->time_column] : 0,
    };
    struct object *object =
        collection_add(collection, kind, identity, "%lld%s", (long long)numbers[1], suffix);
    if (!object)
        return NULL;
    for (size_t i = 0; i < count; i++) {
        const struct sysv_column *column = &table->columns[i];
        uint64_t scale = column->form == SYSV_SECONDS ? UINT64_C(1000000000) : 1;
        if (column->form != SYSV_SKIP)
            object_set(object, column->field, (uint64_t)numbers[i] * scale);
    }
    object_set(object, FIELD_KEY, (uint32_t)numbers[0]);
    object_set(object, FIELD_MODE, (uint64_t)numbers[2] & 0777);
    object_set(object, FIELD_NAMESPACE, view->number);
    return object;
}

struct reading {
    const struct kind *kind;
    const struct sysv_table *table;
    sysv_row_fn *row;
};

static int read_view(struct collection *collection, const struct ipc_view *view, void *argument)
{
    const struct reading *reading = argument;
    AUTO_STRBUF struct strbuf text = {0};
    int r = collection->kernel->ops->read(collection->kernel, reading->table->path, &text);
    if (r < 0)
        return r;
    struct scan scan = scan_bytes(strbuf_text(&text), text.length), line;
    if (!scan_line(&scan, &line))
        return -EIO; /* the kernel always writes a heading */
    while (scan_line(&scan, &line)) {
        int64_t numbers[SYSV_COLUMNS] = {0};
        size_t count = parse_sysvipc_line(line, numbers, SYSV_COLUMNS);
        if (count < 3)
            continue;
        struct object *object = add_row(collection, reading->kind, reading->table, view, numbers, count);
        if (!object)
            return -ENOMEM;
        if (reading->row)
            reading->row(collection, object, numbers);
    }
    return 0;
}

int sysv_enumerate(struct collection *collection, const struct kind *kind, const struct sysv_table *table,
                   sysv_row_fn *row)
{
    struct reading reading = {.kind = kind, .table = table, .row = row};
    return source_namespaces_each(collection, "sysvipc", table->path, read_view, &reading);
}

struct object *sysv_find(struct collection *collection, enum space space, const struct holder *holder,
                         uint64_t id)
{
    return collection_find(collection, space_of_ipc(space, holder->process.ipc_namespace), id);
}
