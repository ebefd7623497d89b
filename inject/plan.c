/* plan.c - see plan.h. */
#include "inject/plan.h"

#include <errno.h>

enum { PLAN_MAGIC = 0x6d687321, PLAN_VERSION = 1 };

size_t plan_size(uint32_t slots)
{
    return sizeof(struct plan) + slots * sizeof(struct plan_slot);
}

void plan_init(struct plan *plan, uint32_t slots, uint64_t seed)
{
    plan->magic = PLAN_MAGIC;
    plan->version = PLAN_VERSION;
    plan->size = plan_size(slots);
    plan->seed = seed;
    plan->slot_count = slots;
    for (uint32_t index = 0; index < slots; index++)
        plan->slots[index].turn = index;
}

bool plan_valid(const struct plan *plan, size_t size)
{
    return size >= sizeof(*plan) && plan->magic == PLAN_MAGIC && plan->version == PLAN_VERSION &&
           plan->size == size && size == plan_size(plan->slot_count);
}

int plan_add(struct plan *plan, const struct rule *rule)
{
    uint32_t number = plan->rule_count;
    if (number >= PLAN_RULES_MAX)
        return -ENOSPC;
    plan->rules[number].rule = *rule;
    plan->rule_count = number + 1;
    plan_switch(plan, number, PLAN_RULE_ON);
    return (int)number;
}

int plan_switch(struct plan *plan, unsigned number, enum plan_rule_state state)
{
    if (number >= plan->rule_count || plan->rules[number].state == PLAN_RULE_DELETED)
        return -ENOENT;
    struct plan_rule *slot = &plan->rules[number];
    slot->state = state;
    for (unsigned call = 0; call < CALL_COUNT; call++) {
        if (!rule_has_call(&slot->rule, call))
            continue;
        if (state == PLAN_RULE_ON)
            atomic_fetch_or(&plan->watch[call], 1ULL << number);
        else
            atomic_fetch_and(&plan->watch[call], ~(1ULL << number));
    }
    return 0;
}

void plan_trace(struct plan *plan, unsigned call)
{
    atomic_fetch_or(&plan->watch[call], PLAN_TRACE);
}

bool plan_log(struct plan *plan, const struct event *event)
{
    uint64_t mask = (uint64_t)plan->slot_count - 1;
    if (!plan->slot_count || plan->closed)
        return false;
    uint64_t head = atomic_load_explicit(&plan->head, memory_order_relaxed);
    struct plan_slot *slot;
    for (;;) {
        slot = &plan->slots[head & mask];
        uint64_t turn = atomic_load_explicit(&slot->turn, memory_order_acquire);
        if (turn < head) {
            atomic_fetch_add(&plan->lost, 1);
            return false;
        }
        if (turn > head)
            head = atomic_load_explicit(&plan->head, memory_order_relaxed);
        else if (atomic_compare_exchange_weak(&plan->head, &head, head + 1))
            break;
    }
    slot->event = *event;
    /* Fails when the reader gave this writer up for dead (plan_skip()). */
    return atomic_compare_exchange_strong(&slot->turn, &(uint64_t){head}, head + 1);
}

/* The reader is shmoo, the queue is written by others: a slot's turn is theirs to spoil, bounds are not. */
static struct plan_slot *oldest(struct plan *plan)
{
    return &plan->slots[plan->tail & ((uint64_t)plan->slot_count - 1)];
}

bool plan_read(struct plan *plan, struct event *ret_event)
{
    if (!plan->slot_count)
        return false;
    struct plan_slot *slot = oldest(plan);
    if (atomic_load_explicit(&slot->turn, memory_order_acquire) != plan->tail + 1)
        return false;
    *ret_event = slot->event;
    atomic_store_explicit(&slot->turn, plan->tail + plan->slot_count, memory_order_release);
    plan->tail++;
    return true;
}

bool plan_skip(struct plan *plan)
{
    if (!plan->slot_count || plan->tail >= plan->head)
        return false;
    struct plan_slot *slot = oldest(plan);
    uint64_t turn = plan->tail;
    if (atomic_compare_exchange_strong(&slot->turn, &turn, plan->tail + plan->slot_count)) {
        atomic_fetch_add(&plan->lost, 1);
        plan->tail++;
    }
    return true;
}
