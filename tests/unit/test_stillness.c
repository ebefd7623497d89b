/* test_stillness.c - when the walk over all processes is put off, and for how long, on a made-up machine. */
#include "tests/unit/machine.h"

#include "inspector/dashboard/collector.h"
#include "inspector/dashboard/stillness.h"

static const uint64_t second = UINT64_C(1000000000);

struct world {
    struct recording recording;
    struct kernel *kernel;
    struct stillness stillness;
    struct wish wish;
};

static bool holds(struct world *world, uint64_t now)
{
    return stillness_holds(&world->stillness, world->kernel, &world->wish, now);
}

/* A walk of 50 ms, a second ago, is put off for four seconds; the tables have been looked at once. */
static int make_world(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    if (!world)
        return -1;
    world->recording = machine_start();
    assert_int_equal(kernel_open_recording(world->recording.path, &world->kernel), 0);
    world->wish = (struct wish){.kinds = everything.kinds, .needs = NEED_ALL, .interval = second};
    world->stillness = (struct stillness){.walked = 100 * second, .walk_takes = second / 20};
    assert_false(holds(world, 101 * second));
    *state = world;
    return 0;
}

static int free_world(void **state)
{
    struct world *world = *state;
    kernel_close(world->kernel);
    recording_end(&world->recording);
    free(world);
    return 0;
}

static void it_holds_while_the_tables_stay_the_same(void **state)
{
    struct world *world = *state;
    assert_true(holds(world, 102 * second));
    assert_true(holds(world, 104 * second - 1));
    assert_false(holds(world, 104 * second));
}

static void a_long_walk_is_put_off_for_five_seconds_or_three_intervals(void **state)
{
    struct world *world = *state;
    world->stillness.walk_takes = second;
    assert_true(holds(world, 105 * second - 1));
    assert_false(holds(world, 105 * second));
    world->wish.interval = 10 * second;
    assert_true(holds(world, 130 * second - 1));
    assert_false(holds(world, 130 * second));
}

static void a_short_walk_is_not_put_off(void **state)
{
    struct world *world = *state;
    world->stillness.walk_takes = second / 80;
    assert_false(holds(world, 100 * second));
}

/* Mappings and waits leave no trace in the tables: who looks at one object, or at limits, sees each refresh.
 */
static void what_needs_a_walk_gets_one(void **state)
{
    struct world *world = *state;
    world->wish.limits = true;
    assert_false(holds(world, 102 * second));
    world->wish.limits = false;
    world->wish.contents = true;
    assert_false(holds(world, 102 * second));
    world->wish.contents = false;
    world->wish.all_namespaces = true;
    assert_false(holds(world, 102 * second));
    world->wish.all_namespaces = false;
    assert_true(holds(world, 102 * second));
}

static void check_noticed(struct world *world, const char *path, const char *text)
{
    recording_write(&world->recording, path, text);
    assert_false(holds(world, 102 * second));
    assert_true(holds(world, 102 * second));
}

static void each_change_of_a_table_is_noticed_once(void **state)
{
    struct world *world = *state;
    assert_true(holds(world, 102 * second));
    check_noticed(world, "proc/sysvipc/shm", "head\n99 5 600 4096 20 21 2 0 0 0 0 900 0 900 4096 0\n");
    check_noticed(world, "proc/sysvipc/shm", "head\n");
    check_noticed(world, "proc/sysvipc/sem.4", "1 20 0 0\n");
    check_noticed(world, "proc/sysvipc/msg", "head\n0 6 600 512 4 20 99 0 0 0 0 900 900 900\n");
    check_noticed(world, "dev/mqueue/files", "0 3 10 8192 0 0 0 0 80 80 0 0 0 0 0 0 19 33152 1 0 0 jobs\n");
    check_noticed(world, "dev/shm/files", "0 0 0 0 0 0 77 8192 4096 0 0 0 0 0 20 33152 1 0 0 ring\n");
}

static void kinds_nobody_asked_for_are_not_looked_at(void **state)
{
    struct world *world = *state;
    world->wish.kinds = KIND_BIT(sysv_shm) | KIND_BIT(pipe);
    assert_false(holds(world, 102 * second));
    assert_true(holds(world, 102 * second));
    recording_write(&world->recording, "dev/mqueue/files", "");
    assert_true(holds(world, 102 * second));
    check_noticed(world, "proc/sysvipc/shm", "head\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, free_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_holds_while_the_tables_stay_the_same),
        TEST(a_long_walk_is_put_off_for_five_seconds_or_three_intervals),
        TEST(a_short_walk_is_not_put_off),
        TEST(what_needs_a_walk_gets_one),
        TEST(each_change_of_a_table_is_noticed_once),
        TEST(kinds_nobody_asked_for_are_not_looked_at),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
