/*
 * live_iterators.c - see live_iterators.h. The skeleton that bpftool makes of the program (bpf.mk) loads it
 * by system calls of its own: nothing is linked. The link is made before the sandbox closes; inside it, only
 * BPF_ITER_CREATE and read(2) are needed.
 */
#include "probes/live_iterators.h"

#include <errno.h>

#ifdef SHMOO_BPF

#include "common/cleanup.h"
#include "common/file.h"

struct live_iterators {
    struct tasks *program;
    int link;
};

void live_iterators_close(struct live_iterators *iterators)
{
    cleanup_close(&iterators->link);
    tasks__destroy(iterators->program);
    free(iterators);
}

static void iterators_close_auto(struct live_iterators **iterators)
{
    if (*iterators)
        live_iterators_close(*iterators);
}

int live_iterators_open(unsigned memory_device, struct live_iterators **ret_iterators)
{
    CLEANUP(iterators_close_auto) struct live_iterators *iterators = calloc(1, sizeof(*iterators));
    if (!iterators)
        return -ENOMEM;
    iterators->link = -1;
    iterators->program = tasks__open();
    if (!iterators->program)
        return -ENOTSUP;
    iterators->program->rodata->memory_device = memory_device;
    if (tasks__load(iterators->program) < 0)
        return -ENOTSUP;
    iterators->link = skel_link_create(iterators->program->progs.tasks.prog_fd, 0, BPF_TRACE_ITER);
    if (iterators->link < 0)
        return -ENOTSUP;
    *ret_iterators = take_ptr(iterators);
    return 0;
}

int live_iterators_read(struct live_iterators *iterators, struct strbuf *buffer)
{
    union bpf_attr attributes = {.iter_create.link_fd = (unsigned)iterators->link};
    AUTO_CLOSE int fd = skel_sys_bpf(BPF_ITER_CREATE, &attributes, sizeof(attributes));
    return fd < 0 ? -errno : file_read_all(fd, buffer);
}

#else

int live_iterators_open(unsigned memory_device, struct live_iterators **ret_iterators)
{
    (void)memory_device;
    (void)ret_iterators;
    return -ENOTSUP;
}

void live_iterators_close(struct live_iterators *iterators)
{
    (void)iterators;
}

int live_iterators_read(struct live_iterators *iterators, struct strbuf *buffer)
{
    (void)iterators;
    (void)buffer;
    return -ENOTSUP;
}

#endif
