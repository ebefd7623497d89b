/* limits.c - see limits.h: the rows of limits.def turned into limits. */
#include "probes/limits.h"

#include "common/array.h"
#include "common/escape.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/limits_shmem.h"
#include "probes/limits_use.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* As a scale in limits.def: the size of a page. */
enum { PAGE = 0 };

static const struct sysctl_limit {
    const char *name, *file;
    unsigned index;
    enum value_type type;
    unsigned scale;
    use_function *count;
    const struct kind *kind;
    enum field field;
    const char *raise, *summary;
} sysctl_limits[] = {
#define MOUNT_LIMIT(...)
#define USER_LIMIT(...)
#define SYSCTL_LIMIT(name_, file_, index_, type_, scale_, count_, which_, field_, raise_, summary_) \
    {.name = #name_,                                                                                \
     .file = file_,                                                                                 \
     .index = index_,                                                                               \
     .type = VALUE_##type_,                                                                         \
     .scale = scale_,                                                                               \
     .count = use_##count_,                                                                         \
     .kind = &kind_##which_,                                                                        \
     .field = FIELD_##field_,                                                                       \
     .raise = raise_,                                                                               \
     .summary = summary_},
#include "probes/limits.def"
#undef SYSCTL_LIMIT
#undef MOUNT_LIMIT
#undef USER_LIMIT
};

static const struct mount_limit {
    const char *name;
    enum value_type type;
    size_t maximum, use; /* where in struct file_system */
    const char *raise, *summary;
} mount_limits[] = {
#define SYSCTL_LIMIT(...)
#define USER_LIMIT(...)
#define MOUNT_LIMIT(name_, type_, maximum_, use_, raise_, summary_) \
    {.name = #name_,                                                \
     .type = VALUE_##type_,                                         \
     .maximum = offsetof(struct file_system, maximum_),             \
     .use = offsetof(struct file_system, use_),                     \
     .raise = raise_,                                               \
     .summary = summary_},
#include "probes/limits.def"
#undef SYSCTL_LIMIT
#undef MOUNT_LIMIT
#undef USER_LIMIT
};

static const struct user_limit {
    const char *name, *file;
    enum value_type type;
    unsigned scale;
    size_t use, maximum; /* where in struct user_use */
    const char *source, *raise, *summary;
} user_limits[] = {
#define SYSCTL_LIMIT(...)
#define MOUNT_LIMIT(...)
#define USER_LIMIT(name_, file_, type_, scale_, use_, maximum_, source_, raise_, summary_) \
    {.name = #name_,                                                                       \
     .file = file_,                                                                        \
     .type = VALUE_##type_,                                                                \
     .scale = scale_,                                                                      \
     .use = offsetof(struct user_use, use_),                                               \
     .maximum = offsetof(struct user_use, maximum_),                                       \
     .source = source_,                                                                    \
     .raise = raise_,                                                                      \
     .summary = summary_},
#include "probes/limits.def"
#undef SYSCTL_LIMIT
#undef MOUNT_LIMIT
#undef USER_LIMIT
};

struct reading {
    struct kernel *kernel;
    const struct snapshot *snapshot;
    struct limits *limits;
    ARRAY(struct limit) items;
};

static uint64_t scale_of(unsigned scale)
{
    return scale == PAGE ? (uint64_t)sysconf(_SC_PAGESIZE) : scale;
}

/* Reads the number at `index` of a file below /proc/sys. */
static bool read_sysctl(struct kernel *kernel, const char *file, unsigned index, uint64_t *ret_number)
{
    char path[128];
    AUTO_STRBUF struct strbuf text = {0};
    uint64_t number = 0;
    snprintf(path, sizeof(path), "proc/sys/%s", file);
    if (kernel->ops->read(kernel, path, &text) < 0)
        return false;
    struct scan scan = scan_bytes(strbuf_text(&text), text.length);
    for (unsigned i = 0; i <= index; i++) {
        scan_blanks(&scan);
        if (!scan_decimal(&scan, &number))
            return false;
    }
    *ret_number = number;
    return true;
}

/* Defaults "without limit" are a little below the largest number of their type (include/uapi/linux/shm.h). */
static void set_maximum(struct limit *limit, enum value_type type, uint64_t number, uint64_t scale)
{
    uint64_t scaled;
    limit->unlimited = __builtin_mul_overflow(number, scale, &scaled) || scaled >= INT64_MAX;
    if (!limit->unlimited)
        limit->maximum = value_of(type, scaled);
}

/* "kernel.shmmni" for kernel/shmmni. NULL when memory is out. */
static const char *sysctl_name(struct arena *arena, const char *file)
{
    char *name = arena_string(arena, file);
    for (char *slash = name; slash && (slash = strchr(slash, '/'));)
        *slash = '.';
    return name;
}

static int add_sysctl(struct reading *reading, const struct sysctl_limit *row)
{
    struct limit *limit = array_push(&reading->items);
    const char *source = sysctl_name(&reading->limits->arena, row->file);
    uint64_t scale = scale_of(row->scale), maximum;
    struct counting counting = {.kernel = reading->kernel,
                                .snapshot = reading->snapshot,
                                .kind = row->kind,
                                .field = row->field,
                                .scale = scale};
    if (!limit || !source)
        return -ENOMEM;
    struct use use = row->count(&counting);
    *limit = (struct limit){.name = row->name,
                            .summary = row->summary,
                            .use = value_of(use.none ? VALUE_NONE : row->type, use.number),
                            .partial = use.partial,
                            .source = source,
                            .raise = row->raise};
    if (read_sysctl(reading->kernel, row->file, row->index, &maximum))
        set_maximum(limit, row->type, maximum, scale);
    return 0;
}

