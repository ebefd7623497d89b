/* plan.c - see plan.h. */
#include "inject/plan.h"

#include <errno.h>

enum { PLAN_MAGIC = 0x6d687321, PLAN_VERSION = 5 };

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
}

bool plan_valid(const struct plan *plan, size_t size)
{
    return size >= sizeof(*plan) && plan->magic == PLAN_MAGIC && plan->version == PLAN_VERSION &&
           plan->size <= size && plan->size == plan_size(plan->slot_count);
}

static bool take_slot(struct plan *plan, uint32_t *ret_number)
{
    for (uint32_t number = 0; number < PLAN_RULES_MAX; number++) {
        uint32_t state = PLAN_RULE_EMPTY;
        if (!atomic_compare_exchange_strong(&plan->rules[number].state, &state, PLAN_RULE_WRITING))
            continue;
        uint32_t count = plan->rule_count;
        while (count <= number && !atomic_compare_exchange_weak(&plan->rule_count, &count, number + 1))
            ;
        *ret_number = number;
        return true;
    }
    return false;
}

/* Who narrows it by rules that are no longer those that are on does it again. */
static void narrow(struct plan *plan, unsigned call)
{
    struct plan_watch *watch = &plan->watch[call];
    uint64_t rules;
    do {
        rules = watch->rules;
        struct sieve_holes holes = rules & PLAN_TRACE ? sieve_open : sieve_closed;
        for (uint64_t rest = rules & ~PLAN_TRACE; rest; rest &= rest - 1)
            sieve_add(&holes, &plan->rules[__builtin_ctzll(rest)].rule, call);
        sieve_set(&watch->sieve, &holes);
    } while (watch->rules != rules);
}

/* The sieve is open before there is a rule that it could stop calls for. */
static void watch_more(struct plan *plan, unsigned call, uint64_t rules)
{
    sieve_set(&plan->watch[call].sieve, &sieve_open);
    atomic_fetch_or(&plan->watch[call].rules, rules);
    narrow(plan, call);
}

static void watch_less(struct plan *plan, unsigned call, uint64_t rules)
{
    atomic_fetch_and(&plan->watch[call].rules, ~rules);
    narrow(plan, call);
}

static void watch(struct plan *plan, unsigned number, bool on)
{
    for (unsigned call = 0; call < CALL_COUNT; call++)
        if (rule_has_call(&plan->rules[number].rule, call))
            (on ? watch_more : watch_less)(plan, call, 1ULL << number);
}

/* Another process may switch the same rule meanwhile: who sees that its state changed does it again. */
static void watch_by_state(struct plan *plan, unsigned number)
{
    uint32_t state;
    do {
        state = plan->rules[number].state;
        watch(plan, number, state == PLAN_RULE_ON);
    } while (plan->rules[number].state != state);
}

int plan_add(struct plan *plan, const struct rule *rule)
{
    uint32_t number;
    if (!take_slot(plan, &number))
        return -ENOSPC;
    plan->rules[number].rule = *rule;
    plan->rules[number].state = PLAN_RULE_ON;
    watch_by_state(plan, number);
    return (int)number;
}

int plan_switch(struct plan *plan, unsigned number, enum plan_rule_state state)
{
    if (number >= plan_rule_count(plan))
        return -ENOENT;
    uint32_t old = plan->rules[number].state;
    do {
        if (old != PLAN_RULE_ON && old != PLAN_RULE_OFF)
            return -ENOENT;
    } while (!atomic_compare_exchange_weak(&plan->rules[number].state, &old, state));
    watch_by_state(plan, number);
    return 0;
}

void plan_close(struct plan *plan)
{
    plan->closed = 1;
    for (unsigned call = 0; call < CALL_COUNT; call++)
        plan->watch[call].rules = 0;
}

void plan_trace(struct plan *plan, unsigned call)
{
    watch_more(plan, call, PLAN_TRACE);
}

void plan_trace_all(struct plan *plan)
{
    for (unsigned call = 0; call < CALL_COUNT; call++)
        if (calls[call].reach & plan->engine)
            plan_trace(plan, call);
}

static bool same_path(const char *kept, const char *path)
{
    size_t index = 0;
    while (index < PLAN_EVENT_MODULE_MAX - 1 && path[index] && kept[index] == path[index])
        index++;
    return index == PLAN_EVENT_MODULE_MAX - 1 || kept[index] == path[index];
}

