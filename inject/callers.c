/* callers.c - see callers.h. */
#include "inject/callers.h"

#include "inject/remote.h"

#include <string.h>

static struct caller *find(struct callers *callers, pid_t tid)
{
    uint32_t index;
    if (hash_get(&callers->index_of, (uint64_t)tid, 0, &index))
        return &callers->all.items[index];
    struct caller *caller = array_push(&callers->all);
    if (!caller || hash_put(&callers->index_of, (uint64_t)tid, 0, (uint32_t)callers->all.count - 1) < 0)
        return NULL;
    return caller;
}

struct caller *callers_get(struct callers *callers, pid_t tid)
{
    struct caller *caller = find(callers, tid);
    if (!caller || caller->known)
        return caller;
    *caller = (struct caller){.pid = remote_process(tid), .startup = caller->startup};
    if (caller->pid < 0)
        return NULL;
    caller->known = true;
    return caller;
}

void callers_forget(struct callers *callers, pid_t tid)
{
    struct caller *caller = find(callers, tid);
    if (!caller)
        return;
    caller->known = false;
    caller->startup = STARTUP_BEGIN;
}

/* musl's loader is its libc, and no shim stands in front of it: calls from there are the program's. */
enum code_origin code_origin(const char *module)
{
    static const struct {
        const char *start;
        enum code_origin origin;
    } names[] = {
        {"ld-musl",        CODE_PROGRAM},
        {"ld-",            CODE_LOADER },
        {"libc.so.",       CODE_LIBC   },
        {"libc-",          CODE_LIBC   },
        {"libpthread.so.", CODE_LIBC   },
        {"librt.so.",      CODE_LIBC   },
        {"libshmoo-",      CODE_LIBC   },
        {"libasan.so.",    CODE_LIBC   },
        {"libtsan.so.",    CODE_LIBC   },
        {"libubsan.so.",   CODE_LIBC   },
    };
    for (size_t index = 0; index < COUNT_OF(names); index++)
        if (strncmp(module, names[index].start, strlen(names[index].start)) == 0)
            return names[index].origin;
    return CODE_PROGRAM;
}

enum code_origin caller_origin(struct caller *caller, uint64_t address)
{
    for (unsigned index = 0; index < CALLER_RANGES; index++)
        if (address >= caller->ranges[index].low && address < caller->ranges[index].high)
            return caller->ranges[index].origin;
    struct remote_module module;
    if (remote_module(caller->pid, address, &module) < 0)
        return CODE_PROGRAM;
    struct code_range *range = &caller->ranges[caller->next_range++ % CALLER_RANGES];
    *range = (struct code_range){.low = module.low, .high = module.high, .origin = code_origin(module.name)};
    return range->origin;
}

void callers_free(struct callers *callers)
{
    hash_free(&callers->index_of);
    array_free(&callers->all);
}