static uint64_t member(const void *structure, size_t offset)
{
    uint64_t number;
    memcpy(&number, (const char *)structure + offset, sizeof(number));
    return number;
}

static const char *place_of(struct arena *arena, const char *path)
{
    AUTO_STRBUF struct strbuf escaped = {0};
    strbuf_add_char(&escaped, '/');
    escape_bytes(&escaped, path, strlen(path), NULL);
    return escaped.failed ? NULL : arena_string(arena, strbuf_text(&escaped));
}

/* A mount of size 0 has no limit: tmpfs(5), size and nr_inodes. */
static int add_mount(struct reading *reading, const struct mount_limit *row, const struct shm_mount *mount)
{
    struct file_system system;
    if (reading->kernel->ops->file_system(reading->kernel, mount->path, &system) < 0)
        return 0;
    struct limit *limit = array_push(&reading->items);
    const char *place = place_of(&reading->limits->arena, mount->path);
    uint64_t maximum = member(&system, row->maximum);
    if (!limit || !place)
        return -ENOMEM;
    *limit = (struct limit){
        .name = row->name, .summary = row->summary, .place = place, .source = "tmpfs", .raise = row->raise};
    if (maximum)
        limit->use = value_of(row->type, member(&system, row->use));
    set_maximum(limit, row->type, maximum ? maximum : UINT64_MAX, 1);
    return 0;
}

static int add_user(struct reading *reading, const struct user_limit *row, const struct user_use *user)
{
    uint64_t use = member(user, row->use), maximum = member(user, row->maximum), scale = scale_of(row->scale);
    if (!use && !user->reader)
        return 0;
    struct limit *limit = array_push(&reading->items);
    const char *source = *row->file ? sysctl_name(&reading->limits->arena, row->file) : row->source;
    if (!limit || !source)
        return -ENOMEM;
    *limit = (struct limit){.name = row->name,
                            .summary = row->summary,
                            .user = value_of(VALUE_USER, user->uid),
                            .use = value_of(row->type, use),
                            .partial = user->partial,
                            .source = source,
                            .raise = row->raise};
    if (*row->file && !read_sysctl(reading->kernel, row->file, 0, &maximum))
        return 0;
    /* pipe(7): 0 is no limit. */
    set_maximum(limit, row->type, *row->file && !maximum ? UINT64_MAX : maximum, scale);
    return 0;
}

static int add_users(struct reading *reading)
{
    struct user_uses uses = {0};
    int r = limits_count_users(reading->kernel, reading->snapshot, &uses);
    for (size_t i = 0; i < COUNT_OF(user_limits) && r == 0; i++)
        for (size_t j = 0; j < uses.items.count && r == 0; j++)
            r = add_user(reading, &user_limits[i], &uses.items.items[j]);
    array_free(&uses.items);
    return r;
}

static int add_all(struct reading *reading)
{
    const struct snapshot *snapshot = reading->snapshot;
    int r = 0;
    for (size_t i = 0; i < COUNT_OF(sysctl_limits) && r == 0; i++)
        r = add_sysctl(reading, &sysctl_limits[i]);
    for (size_t i = 0; i < COUNT_OF(mount_limits) && r == 0; i++)
        for (size_t j = 0; j < snapshot->shm_mount_count && r == 0; j++)
            r = add_mount(reading, &mount_limits[i], &snapshot->shm_mounts[j]);
    if (r == 0)
        r = add_users(reading);
    return r < 0 ? r : limits_explain_shmem(reading->kernel, snapshot, reading->limits);
}

void limits_request(struct request *request)
{
    request->kinds |= KIND_BIT(sysv_shm) | KIND_BIT(sysv_sem) | KIND_BIT(sysv_msg) | KIND_BIT(posix_shm) |
                      KIND_BIT(posix_sem) | KIND_BIT(posix_mq) | KIND_BIT(memfd) | KIND_BIT(anon_shm) |
                      KIND_BIT(pipe) | KIND_BIT(fifo);
    request->needs |= NEED_USERS | NEED_VALUES;
}

int limits_read(struct kernel *kernel, const struct snapshot *snapshot, struct limits **ret_limits)
{
    struct limits *limits = calloc(1, sizeof(*limits));
    if (!limits)
        return -ENOMEM;
    struct reading reading = {.kernel = kernel, .snapshot = snapshot, .limits = limits};
    int r = add_all(&reading);
    size_t size = reading.items.count * sizeof(*limits->items);
    limits->items = (const void *)arena_copy(&limits->arena, reading.items.items, size);
    limits->count = reading.items.count;
    array_free(&reading.items);
    if (r < 0 || !limits->items) {
        limits_free(limits);
        return -ENOMEM;
    }
    *ret_limits = limits;
    return 0;
}

struct value limit_percent(const struct limit *limit)
{
    if (!value_known(limit->use) || !value_known(limit->maximum) || !limit->maximum.number)
        return (struct value){0};
    return value_of(VALUE_PERCENT,
                    (uint64_t)((double)limit->use.number * 100 / (double)limit->maximum.number));
}

void limits_free(struct limits *limits)
{
    if (!limits)
        return;
    arena_free(&limits->arena);
    free(limits);
}
