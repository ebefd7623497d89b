/* test_collector.c - the thread that collects for the dashboard: when it does, and what it hands over. */
#include "tests/unit/machine.h"

#include "inspector/dashboard/collector.h"
#include "probes/limits.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

/* An interval nobody waits for, and how long something is waited for that must come. */
static const uint64_t never = UINT64_C(86400000000000);
enum { PATIENCE = 60 };

struct world {
    struct recording recording;
    struct collector *collector;
    struct wish wish;
};

static void start(struct world *world)
{
    struct kernel *kernel;
    assert_int_equal(kernel_open_recording(world->recording.path, &kernel), 0);
    assert_int_equal(collector_start(kernel, &world->wish, &world->collector), 0);
}

static sigset_t telling(void)
{
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, COLLECTOR_SIGNAL);
    return set;
}

/* False when it is not told of anything for so long. */
static bool is_told(time_t seconds)
{
    sigset_t told = telling();
    return sigtimedwait(&told, NULL, &(struct timespec){.tv_sec = seconds}) == COLLECTOR_SIGNAL;
}

static int make_world(void **state)
{
    struct world *world = calloc(1, sizeof(*world));
    if (!world)
        return -1;
    sigset_t told = telling();
    sigprocmask(SIG_BLOCK, &told, NULL);
    world->recording = machine_start();
    world->wish = (struct wish){.kinds = everything.kinds, .needs = NEED_ALL, .interval = never};
    *state = world;
    return 0;
}

static int free_world(void **state)
{
    struct world *world = *state;
    if (world->collector)
        collector_stop(world->collector);
    while (is_told(0))
        continue;
    recording_end(&world->recording);
    free(world);
    return 0;
}

/* Waits for something to take. A signal may be of what was taken already, together with the one before. */
static int next(struct world *world, struct sample *ret_sample)
{
    int r = 0;
    while (r == 0) {
        assert_true(is_told(PATIENCE));
        r = collector_take(world->collector, ret_sample);
    }
    return r;
}

static struct sample next_sample(struct world *world)
{
    struct sample taken = {0};
    assert_int_equal(next(world, &taken), 1);
    assert_non_null(taken.snapshot);
    return taken;
}

static void skip_sample(struct world *world)
{
    struct sample taken = next_sample(world);
    sample_free(&taken);
}

static void the_first_sample_comes_at_once_and_once(void **state)
{
    struct world *world = *state;
    struct sample again;
    start(world);
    struct sample taken = next_sample(world);
    assert_int_equal(taken.kinds, world->wish.kinds);
    assert_int_equal(taken.needs, world->wish.needs);
    assert_non_null(snapshot_find(taken.snapshot, "sysv-shm:5"));
    assert_null(taken.contents);
    assert_int_equal(collector_take(world->collector, &again), 0);
    sample_free(&taken);
}

static void the_limits_are_read_first_and_when_wished(void **state)
{
    struct world *world = *state;
    start(world);
    struct sample taken = next_sample(world);
    assert_non_null(taken.limits);
    sample_free(&taken);

    collector_now(world->collector);
    taken = next_sample(world);
    assert_null(taken.limits);
    sample_free(&taken);

    world->wish.limits = true;
    collector_wish(world->collector, &world->wish);
    taken = next_sample(world);
    assert_non_null(taken.limits);
    sample_free(&taken);
}

static void what_is_wished_in_addition_is_collected_at_once(void **state)
{
    struct world *world = *state;
    world->wish.kinds = KIND_BIT(sysv_shm);
    world->wish.needs = 0;
    start(world);
    struct sample taken = next_sample(world);
    assert_null(snapshot_find(taken.snapshot, "posix-mq:/jobs"));
    sample_free(&taken);

    world->wish.kinds |= KIND_BIT(posix_mq);
    collector_wish(world->collector, &world->wish);
    taken = next_sample(world);
    assert_non_null(snapshot_find(taken.snapshot, "posix-mq:/jobs"));
    sample_free(&taken);

    world->wish.needs = NEED_VALUES;
    collector_wish(world->collector, &world->wish);
    taken = next_sample(world);
    assert_int_equal(taken.needs, NEED_VALUES);
    sample_free(&taken);
}

