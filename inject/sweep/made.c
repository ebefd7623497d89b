/* made.c - see made.h. */
#include "inject/sweep/made.h"

#include "inject/creator.h"
#include "inject/plan.h"

#include <errno.h>
#include <string.h>
#include <sys/ipc.h>

static bool same_made(const struct made *one, const struct made *other)
{
    if (one->call != other->call || one->key != other->key || !one->name != !other->name)
        return false;
    return !one->name || strcmp(one->name, other->name) == 0;
}

static bool is_known(const struct sweep_result *result, const struct made *made)
{
    array_each(&result->learnt.made, known)
    {
        if (same_made(known, made))
            return true;
    }
    return false;
}

/* The size, count or first value, where the call has one. */
static uint64_t number_of(const struct event *event)
{
    const struct call *call = &calls[event->call];
    int index = call_param(call, ROLE_SIZE);
    if (index < 0)
        index = call_param(call, ROLE_NUMBER);
    return index < 0 ? 0 : event->arguments[index];
}

/* False when it has neither a name that is known in full nor a key. */
static bool identify(const struct event *event, struct made *made)
{
    int key = call_param(&calls[event->call], ROLE_KEY);
    if (key >= 0) {
        made->key = (uint32_t)event->arguments[key];
        return made->key != IPC_PRIVATE;
    }
    made->name = event->name;
    return *event->name && strlen(event->name) < sizeof(event->name) - 1;
}

int made_add(struct sweep_result *result, const struct event *event)
{
    struct made made = {.call = event->call, .number = number_of(event)};
    if (event->error || call_creates(event->call, event->arguments) == CREATES_NOTHING ||
        !identify(event, &made) || is_known(result, &made))
        return 0;
    if (made.name && !(made.name = arena_string(&result->arena, made.name)))
        return -ENOMEM;
    struct made *slot = array_push(&result->learnt.made);
    if (!slot)
        return -ENOMEM;
    *slot = made;
    return 0;
}

void made_keep_common(struct sweep_result *result, const struct sweep_result *other)
{
    size_t kept = 0;
    array_each(&result->learnt.made, made)
    {
        if (is_known(other, made))
            result->learnt.made.items[kept++] = *made;
    }
    result->learnt.made.count = kept;
}
