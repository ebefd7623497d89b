/*
 * behave.c - behaves as programs do that are hard to follow: `behave MODE` prints what it saw of calls that
 * fail by nature or by injection. Here are modes of a single process; modes.def lists all.
 */
#include "tests/targets/behave/behave.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

static const char *constructor_saw = "";

/* gcc would also make copies of it under other names. */
#ifdef __clang__
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE __attribute__((noinline, noclone))
#endif

NOINLINE const char *unlink_nothing(void)
{
    return shm_unlink("/shmoo-no-such") == 0 ? "0" : strerrorname_np(errno);
}

__attribute__((constructor)) static void construct(void)
{
    constructor_saw = unlink_nothing();
}

int say_unlink(void)
{
    printf("%s\n", unlink_nothing());
    return 0;
}

int say_constructor(void)
{
    printf("%s %s\n", constructor_saw, unlink_nothing());
    return 0;
}

int by_syscall(void)
{
    long result = syscall(SYS_shmget, 0x5eed, 4096UL, 0);
    printf("%ld %s\n", result, strerrorname_np(errno));
    return 0;
}

int by_fallocate(void)
{
    long result = syscall(SYS_fallocate, -1, 0, 0L, 4096L);
    printf("%ld %s\n", result, strerrorname_np(errno));
    return 0;
}

int deepbind(void)
{
    void *library = dlopen(getenv("DEEPBOUND"), RTLD_NOW | RTLD_DEEPBIND);
    int (*unlink_in_library)(const char *) =
        library ? (int (*)(const char *))dlsym(library, "deepbound_unlink") : NULL;
    if (!unlink_in_library)
        return 1;
    printf("%s\n", unlink_in_library("/shmoo-no-such") == 0 ? "0" : strerrorname_np(errno));
    return say_unlink();
}

int segment_cycle(void)
{
    int fd = shm_open("/shmoo-cycle", O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || ftruncate(fd, 4096) < 0)
        return 1;
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED || munmap(memory, 4096) < 0 || close(fd) < 0 || shm_unlink("/shmoo-cycle") < 0)
        return 1;
    puts("done");
    return 0;
}

/* Waits to be told: prints what a call gives each time a line comes in. */
int on_request(void)
{
    char line[16];
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("ready");
    while (fgets(line, sizeof(line), stdin))
        say_unlink();
    return 0;
}

static const struct {
    const char *name;
    int (*run)(void);
} modes[] = {
#define MODE(name, function) {name, function},
#include "tests/targets/behave/modes.def"
#undef MODE
};

int main(int argc, char **argv)
{
    for (size_t index = 0; argc == 2 && index < sizeof(modes) / sizeof(modes[0]); index++)
        if (strcmp(argv[1], modes[index].name) == 0)
            return modes[index].run();
    return 64;
}
