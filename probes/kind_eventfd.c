/*
 * kind_eventfd.c - eventfds. All share one inode; fdinfo tells them apart by eventfd-id (linux 5.2) and gives
 * the counter, in hexadecimal (eventfd_show_fdinfo()).
 */
#include "common/strbuf.h"
#include "probes/collection.h"
#include "probes/parse.h"

#include <stdio.h>

static struct object *claim_fd(struct collection *collection, struct holder *holder, struct fd *fd)
{
    char path[64];
    AUTO_STRBUF struct strbuf text = {0};
    uint64_t id, count, semaphore = 0;
    snprintf(path, sizeof(path), "proc/%d/fdinfo/%d", holder->process.through, fd->fd);
    int r = collection->kernel->ops->read(collection->kernel, path, &text);
    if (r < 0)
        collection_process_error(collection, "fdinfo", r);
    if (!parse_number_after(strbuf_text(&text), "eventfd-id", 10, &id))
        return NULL;
    struct object *object = collection_find(collection, SPACE_EVENTFD, id);
    if (object)
        return object;
    object = collection_add(collection, &kind_eventfd, (struct identity){SPACE_EVENTFD, id, 0}, "%llu",
                            (unsigned long long)id);
    if (!object)
        return NULL;
    object_set(object, FIELD_ID, id);
    if (parse_number_after(strbuf_text(&text), "eventfd-count", 16, &count))
        object_set(object, FIELD_VALUE, count);
    parse_number_after(strbuf_text(&text), "eventfd-semaphore", 10, &semaphore);
    object_set_word(object, FIELD_TYPE, semaphore ? "semaphore" : "counter");
    return object;
}

const struct kind kind_eventfd = {
    .name = "eventfd",
    .summary = "eventfds",
    .noisy = true,
    .blocked_calls = true,
    .always = NEED_USERS,
    .fds = FD_EVENTFD,
    .claim_fd = claim_fd,
};
