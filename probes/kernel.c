/* kernel.c - what all kernels share: closing, and telling classes of mappings and descriptors by name. */
#include "probes/kernel.h"

#include "common/array.h"

#include <stdio.h>
#include <string.h>

struct name_class {
    const char *prefix;
    unsigned bits;
};

static const struct name_class vma_names[] = {
    {"/SYSV",          VMA_SYSV },
    {"/dev/zero",      VMA_ZERO },
    {"/anon_hugepage", VMA_ZERO },
    {"/memfd:",        VMA_MEMFD},
    {"/",              VMA_FILE },
};

static const struct name_class fd_names[] = {
    {"pipe:[",               FD_PIPE   },
    {"socket:[",             FD_SOCKET },
    {"anon_inode:[eventfd]", FD_EVENTFD},
    {"/memfd:",              FD_MEMFD  },
    {"/",                    FD_FILE   },
};

static unsigned classify(const struct name_class *names, size_t count, const char *name)
{
    for (size_t i = 0; i < count; i++)
        if (strncmp(name, names[i].prefix, strlen(names[i].prefix)) == 0)
            return names[i].bits;
    return 0;
}

unsigned vma_classify(const char *name)
{
    return classify(vma_names, COUNT_OF(vma_names), name);
}

/* Where an mqueue file system is mounted does not show in the link: it reads "/name". */
unsigned fd_classify(const char *link)
{
    unsigned found = classify(fd_names, COUNT_OF(fd_names), link);
    if (found != FD_FILE)
        return found;
    if (!strchr(link + 1, '/') || strstr(link, "/dev/mqueue/"))
        return FD_QUEUE;
    return strstr(link, "/dev/shm/") ? FD_SHM : FD_FILE;
}

int kernel_read_thread(struct kernel *kernel, pid_t pid, pid_t tid, const char *name, struct strbuf *text)
{
    char path[64];
    snprintf(path, sizeof(path), "proc/%d/task/%d/%s", pid, tid, name);
    return kernel->ops->read(kernel, path, text);
}

void kernel_close(struct kernel *kernel)
{
    kernel->ops->close(kernel);
}
