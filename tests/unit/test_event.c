/* test_event.c - which differences become events, what these say, and how many are kept. */
#include "tests/unit/unit.h"

#include "inspector/dashboard/event.h"
#include "inspector/delta.h"
#include "tests/unit/changeable_snapshot.h"

#include <stdlib.h>

struct world {
    struct changeable before, after;
    struct events events;
};

static int make_world(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    if (!world)
        return -1;
    changeable_make(&world->before, 0);
    changeable_make(&world->after, 5);
    *state = world;
    return 0;
}

static int free_world(void **state)
{
    struct world *world = *state;
    events_free(&world->events);
    free(world);
    return 0;
}

static void add(struct world *world)
{
    struct delta delta;
    assert_int_equal(delta_make(&world->before.snapshot, &world->after.snapshot, UINT64_MAX, &delta), 0);
    events_add(&world->events, &delta);
    delta_free(&delta);
}

static void check_event(const struct world *world, size_t nth, enum event_type type, const char *label,
                        const char *detail)
{
    const struct event *event = events_get(&world->events, nth);
    assert_int_equal(event->type, type);
    assert_string_equal(event->label, label);
    assert_string_equal(event->detail, detail);
    assert_int_equal(event->time, world->after.snapshot.time);
}

static void equal_snapshots_are_no_event(void **state)
{
    struct world *world = *state;
    add(world);
    assert_int_equal(events_kept(&world->events), 0);
}

static void the_first_snapshot_is_no_event(void **state)
{
    struct world *world = *state;
    struct delta delta;
    assert_int_equal(delta_make(NULL, &world->after.snapshot, UINT64_MAX, &delta), 0);
    events_add(&world->events, &delta);
    delta_free(&delta);
    assert_int_equal(events_kept(&world->events), 0);
}

static void what_changes_is_told_with_both_values(void **state)
{
    struct world *world = *state;
    world->after.objects[SAMPLE_SEGMENT].fields[FIELD_SIZE].number *= 2;
    world->after.objects[SAMPLE_FILE].fields[FIELD_STATE] = (struct value)SAMPLE_TEXT(WORD, "live");
    world->after.objects[SAMPLE_FILE].fields[FIELD_SIZE].number = 0;
    changeable_drop_user(&world->after);
    changeable_drop_waiter(&world->after);
    add(world);
    assert_int_equal(events_kept(&world->events), 5);
    check_event(world, 4, EVENT_GREW, "sysv-shm:7", "size 2M to 4M");
    check_event(world, 3, EVENT_DETACHED, "sysv-shm:7", "1 process, before 2");
    check_event(world, 2, EVENT_WAITS, "sysv-sem:8", "0 waiting, before 1");
    check_event(world, 1, EVENT_STATE, sample_objects[SAMPLE_FILE].label, "live, before deleted");
    check_event(world, 0, EVENT_SHRANK, sample_objects[SAMPLE_FILE].label, "size 4K to 0B");
    assert_int_equal(events_get(&world->events, 0)->number, 5);
}

static void other_fields_are_no_event(void **state)
{
    struct world *world = *state;
    world->after.objects[SAMPLE_SEGMENT].fields[FIELD_LPID].number++;
    world->after.objects[SAMPLE_QUEUE].fields[FIELD_MESSAGES].number++;
    world->after.objects[SAMPLE_FILE].fields[FIELD_SIZE].type = VALUE_DENIED;
    add(world);
    assert_int_equal(events_kept(&world->events), 0);
}

static void coming_and_going_is_told(void **state)
{
    struct world *world = *state;
    changeable_drop_last(&world->after);
    add(world);
    check_event(world, 0, EVENT_VANISHED, "posix-mq:/jobs", "");

    changeable_drop_last(&world->before);
    changeable_make(&world->after, 6);
    add(world);
    check_event(world, 0, EVENT_APPEARED, "posix-mq:/jobs", "");
    assert_int_equal(events_kept(&world->events), 2);
}

static void what_is_not_listed_has_no_events(void **state)
{
    struct world *world = *state;
    world->before.objects[SAMPLE_QUEUE].hidden = true;
    world->after.objects[SAMPLE_SEGMENT].hidden = true;
    world->after.objects[SAMPLE_SEGMENT].fields[FIELD_SIZE].number *= 2;
    changeable_drop_last(&world->after);
    add(world);
    assert_int_equal(events_kept(&world->events), 0);
}

static void the_oldest_are_forgotten(void **state)
{
    struct world *world = *state;
    struct object *object = &world->after.objects[SAMPLE_SEGMENT];
    for (size_t i = 0; i < EVENTS_MAX + 7; i++) {
        object->fields[FIELD_SIZE].number = (uint64_t)(i + 3) << 20;
        add(world);
    }
    assert_int_equal(events_kept(&world->events), EVENTS_MAX);
    assert_int_equal(events_get(&world->events, 0)->number, EVENTS_MAX + 7);
    assert_int_equal(events_get(&world->events, EVENTS_MAX - 1)->number, 8);
    assert_string_equal(events_get(&world->events, EVENTS_MAX - 1)->detail, "size 2M to 10M");
}

static void each_type_has_a_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < EVENT_TYPE_COUNT; i++)
        for (size_t j = 0; j < i; j++)
            assert_string_not_equal(event_type_name((enum event_type)i), event_type_name((enum event_type)j));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, free_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(equal_snapshots_are_no_event),
        TEST(the_first_snapshot_is_no_event),
        TEST(what_changes_is_told_with_both_values),
        TEST(other_fields_are_no_event),
        TEST(coming_and_going_is_told),
        TEST(what_is_not_listed_has_no_events),
        TEST(the_oldest_are_forgotten),
        cmocka_unit_test(each_type_has_a_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
