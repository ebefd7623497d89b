/*
 * live_classes.c - classes of mappings and descriptors. A name alone proves nothing: the root of a mount
 * namespace, or of a mount that is nowhere attached, may hold a file called /SYSV00000000 or /memfd:x.
 */
#include "common/array.h"
#include "common/cleanup.h"
#include "probes/kernel_live.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>

/* Where memfd_create(2) has the logarithm of the page size (MFD_HUGE_SHIFT in linux/memfd.h). */
enum { HUGE_SHIFT = 26 };

/*
 * Memory of memfds, MAP_ANONYMOUS and System V is on devices of the kernel's own: one for ordinary pages and
 * one for each size of huge pages. A memfd of each tells them; nobody else ever sees it.
 */
void live_find_memory(struct live *live)
{
    static const unsigned kinds_of_pages[] = {0,
                                              MFD_HUGETLB,
                                              MFD_HUGETLB | 16u << HUGE_SHIFT,
                                              MFD_HUGETLB | 21u << HUGE_SHIFT,
                                              MFD_HUGETLB | 25u << HUGE_SHIFT,
                                              MFD_HUGETLB | 29u << HUGE_SHIFT,
                                              MFD_HUGETLB | 30u << HUGE_SHIFT,
                                              MFD_HUGETLB | 34u << HUGE_SHIFT};
    _Static_assert(COUNT_OF(kinds_of_pages) <= COUNT_OF(live->memory), "a device for each");
    for (size_t i = 0; i < COUNT_OF(kinds_of_pages); i++) {
        struct file_status status;
        AUTO_CLOSE int fd = memfd_create("shmoo", MFD_CLOEXEC | kinds_of_pages[i]);
        if (fd < 0 && errno == ENODEV)
            continue; /* no huge pages of this size */
        if (fd < 0 || live_status(fd, "", AT_EMPTY_PATH, &status) < 0) {
            live->memory_count = 0; /* with some of the devices only, the rest would be overlooked */
            return;
        }
        live->memory[live->memory_count].major = status.major;
        live->memory[live->memory_count++].minor = status.minor;
    }
}

bool live_is_memory(const struct live *live, uint32_t major, uint32_t minor)
{
    for (size_t i = 0; i < live->memory_count; i++)
        if (live->memory[i].major == major && live->memory[i].minor == minor)
            return true;
    return live->memory_count == 0;
}

unsigned live_vma_class(const struct live *live, const struct vma *vma)
{
    unsigned found = vma_classify(vma->name);
    bool memory = found & (VMA_SYSV | VMA_ZERO | VMA_MEMFD);
    return memory && !live_is_memory(live, vma->major, vma->minor) ? VMA_FILE : found;
}

unsigned live_fd_class(const struct live *live, const struct fd *fd)
{
    unsigned found = fd_classify(fd->link);
    return found == FD_MEMFD && !live_is_memory(live, fd->status.major, fd->status.minor) ? FD_FILE : found;
}
