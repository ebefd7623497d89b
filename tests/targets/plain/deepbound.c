/* deepbound.c - a library to load with RTLD_DEEPBIND: its calls go to libc, whatever was preloaded. */
#include <sys/mman.h>

__attribute__((visibility("default"))) int deepbound_unlink(const char *name);

int deepbound_unlink(const char *name)
{
    return shm_unlink(name);
}