/* Two processes may add the same path at once; it is then there twice, which does no harm. */
uint32_t plan_module(struct plan *plan, const char *path)
{
    for (uint32_t number = 0; number < PLAN_MODULES_MAX; number++) {
        struct plan_module *module = &plan->modules[number];
        uint32_t state = atomic_load_explicit(&module->state, memory_order_acquire);
        if (state == PLAN_MODULE_READY && same_path(module->path, path))
            return number;
        if (state != PLAN_MODULE_FREE ||
            !atomic_compare_exchange_strong(&module->state, &state, PLAN_MODULE_WRITING))
            continue;
        for (size_t index = 0; index < PLAN_EVENT_MODULE_MAX - 1 && path[index]; index++)
            module->path[index] = path[index];
        atomic_store_explicit(&module->state, PLAN_MODULE_READY, memory_order_release);
        return number;
    }
    return PLAN_MODULE_UNKNOWN;
}

bool plan_log(struct plan *plan, const struct event *event)
{
    uint64_t mask = (uint64_t)plan->slot_count - 1;
    if (!plan->slot_count || plan->closed)
        return false;
    uint64_t head = atomic_load_explicit(&plan->head, memory_order_relaxed);
    uint64_t ours; /* the turn in which the slot is for this event */
    struct plan_slot *slot;
    for (;;) {
        slot = &plan->slots[head & mask];
        ours = head & ~mask;
        uint64_t turn = atomic_load_explicit(&slot->turn, memory_order_acquire);
        if (turn < ours) {
            atomic_fetch_add(&plan->lost, 1);
            return false;
        }
        if (turn > ours)
            head = atomic_load_explicit(&plan->head, memory_order_relaxed);
        else if (atomic_compare_exchange_weak(&plan->head, &head, head + 1))
            break;
    }
    slot->event = *event;
    /* Fails when the reader gave this writer up for dead (plan_skip()). */
    return atomic_compare_exchange_strong(&slot->turn, &(uint64_t){ours}, ours + 1);
}

struct plan_reader plan_reader_start(struct plan *plan)
{
    return (struct plan_reader){.plan = plan, .slot_count = plan->slot_count};
}

/* The turn of the oldest slot while it is to be written; one more when it is to be read. */
static uint64_t oldest_turn(const struct plan_reader *reader)
{
    return reader->tail & ~((uint64_t)reader->slot_count - 1);
}

static struct plan_slot *oldest(const struct plan_reader *reader)
{
    return &reader->plan->slots[reader->tail & ((uint64_t)reader->slot_count - 1)];
}

bool plan_read(struct plan_reader *reader, struct event *ret_event)
{
    if (!reader->slot_count)
        return false;
    struct plan_slot *slot = oldest(reader);
    uint64_t turn = oldest_turn(reader);
    if (atomic_load_explicit(&slot->turn, memory_order_acquire) != turn + 1)
        return false;
    *ret_event = slot->event;
    ret_event->name[sizeof(ret_event->name) - 1] = '\0';
    ret_event->module[sizeof(ret_event->module) - 1] = '\0';
    ret_event->call %= CALL_COUNT;
    if (ret_event->frame_count > PLAN_FRAMES_MAX)
        ret_event->frame_count = 0;
    if (ret_event->rule >= PLAN_RULES_MAX)
        ret_event->rule = -1;
    atomic_store_explicit(&slot->turn, turn + reader->slot_count, memory_order_release);
    reader->tail++;
    return true;
}

bool plan_waits(const struct plan_reader *reader)
{
    return reader->slot_count && reader->tail < reader->plan->head;
}

bool plan_skip(struct plan_reader *reader)
{
    if (!plan_waits(reader))
        return false;
    uint64_t turn = oldest_turn(reader);
    if (atomic_compare_exchange_strong(&oldest(reader)->turn, &turn, turn + reader->slot_count)) {
        atomic_fetch_add(&reader->plan->lost, 1);
        reader->tail++;
    }
    return true;
}

bool plan_rule_there(const struct plan_rule *slot)
{
    uint32_t state = slot->state;
    return state == PLAN_RULE_ON || state == PLAN_RULE_OFF;
}

uint32_t plan_rule_count(const struct plan *plan)
{
    uint32_t count = plan->rule_count;
    return count < PLAN_RULES_MAX ? count : PLAN_RULES_MAX;
}

void plan_rule_text(const struct plan_rule *slot, char text[RULE_TEXT_MAX])
{
    for (size_t index = 0; index < RULE_TEXT_MAX; index++)
        text[index] = slot->rule.text[index];
    text[RULE_TEXT_MAX - 1] = '\0';
}
