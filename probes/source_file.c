/* source_file.c - see source_file.h. */
#include "probes/source_file.h"

#include "common/link_name.h"
#include "common/strbuf.h"

#include <stdio.h>
#include <string.h>

size_t file_name_length(const char *name, const struct file_status *status)
{
    return status->nlink ? strlen(name) : link_name_length(name);
}

struct object *file_find(const struct collection *collection, const struct file_status *status)
{
    return collection_find(collection, space_of_device(status->major, status->minor), status->inode);
}

struct object *file_object(struct collection *collection, const struct kind *kind,
                           const struct file_status *status, const char *prefix, const char *name,
                           const char *suffix)
{
    struct identity identity = {.space = space_of_device(status->major, status->minor),
                                .number = status->inode,
                                .generation = status->btime ? status->btime : status->ctime};
    size_t length = file_name_length(name, status);
    char inode[24] = "";
    if (!status->nlink)
        snprintf(inode, sizeof(inode), "#%llu", (unsigned long long)status->inode);
    struct object *object = collection_add(collection, kind, identity, "%s%s%s%s", prefix,
                                           collection_escape(collection, name, length, "#@"), inode, suffix);
    AUTO_STRBUF struct strbuf text = {0};
    if (!object)
        return NULL;
    strbuf_add_string(&text, prefix);
    strbuf_add(&text, name, length);
    collection->failed |= text.failed;
    collection_set_string(collection, object, FIELD_NAME, strbuf_text(&text), text.length);
    collection_set_status(collection, object, status);
    object_set_word(object, FIELD_STATE, status->nlink ? "live" : "deleted");
    return object;
}
