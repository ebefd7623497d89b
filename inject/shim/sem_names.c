/*
 * sem_names.c - the names of the semaphores that this process has opened: calls on them have the address
 * only, and what is mapped there has no name, because glibc makes semaphores under another. Kept from the
 * start, since rules may ask at any time. Lock-free; what finds no place has no name.
 */
#include "inject/shim/shim.h"

#include <string.h>

enum { NAMES_MAX = 256, TAKEN = 1 };

static struct sem_name {
    _Atomic uintptr_t address; /* 0: free; TAKEN: being written */
    _Atomic uint32_t opened;   /* sem_open gives the same address again, sem_close takes one back */
    char name[PLAN_EVENT_NAME_MAX];
} names[NAMES_MAX];
static _Atomic uint32_t used; /* places from the start that were ever taken */

static struct sem_name *find(uintptr_t address)
{
    for (uint32_t index = 0; index < used; index++)
        if (names[index].address == address)
            return &names[index];
    return NULL;
}

static struct sem_name *take_place(void)
{
    for (uint32_t index = 0; index < NAMES_MAX; index++) {
        uintptr_t none = 0;
        if (!atomic_compare_exchange_strong(&names[index].address, &none, TAKEN))
            continue;
        uint32_t before = used;
        while (before <= index && !atomic_compare_exchange_weak(&used, &before, index + 1))
            ;
        return &names[index];
    }
    return NULL;
}

void shim_sem_opened(const void *semaphore, const char *name)
{
    struct sem_name *known = find((uintptr_t)semaphore);
    if (known) {
        atomic_fetch_add(&known->opened, 1);
        return;
    }
    struct sem_name *place = take_place();
    if (!place)
        return;
    memccpy(place->name, name, '\0', sizeof(place->name) - 1);
    place->opened = 1;
    place->address = (uintptr_t)semaphore;
}

void shim_sem_closed(const void *semaphore)
{
    struct sem_name *known = find((uintptr_t)semaphore);
    if (known && atomic_fetch_sub(&known->opened, 1) == 1)
        known->address = 0;
}

const char *shim_sem_name(uint64_t address)
{
    const struct sem_name *known = find(address);
    return known ? known->name : NULL;
}
