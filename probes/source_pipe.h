/* source_pipe.h - how full a pipe or FIFO is, asked through any process that has it open. */
#pragma once

struct collection;
struct fd;
struct holder;
struct object;

/* Sets fill and capacity, unless they are known already or values were not asked for. */
void pipe_set_state(struct collection *collection, struct object *object, const struct holder *holder,
                    const struct fd *fd);
