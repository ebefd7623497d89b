/*
 * kind_lock.c - flock, POSIX and OFD locks: the table /proc/locks, whose waiters follow their blocker with
 * "->", and the "lock:" lines of fdinfo, which alone tell the holders of OFD locks and of inherited flocks.
 * The table names no waiter of an OFD lock and no thread: blocked calls do.
 */
#include "common/array.h"
#include "common/hash.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/syscall.h>

struct lock_type {
    const char *kernel, *name;
};

static const struct lock_type types[] = {
    {"POSIX",  "posix"},
    {"FLOCK",  "flock"},
    {"OFDLCK", "ofd"  }
};

/* Bytes from start to end, both in it; the end of a file is UINT64_MAX. */
struct lock_range {
    uint64_t start, end;
};

static const char *type_name(const struct lock_line *line)
{
    for (size_t i = 0; i < COUNT_OF(types); i++)
        if (strcmp(types[i].kernel, line->type) == 0)
            return types[i].name;
    return NULL;
}

static struct identity lock_identity(const struct lock_line *line)
{
    uint64_t parts[] = {line->major, line->minor, line->start, line->end, (uint64_t)line->type[0]};
    return (struct identity){
        .space = (uint64_t)SPACE_LOCK << 56 | hash_bytes(parts, sizeof(parts)) >> 8,
        .number = line->inode,
    };
}

static struct object *lock_object(struct collection *collection, const struct lock_line *line)
{
    const char *type = type_name(line);
    struct identity identity = lock_identity(line);
    struct object *object = collection_find(collection, identity.space, identity.number);
    if (object || !type)
        return object;
    char range[64] = "";
    if (line->end != UINT64_MAX)
        snprintf(range, sizeof(range), ":%llu-%llu", (unsigned long long)line->start,
                 (unsigned long long)line->end);
    else if (line->start)
        snprintf(range, sizeof(range), ":%llu-EOF", (unsigned long long)line->start);
    object = collection_add(collection, &kind_lock, identity, "%s:%u:%u:%llu%s", type, line->major,
                            line->minor, (unsigned long long)line->inode, range);
    /* The device is left out, see find_blocker(). */
    if (!object || hash_put(&collection->by_identity, SPACE_LOCKED_INODE, line->inode, object->index) < 0) {
        collection->failed = true;
        return NULL;
    }
    char device[24];
    int length = snprintf(device, sizeof(device), "%u:%u", line->major, line->minor);
    collection_set_string(collection, object, FIELD_DEVICE, device, (size_t)length);
    object_set(object, FIELD_INODE, line->inode);
    object_set_word(object, FIELD_TYPE, type);
    object_set(object, FIELD_BLOCKED, 0);
    return object;
}

/* The range is part of the label: ":START-END" or ":START-EOF" behind three numbers, or nothing. */
static struct lock_range range_of(const struct object *object)
{
    struct lock_range range = {.end = UINT64_MAX}, told;
    const char *at = object->label;
    for (int colons = 0; at && colons < 5; colons++) {
        at = strchr(at, ':');
        at = at ? at + 1 : NULL;
    }
    if (!at)
        return range;
    struct scan scan = scan_text(at);
    if (!scan_decimal(&scan, &told.start) || !scan_char(&scan, '-'))
        return range;
    range.start = told.start;
    if (scan_decimal(&scan, &told.end))
        range.end = told.end;
    return range;
}

static void add_line(struct collection *collection, const struct lock_line *line, struct object **blocker)
{
    if (!line->waiting)
        *blocker = lock_object(collection, line);
    if (!*blocker)
        return;
    if (line->waiting)
        (*blocker)->fields[FIELD_BLOCKED].number++;
    if (line->pid <= 0 || !collection_needs(collection, NEED_USERS | NEED_WAITERS))
        return;
    struct edge *edge =
        collection_tie_pid(collection, line->pid, *blocker, line->waiting ? EDGE_WAITING : EDGE_HOLDING);
    if (!edge)
        return;
    edge->operation = line->write ? "WRITE" : "READ";
    edge->access = line->write ? EDGE_WRITE : EDGE_READ;
    if (line->waiting && collection->processes.items[edge->process].threads == 1)
        edge->tid = line->pid;
}

static int enumerate(struct collection *collection)
{
    AUTO_STRBUF struct strbuf text = {0};
    int r = collection->kernel->ops->read(collection->kernel, "proc/locks", &text);
    if (r < 0 && r != -ENOMEM) {
        collection_gap(collection, "locks", "/proc/locks", -r);
        return 0;
    }
    struct scan scan = scan_bytes(strbuf_text(&text), text.length), line;
    struct object *blocker = NULL;
    while (r == 0 && scan_line(&scan, &line)) {
        struct lock_line lock;
        if (parse_lock_line(line, &lock))
            add_line(collection, &lock, &blocker);
    }
    return r;
}

