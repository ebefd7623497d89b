/* test_salvage.c - what is used while its contents are taken out is not removed, or nothing of it is lost. */
#include "tests/unit/unit.h"

#include "common/strbuf.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/reap.h"
#include "probes/salvage.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <stdio.h>
#include <string.h>
#include <sys/msg.h>
#include <sys/shm.h>
#include <sys/wait.h>
#include <unistd.h>

struct letter {
    long type;
    char text[8];
};

/* One salvage: what others do meanwhile, and what was seen. */
struct world {
    struct kernel *kernel;
    struct snapshot *snapshot;
    int id;
    mqd_t queue;
    void (*on_see)(struct world *world);  /* at the first part */
    void (*on_keep)(struct world *world); /* before the removal */
    size_t parts;
    struct strbuf why;
};

static int see(void *argument, const struct peek_part *part)
{
    struct world *world = argument;
    assert_non_null(part->bytes);
    if (!world->parts++ && world->on_see)
        world->on_see(world);
    return 0;
}

static int keep(void *argument, const struct object *object)
{
    struct world *world = argument;
    struct reap_options options = {0};
    if (world->on_keep)
        world->on_keep(world);
    return reap(world->snapshot, object, &options, &world->why);
}

/* Takes out and removes the object of that label. */
static int salvage_it(struct world *world, const char *label)
{
    struct kernel_live_options options = {0};
    struct request request = {.kinds = KIND_BIT(sysv_shm) | KIND_BIT(sysv_msg) | KIND_BIT(posix_mq),
                              .needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_VERDICTS};
    const struct salvage_to to = {.see = see, .keep = keep, .argument = world};
    const char *why = NULL;
    world->parts = 0;
    strbuf_clear(&world->why);
    assert_int_equal(kernel_open_live(&options, &world->kernel), 0);
    assert_int_equal(snapshot_collect(world->kernel, &request, &world->snapshot), 0);
    const struct object *object = snapshot_find(world->snapshot, label);
    assert_non_null(object);
    int r = salvage(world->kernel, world->snapshot, object, &to, &why);
    snapshot_free(world->snapshot);
    kernel_close(world->kernel);
    return r;
}

/* In a process of its own, which is dead when the salvage is about who uses what. */
static void in_child(void (*act)(struct world *world), struct world *world)
{
    int status;
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        act(world);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
}

static void send_letter(struct world *world)
{
    struct letter letter = {.type = 7, .text = "letter"};
    if (msgsnd(world->id, &letter, sizeof(letter.text), IPC_NOWAIT) < 0)
        _exit(1);
}

static void send_nothing(struct world *world)
{
    struct letter letter = {.type = 8};
    assert_int_equal(msgsnd(world->id, &letter, 0, IPC_NOWAIT), -1);
    assert_int_equal(errno, EAGAIN);
}

static void receive_letter(struct world *world)
{
    struct letter letter;
    assert_true(msgrcv(world->id, &letter, sizeof(letter.text), 0, IPC_NOWAIT) >= 0);
}

static void make_queue(struct world *world, char *label, size_t room)
{
    world->id = msgget(IPC_PRIVATE, 0600);
    assert_true(world->id >= 0);
    snprintf(label, room, "sysv-msg:%d", world->id);
    in_child(send_letter, world);
}

static void nothing_sent_meanwhile_goes_with_a_queue(void **state)
{
    struct world world = {.on_see = send_nothing, .on_keep = send_nothing};
    struct msqid_ds status;
    char label[64];
    (void)state;
    make_queue(&world, label, sizeof(label));
    assert_int_equal(salvage_it(&world, label), 0);
    assert_int_equal(world.parts, 1);
    assert_int_equal(msgctl(world.id, IPC_STAT, &status), -1);
    strbuf_free(&world.why);
}

static void a_queue_that_stays_takes_messages_again(void **state)
{
    struct world world = {.on_see = receive_letter};
    struct msqid_ds before, after;
    char label[64];
    (void)state;
    make_queue(&world, label, sizeof(label));
    assert_int_equal(msgctl(world.id, IPC_STAT, &before), 0);
    assert_int_equal(salvage_it(&world, label), -EBUSY);
    assert_int_equal(msgctl(world.id, IPC_STAT, &after), 0);
    assert_int_equal(after.msg_qbytes, before.msg_qbytes);
    assert_int_equal(after.msg_perm.mode, before.msg_perm.mode);
    in_child(send_letter, &world);
    assert_int_equal(msgctl(world.id, IPC_RMID, NULL), 0);
    strbuf_free(&world.why);
}

static void attach_and_detach(struct world *world)
{
    void *memory = shmat(world->id, NULL, 0);
    if (memory == (void *)-1 || shmdt(memory) < 0)
        _exit(1);
}

static void attach_in_child(struct world *world)
{
    in_child(attach_and_detach, world);
}

static void a_segment_attached_meanwhile_is_in_use(void **state)
{
    struct world world = {.on_keep = attach_in_child};
    char label[64];
    (void)state;
    world.id = shmget(IPC_PRIVATE, 4096, 0600);
    assert_true(world.id >= 0);
    snprintf(label, sizeof(label), "sysv-shm:%d", world.id);
    assert_int_equal(salvage_it(&world, label), -EBUSY);
    world.on_keep = NULL;
    assert_int_equal(salvage_it(&world, label), 0);
    strbuf_free(&world.why);
}

/* Opened after the users of the queue were listed. */
static void send_by_name(struct world *world)
{
    mqd_t queue = mq_open("/salvage-test", O_WRONLY | O_NONBLOCK);
    (void)world;
    assert_true(queue >= 0);
    assert_int_equal(mq_send(queue, "late", 4, 0), 0);
    mq_close(queue);
}

static void what_a_posix_queue_got_meanwhile_keeps_it(void **state)
{
    struct world world = {.on_keep = send_by_name};
    struct mq_attr attributes = {.mq_maxmsg = 4, .mq_msgsize = 8}, now;
    (void)state;
    mqd_t queue = mq_open("/salvage-test", O_CREAT | O_EXCL | O_WRONLY, 0600, &attributes);
    assert_true(queue >= 0);
    assert_int_equal(mq_send(queue, "early", 5, 1), 0);
    mq_close(queue);
    assert_int_equal(salvage_it(&world, "posix-mq:/salvage-test"), -EBUSY);
    queue = mq_open("/salvage-test", O_RDONLY);
    assert_true(queue >= 0);
    assert_int_equal(mq_getattr(queue, &now), 0);
    assert_int_equal(now.mq_curmsgs, 2);
    mq_close(queue);
    world.on_keep = NULL;
    assert_int_equal(salvage_it(&world, "posix-mq:/salvage-test"), 0);
    strbuf_free(&world.why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_sent_meanwhile_goes_with_a_queue),
        cmocka_unit_test(a_queue_that_stays_takes_messages_again),
        cmocka_unit_test(a_segment_attached_meanwhile_is_in_use),
        cmocka_unit_test(what_a_posix_queue_got_meanwhile_keeps_it),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
