/* source_pipe.c - see source_pipe.h. */
#include "probes/source_pipe.h"

#include "probes/collection.h"

#include <errno.h>

void pipe_set_state(struct collection *collection, struct object *object, const struct holder *holder,
                    const struct fd *fd)
{
    struct pipe_state state;
    if (!collection_needs(collection, NEED_VALUES) || value_known(object->fields[FIELD_CAPACITY]))
        return;
    int r = collection->kernel->ops->pipe(collection->kernel, holder->process.through, fd->fd, &state);
    if (r == -ESRCH || r == -ENOENT || r == -EBADF)
        return;
    if (!collection_got(collection, r)) {
        object_deny(object, FIELD_FILL);
        object_deny(object, FIELD_CAPACITY);
        return;
    }
    object_set(object, FIELD_FILL, state.fill);
    object_set(object, FIELD_USED, state.fill);
    object_set(object, FIELD_CAPACITY, state.capacity);
    object_set(object, FIELD_SIZE, state.capacity);
}
