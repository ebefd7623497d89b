/*
 * stack.c - the stack of a call, by the unwinder of libgcc, which is linked in: it takes its tables from
 * _dl_find_object() (glibc 2.35), without locks or memory, so a signal handler may use it.
 */
#include "inject/shim/shim.h"
#include "inject/stack_hash.h"

#include <dlfcn.h>
#include <link.h>
#include <stdlib.h>
#include <string.h>
#include <unwind.h>

/*
 * For libgcc, which would sort tables that were registered at run time, and searches them unsorted when
 * memory is out. Hidden: nobody else gets these.
 */
void *malloc(size_t size)
{
    (void)size;
    return NULL;
}

void free(void *pointer)
{
    (void)pointer;
}

struct walk {
    struct shim_call *call;
    bool inside; /* past our own frames */
};

static void add_frame(struct shim_call *call, uintptr_t address)
{
    struct plan_frame *frame = &call->frames[call->frame_count++];
    struct dl_find_object object;
    *frame = (struct plan_frame){address, PLAN_MODULE_UNKNOWN};
    if (_dl_find_object((void *)address, &object) != 0)
        return;
    const char *path = object.dlfo_link_map->l_name;
    if (!path || !*path)
        path = shim_program_path;
    frame->offset = address - object.dlfo_link_map->l_addr;
    frame->module = plan_module(shim_plan, path);
    call->facts.stack = stack_hash_frame(call->facts.stack, path, frame->offset);
}

static _Unwind_Reason_Code step(struct _Unwind_Context *context, void *argument)
{
    struct walk *walk = argument;
    uintptr_t address = _Unwind_GetIP(context);
    walk->inside |= address == (uintptr_t)walk->call->caller;
    if (!address || walk->call->frame_count == PLAN_FRAMES_MAX)
        return _URC_NORMAL_STOP;
    if (walk->inside)
        add_frame(walk->call, address);
    return _URC_NO_REASON;
}

void shim_stack(struct shim_call *call)
{
    struct walk walk = {.call = call};
    call->frame_count = 0;
    call->facts.stack = STACK_HASH_START;
    _Unwind_Backtrace(step, &walk);
    if (!call->frame_count)
        call->facts.stack = 0;
}