static void tie_holder(struct collection *collection, struct holder *holder, const struct fd *fd,
                       const struct lock_line *line)
{
    struct identity identity = lock_identity(line);
    struct object *object = collection_find(collection, identity.space, identity.number);
    if (!object)
        return;
    if (!value_known(object->fields[FIELD_PATH])) {
        collection_set_string(collection, object, FIELD_PATH, fd->link, strlen(fd->link));
        collection_set_string(collection, object, FIELD_NAME, fd->link, strlen(fd->link));
    }
    /* Whom /proc/locks named is tied already. */
    if (line->pid == holder->process.pid)
        return;
    struct edge *edge = collection_tie(collection, holder, object, EDGE_HOLDING);
    if (!edge)
        return;
    edge->fd = fd->fd;
    edge->operation = line->write ? "WRITE" : "READ";
    edge->access = line->write ? EDGE_WRITE : EDGE_READ;
}

/* The descriptor is no user of the lock object by itself, so nothing is claimed; holders are tied here. */
static struct object *claim_fd(struct collection *collection, struct holder *holder, struct fd *fd)
{
    char path[64];
    AUTO_STRBUF struct strbuf text = {0};
    if (!collection_find(collection, SPACE_LOCKED_INODE, fd->status.inode))
        return NULL;
    snprintf(path, sizeof(path), "proc/%d/fdinfo/%d", holder->process.through, fd->fd);
    int r = collection->kernel->ops->read(collection->kernel, path, &text);
    if (r < 0)
        collection_process_error(collection, "fdinfo", r);
    struct scan scan = scan_bytes(strbuf_text(&text), text.length), line;
    while (scan_line(&scan, &line)) {
        struct lock_line lock;
        if (scan_literal(&line, "lock:\t") && parse_lock_line(line, &lock))
            tie_holder(collection, holder, fd, &lock);
    }
    return NULL;
}

/* A wait that the table tells by its process: here is the thread. */
static void name_thread(struct collection *collection, const struct holder *holder, uint64_t inode, pid_t tid)
{
    pid_t pid = holder->process.pid;
    array_each(&collection->edges, edge)
    {
        const struct object *object = collection->objects.items[edge->object];
        if (object->kind != &kind_lock || edge->role != EDGE_WAITING ||
            collection->processes.items[edge->process].pid != pid ||
            object->fields[FIELD_INODE].number != inode || (edge->tid && edge->tid != tid))
            continue;
        edge->tid = tid;
        return;
    }
}

/* The bytes that a thread asks for in fcntl(2): all, where that cannot be told from outside. */
static void asked_range(struct collection *collection, pid_t pid, uint64_t address, struct lock_range *range)
{
    struct flock asked;
    *range = (struct lock_range){.end = UINT64_MAX};
    int r = collection->kernel->ops->memory(collection->kernel, pid, address, &asked, sizeof(asked));
    if (r < 0 && r != -EFAULT)
        collection_process_error(collection, "memory", r);
    if (r < 0 || asked.l_whence != SEEK_SET || asked.l_start < 0 || asked.l_len < 0)
        return;
    range->start = (uint64_t)asked.l_start;
    if (asked.l_len)
        range->end = range->start + (uint64_t)asked.l_len - 1;
}

static bool is_on_device(const struct object *object, const struct file_status *status)
{
    char device[24];
    struct value told = object->fields[FIELD_DEVICE];
    size_t length = (size_t)snprintf(device, sizeof(device), "%u:%u", status->major, status->minor);
    return told.type == VALUE_STRING && told.length == length && memcmp(told.string, device, length) == 0;
}

static bool is_in_the_way(const struct object *object, const struct lock_range *range)
{
    struct lock_range held = range_of(object);
    return object->fields[FIELD_BLOCKED].number && !object_says(object, FIELD_TYPE, "flock") &&
           held.start <= range->end && range->start <= held.end;
}

/*
 * The first lock in the table that is in the way, as the kernel found it. Where a file system has subvolumes,
 * stat(2) tells another device than the table, and the inode must do.
 */
static struct object *find_blocker(const struct collection *collection, const struct file_status *file,
                                   const struct lock_range *range)
{
    struct object *elsewhere = NULL;
    bool known = false;
    array_each(&collection->objects, object)
    {
        if ((*object)->kind != &kind_lock || (*object)->fields[FIELD_INODE].number != file->inode)
            continue;
        bool here = is_on_device(*object, file), blocks = is_in_the_way(*object, range);
        if (here && blocks)
            return *object;
        known |= here;
        elsewhere = blocks && !elsewhere ? *object : elsewhere;
    }
    return known ? NULL : elsewhere;
}

static struct object *claim_wait(struct collection *collection, const struct holder *holder,
                                 const struct wait *wait, struct edge *edge)
{
    (void)edge;
    bool file = wait->call->number == SYS_fcntl || wait->call->number == SYS_flock;
    const struct fd *fd = file ? holder_fd(holder, wait->arguments[0]) : NULL;
    struct lock_range range;
    if (!fd)
        return NULL;
    if (wait->call->number == SYS_flock || wait->arguments[1] != F_OFD_SETLKW) {
        name_thread(collection, holder, fd->status.inode, wait->tid);
        return NULL;
    }
    asked_range(collection, holder->process.through, wait->arguments[2], &range);
    return find_blocker(collection, &fd->status, &range);
}

const struct kind kind_lock = {
    .name = "lock",
    .summary = "flock, POSIX and OFD locks",
    .noisy = true,
    .blocked_calls = true,
    .fds = FD_SHM | FD_FILE | FD_QUEUE | FD_MEMFD,
    .enumerate = enumerate,
    .claim_fd = claim_fd,
    .claim_wait = claim_wait,
};
