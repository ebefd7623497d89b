/* frames.c - see frames.h. */
#include "inject/sweep/frames.h"

#include "inject/call_site.h"

void frames_resolve(struct arena *arena, struct call_sites *sites, struct frame *frames, uint32_t count)
{
    for (uint32_t index = 0; index < count; index++) {
        struct frame *frame = &frames[index];
        struct call_site found = call_sites_find(sites, frame->module ? frame->module : "", frame->offset);
        frame->function = arena_string(arena, found.function);
        frame->file = arena_string(arena, found.file);
        frame->line = found.line;
    }
}
