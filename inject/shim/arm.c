/*
 * arm.c - finds the run's plan when the shim is loaded, and maps it. Without a plan, or when a stacked copy
 * of the shim was first, the wrappers only pass calls on.
 */
#include "inject/shim/shim.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* The first copy of the shim in link order gives this symbol to all; the others see an address not theirs. */
SHIM_EXPORT int shmoo_shim_first;

static struct plan *map_plan(int fd)
{
    struct stat status;
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode) || status.st_size < (off_t)sizeof(struct plan))
        return NULL;
    long address = shim_raw(SYS_mmap, NULL, status.st_size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    struct plan *plan = (struct plan *)address;
    return address != -1 && plan_valid(plan, (size_t)status.st_size) ? plan : NULL;
}

/*
 * "FD:PATH": the descriptor is for programs that changed their user or root and cannot open the path, the
 * path for those that closed the descriptor, or use its number for something else.
 */
static struct plan *find_plan(const char *setting)
{
    char *path;
    long inherited = strtol(setting, &path, 10);
    if (*path != ':')
        return NULL;
    /* A sweep's plan has no name: it is a descriptor of the first process in the trial's world. */
    int follow = strncmp(path + 1, "/proc/", 6) == 0 ? 0 : O_NOFOLLOW;
    int fd = (int)shim_raw(SYS_openat, AT_FDCWD, path + 1, O_RDWR | O_CLOEXEC | follow);
    if (fd < 0)
        return map_plan((int)inherited);
    struct plan *plan = map_plan(fd);
    shim_raw(SYS_close, fd);
    return plan;
}

static void tell_space(void)
{
    uint64_t space = shim_space();
    uint64_t most = shim_plan->start_space;
    while (most < space && !atomic_compare_exchange_weak(&shim_plan->start_space, &most, space))
        ;
    shim_plan->own_space = shim_own_space() - shim_plan->size;
}

__attribute__((constructor)) static void arm(void)
{
    int saved = errno;
    const char *setting = getenv(PLAN_VARIABLE);
    bool first = dlsym(RTLD_DEFAULT, "shmoo_shim_first") == &shmoo_shim_first;
    struct plan *plan = setting && first ? find_plan(setting) : NULL;
    if (plan) {
        shim_wrap_init();
        shim_own_init();
        shim_open_init();
        shim_inner_init();
        shim_mutex_init();
        shim_counters_init();
        shim_syscall_init();
        shim_exec_init(setting);
        shim_raw(SYS_readlinkat, AT_FDCWD, "/proc/self/exe", shim_program_path,
                 sizeof(shim_program_path) - 1);
        atomic_fetch_add(&plan->armed, 1);
        shim_plan = plan;
        if (plan->spaces)
            tell_space();
    }
    errno = saved;
}