static void paused_it_collects_when_told_only(void **state)
{
    struct world *world = *state;
    struct sample none;
    world->wish.paused = true;
    world->wish.interval = 1;
    start(world);
    skip_sample(world);
    collector_now(world->collector);
    skip_sample(world);
    assert_int_equal(collector_take(world->collector, &none), 0);
    world->wish.paused = false;
    world->wish.limits = true;
    collector_wish(world->collector, &world->wish);
    skip_sample(world);
}

static void samples_come_by_themselves(void **state)
{
    struct world *world = *state;
    world->wish.interval = 1000000;
    world->wish.limits = true;
    start(world);
    for (size_t i = 0; i < 5; i++)
        skip_sample(world);
}

/* A change of the tables is told at the next interval, however long ago the last walk was. */
static void a_change_is_told_though_walks_are_put_off(void **state)
{
    struct world *world = *state;
    world->wish.interval = 1000000;
    start(world);
    skip_sample(world);
    recording_write(&world->recording, "proc/sysvipc/shm", "head\n");
    for (bool gone = false; !gone;) {
        struct sample taken = next_sample(world);
        gone = !snapshot_find(taken.snapshot, "sysv-shm:5") ||
               snapshot_find(taken.snapshot, "sysv-shm:5")->fields[FIELD_SIZE].type == VALUE_NONE;
        sample_free(&taken);
    }
}

static void the_contents_of_one_object_are_dumped(void **state)
{
    struct world *world = *state;
    start(world);
    struct sample taken = next_sample(world);
    world->wish.subject = snapshot_find(taken.snapshot, "eventfd:1")->identity;
    world->wish.contents = true;
    sample_free(&taken);

    collector_wish(world->collector, &world->wish);
    taken = next_sample(world);
    assert_non_null(taken.contents);
    sample_free(&taken);

    world->wish.subject.number = 12345;
    collector_wish(world->collector, &world->wish);
    taken = next_sample(world);
    assert_non_null(strstr(taken.contents, "it is gone"));
    sample_free(&taken);
}

static void the_newest_sample_is_handed_over(void **state)
{
    struct world *world = *state;
    world->wish.kinds = KIND_BIT(sysv_shm);
    start(world);
    assert_true(is_told(PATIENCE));
    world->wish.kinds |= KIND_BIT(posix_mq);
    collector_wish(world->collector, &world->wish);
    struct sample taken = next_sample(world), none;
    assert_int_equal(taken.kinds, world->wish.kinds);
    assert_int_equal(collector_take(world->collector, &none), 0);
    sample_free(&taken);
}

/* What fails is told, and tried again. */
static void errors_are_handed_over_and_pass(void **state)
{
    struct world *world = *state;
    struct sample taken;
    assert_int_equal(unlinkat(world->recording.folder, "clock", 0), 0);
    start(world);
    assert_int_equal(next(world, &taken), -ENOENT);
    assert_int_equal(collector_take(world->collector, &taken), 0);
    recording_write(&world->recording, "clock", "1000000000000 1000000000\n");
    collector_now(world->collector);
    skip_sample(world);
}

static void it_ends_with_a_sample_nobody_took(void **state)
{
    struct world *world = *state;
    start(world);
    assert_true(is_told(PATIENCE));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, make_world, free_world)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(the_first_sample_comes_at_once_and_once),
        TEST(the_limits_are_read_first_and_when_wished),
        TEST(what_is_wished_in_addition_is_collected_at_once),
        TEST(paused_it_collects_when_told_only),
        TEST(samples_come_by_themselves),
        TEST(a_change_is_told_though_walks_are_put_off),
        TEST(the_contents_of_one_object_are_dumped),
        TEST(the_newest_sample_is_handed_over),
        TEST(errors_are_handed_over_and_pass),
        TEST(it_ends_with_a_sample_nobody_took),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
