/* Decisions: patterns, guards, conditions, ordinals and chance. */
#include "tests/unit/unit.h"

#include "common/array.h"

#include "inject/argument_state.h"
#include "inject/decide.h"
#include "inject/rule_parse.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/file.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>

static struct rule parsed(const char *text)
{
    struct rule rule;
    struct rule_error error = {0};
    if (rule_parse(text, &rule, &error) < 0)
        fail_msg("%s: %s", text, error.message);
    return rule;
}

static void test_patterns(void **state)
{
    (void)state;
    static const struct {
        const char *pattern, *text;
        bool matches;
    } rows[] = {
        {"*",       "",       true },
        {"/jobs*",  "/jobs1", true },
        {"/jobs*",  "/job",   false},
        {"?",       "",       false},
        {"a?c",     "abc",    true },
        {"[a-c]x",  "bx",     true },
        {"[!a-c]x", "bx",     false},
        {"[]]",     "]",      true },
        {"[a",      "a",      false},
        {"\\*",     "*",      true },
        {"\\*",     "x",      false},
        {"*a*b",    "xaxxb",  true },
        {"*a*b",    "xbxxa",  false},
        {"",        "",       true },
        {"",        "a",      false},
        {"**",      "abc",    true },
        {"[a-]",    "-",      true },
        {"x*y*z",   "xyyz",   true },
        {"abc\\",   "abc\\",  true },
    };
    for (size_t index = 0; index < COUNT_OF(rows); index++)
        if (decide_pattern(rows[index].pattern, rows[index].text) != rows[index].matches)
            fail_msg("%s ~ %s", rows[index].pattern, rows[index].text);
}

static void test_guards(void **state)
{
    (void)state;
    struct rule exists = parsed("shm_open:error=EEXIST");
    struct facts facts = {
        .call = CALL_shm_open, .arguments = {0, O_CREAT | O_RDWR, 0600}
    };
    assert_false(decide_matches(&exists, &facts));
    facts.arguments[1] |= O_EXCL;
    assert_true(decide_matches(&exists, &facts));
    struct rule forced = parsed("shm_open:error=EEXIST:force");
    facts.arguments[1] = O_RDONLY;
    assert_true(decide_matches(&forced, &facts));

    struct rule space = parsed("shmget:error=ENOSPC");
    facts = (struct facts){
        .call = CALL_shmget, .arguments = {0x5eed, 4096, 0600}
    };
    assert_false(decide_matches(&space, &facts));
    facts.arguments[0] = IPC_PRIVATE;
    assert_true(decide_matches(&space, &facts));

    struct rule rmid = parsed("shmctl:error=EPERM");
    facts = (struct facts){
        .call = CALL_shmctl, .arguments = {1, IPC_STAT, 0},
             .state = STATE_FOREIGN
    };
    assert_false(decide_matches(&rmid, &facts));
    facts.arguments[1] = IPC_RMID;
    assert_true(decide_matches(&rmid, &facts));

    struct rule full = parsed("mq_send:error=EAGAIN");
    facts = (struct facts){.call = CALL_mq_send, .state = STATE_BLOCKING};
    assert_false(decide_matches(&full, &facts));
    facts.state = STATE_NONBLOCK;
    assert_true(decide_matches(&full, &facts));

    struct rule limit = parsed("sigqueue:error=EAGAIN");
    facts = (struct facts){
        .call = CALL_sigqueue, .arguments = {1, SIGUSR1}
    };
    assert_false(decide_matches(&limit, &facts));
    facts.arguments[1] = 40;
    assert_true(decide_matches(&limit, &facts));
}

/* Looking things up costs system calls: nothing is asked for that the rule's guard does not name. */
static void test_only_states_of_the_guard_are_asked_for(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        unsigned call;
        uint32_t states;
    } rows[] = {
        {"mq_send:error=EAGAIN",       CALL_mq_send,  STATE_NONBLOCK    },
        {"mq_send:error=EMSGSIZE",     CALL_mq_send,  STATE_TOO_LONG    },
        {"mq_send:error=EBADF",        CALL_mq_send,  0                 },
        {"mq_send:error=EAGAIN:force", CALL_mq_send,  0                 },
        {"sigqueue:error=EAGAIN",      CALL_sigqueue, 0                 }, /* told by the number itself */
        {"msync:error=EIO",            CALL_msync,    STATE_FILE_MAPPING},
    };
    for (size_t index = 0; index < COUNT_OF(rows); index++) {
        struct rule rule = parsed(rows[index].text);
        assert_int_equal(decide_needs(&rule, rows[index].call).states, rows[index].states);
    }
    assert_int_equal(decide_states(CALL_mprotect), STATE_READ_MAPPING);
}

/* Whether a rule matches such a call. */
struct possibility {
    const char *rule;
    struct facts facts;
    bool possible;
};

static void check_possible(const struct possibility *rows, size_t count)
{
    for (size_t index = 0; index < count; index++) {
        struct rule rule = parsed(rows[index].rule);
        if (decide_matches(&rule, &rows[index].facts) != rows[index].possible)
            fail_msg("%zu: %s", index, rows[index].rule);
    }
}

/* A lock is given back, a semaphore added to, and a child there: what others do cannot make these fail. */
static void test_guards_of_what_cannot_be_held_up(void **state)
{
    (void)state;
    static const struct possibility rows[] = {
        {"fcntl:error=EAGAIN",
         {.call = CALL_fcntl, .arguments = {5, F_SETLK}, .fd_kind = FD_OTHER, .state = STATE_WAITABLE},
         true                                                                                                             },
        {"fcntl:error=EAGAIN",              {.call = CALL_fcntl, .arguments = {5, F_SETLK}, .fd_kind = FD_OTHER},    false},
        {"fcntl:error=EMFILE",              {.call = CALL_fcntl, .arguments = {5, F_DUPFD}, .fd_kind = FD_OTHER},    false},
        {"fcntl:error=EMFILE",              {.call = CALL_fcntl, .arguments = {5, F_DUPFD}, .fd_kind = FD_PIPE},     true },
        {"flock:error=EINTR",               {.call = CALL_flock, .arguments = {5, LOCK_EX}, .state = STATE_HANDLER}, true },
        {"flock:error=EINTR",               {.call = CALL_flock, .arguments = {5, LOCK_UN}, .state = STATE_HANDLER}, false},
        {"kill:error=ESRCH",                {.call = CALL_kill, .arguments = {7, SIGTERM}, .state = STATE_STRANGER}, true },
        {"kill:error=ESRCH",                {.call = CALL_kill, .arguments = {7, SIGTERM}},                          false},
        {"semtimedop:error=EAGAIN",         {.call = CALL_semtimedop, .state = STATE_WAITABLE},                      true },
        {"semtimedop:error=EAGAIN",         {.call = CALL_semtimedop},                                               false},
        {"pthread_mutex_init:error=ENOMEM", {.call = CALL_pthread_mutex_init},                                       false},
    };
    check_possible(rows, COUNT_OF(rows));
}

/*
 * Nobody but others' objects is refused, nobody without a handler interrupted, and what a pipe, a queue or a
 * file can fail with differs.
 */
static void test_guards_of_whose_it_is_and_what(void **state)
{
    (void)state;
    static const struct possibility rows[] = {
        {"shmctl:error=EPERM",        {.call = CALL_shmctl, .arguments = {1, IPC_RMID}},                       false},
        {"shmctl:error=EPERM",
         {.call = CALL_shmctl, .arguments = {1, IPC_RMID}, .state = STATE_FOREIGN},
         true                                                                                                       },
        {"shmctl:error=EPERM",        {.call = CALL_shmctl, .arguments = {1, SHM_LOCK}},                       true },
        {"msgctl:error=EPERM",        {.call = CALL_msgctl, .arguments = {1, IPC_SET}},                        true },
        {"msgctl:error=EPERM",        {.call = CALL_msgctl, .arguments = {1, IPC_RMID}},                       false},
        {"shmdt:error=EINVAL",        {.call = CALL_shmdt},                                                    true },
        {"shm_unlink:error=EACCES",   {.call = CALL_shm_unlink},                                               false},
        {"shm_unlink:error=EACCES",   {.call = CALL_shm_unlink, .state = STATE_FOREIGN},                       true },
        {"shm_open:error=EACCES",     {.call = CALL_shm_open, .arguments = {1, O_CREAT | O_EXCL}},             false},
        {"shm_open:error=EACCES",     {.call = CALL_shm_open, .arguments = {1, O_CREAT}},                      true },
        {"kill:error=EPERM",          {.call = CALL_kill, .arguments = {7, SIGTERM}, .state = STATE_STRANGER}, false},
        {"kill:error=EPERM",          {.call = CALL_kill, .arguments = {7, SIGTERM}, .state = STATE_FOREIGN},  true },
        {"mq_receive:error=EMSGSIZE", {.call = CALL_mq_receive, .state = STATE_TOO_LONG},                      false},
        {"mq_receive:error=EMSGSIZE", {.call = CALL_mq_receive, .state = STATE_TOO_SHORT},                     true },
        {"mq_receive:error=EINTR",    {.call = CALL_mq_receive, .state = STATE_BLOCKING},                      false},
        {"mq_receive:error=EINTR",    {.call = CALL_mq_receive, .state = STATE_BLOCKING | STATE_HANDLER},      true },
        {"semop:error=EINTR",         {.call = CALL_semop, .state = STATE_BLOCKING},                           true },
        {"read:error=EINTR:fd=any",
         {.call = CALL_read, .fd_kind = FD_MQ, .state = STATE_BLOCKING | STATE_HANDLER},
         false                                                                                                      },
        {"read:error=EINTR",
         {.call = CALL_read, .fd_kind = FD_PIPE, .state = STATE_BLOCKING | STATE_HANDLER},
         true                                                                                                       },
        {"read:error=EIO",            {.call = CALL_read, .fd_kind = FD_PIPE},                                 false},
        {"read:error=EIO",            {.call = CALL_read, .fd_kind = FD_SHM},                                  true },
        {"write:error=EPIPE",         {.call = CALL_write, .fd_kind = FD_EVENTFD},                             false},
        {"close:error=EIO:fd=any",    {.call = CALL_close, .fd_kind = FD_SOCKET},                              false},
        {"close:error=EIO:fd=any",    {.call = CALL_close, .fd_kind = FD_OTHER},                               true },
    };
    check_possible(rows, COUNT_OF(rows));
}

static void test_what_operations_can_be_held_up(void **state)
{
    (void)state;
    static const struct {
        struct sembuf operation;
        uint32_t state;
    } rows[] = {
        {{0, -1, 0},          STATE_WAITABLE | STATE_BLOCKING},
        {{0, 0, 0},           STATE_WAITABLE | STATE_BLOCKING},
        {{0, -1, IPC_NOWAIT}, STATE_WAITABLE | STATE_NONBLOCK},
        {{0, 1, 0},           0                              },
        {{0, 1, IPC_NOWAIT},  0                              },
        {{0, 1, SEM_UNDO},    STATE_UNDO                     },
    };
    for (size_t index = 0; index < COUNT_OF(rows); index++) {
        union argument_memory memory = {.operations = {rows[index].operation}};
        assert_int_equal(argument_pointed_state(ROLE_SEMOPS, &memory, sizeof(struct sembuf)),
                         rows[index].state);
    }
    union argument_memory two = {
        .operations = {{0, -1, 0}, {3, 1, 0}}
    };
    assert_int_equal(argument_set_state(&two, 2 * sizeof(struct sembuf), 4), 0);
    assert_int_equal(argument_set_state(&two, 2 * sizeof(struct sembuf), 3), STATE_BEYOND);
    assert_int_equal(argument_message_state(64, 64), 0);
    assert_int_equal(argument_message_state(65, 64), STATE_TOO_LONG);
    assert_int_equal(argument_message_state(63, 64), STATE_TOO_SHORT);
    const struct flock locks[] = {{.l_type = F_WRLCK}, {.l_type = F_UNLCK}};
    for (size_t index = 0; index < COUNT_OF(locks); index++) {
        union argument_memory memory = {0};
        memcpy(&memory, &locks[index], sizeof(locks[index]));
        assert_int_equal(argument_pointed_state(ROLE_FCNTL_ARGUMENT, &memory, sizeof(struct flock)),
                         index ? 0 : STATE_WAITABLE);
    }
}

/* Of a file of 4096 bytes. A tmpfs gives F_SEAL_SEAL to all its files, memfd_create() may give F_SEAL_EXEC.
 */
static void test_what_seals_forbid(void **state)
{
    (void)state;
    enum { SHARED = PROT_READ | PROT_WRITE, HOLE = FALLOC_FL_PUNCH_HOLE | FALLOC_FL_KEEP_SIZE };
    static const struct {
        unsigned call;
        uint64_t arguments[CALL_PARAMS_MAX];
        int seals; /* each of which forbids it alone; the others do not, all together */
    } rows[] = {
        {CALL_ftruncate,       {3, 4095},                         F_SEAL_SHRINK                     },
        {CALL_ftruncate,       {3, 4097},                         F_SEAL_GROW                       },
        {CALL_ftruncate,       {3, 4096},                         0                                 },
        {CALL_posix_fallocate, {3, 4000, 97},                     F_SEAL_GROW                       },
        {CALL_posix_fallocate, {3, 4000, 96},                     0                                 },
        {CALL_fallocate,       {3, FALLOC_FL_KEEP_SIZE, 0, 4097}, F_SEAL_GROW                       },
        {CALL_fallocate,       {3, HOLE, 0, 8192},                F_SEAL_WRITE | F_SEAL_FUTURE_WRITE},
        {CALL_mmap,            {0, 9000, SHARED, MAP_SHARED, 3},  F_SEAL_WRITE | F_SEAL_FUTURE_WRITE},
        {CALL_mmap,            {0, 9000, SHARED, MAP_PRIVATE, 3}, 0                                 },
        {CALL_mmap,            {0, 9, PROT_READ, MAP_SHARED, 3},  0                                 },
        {CALL_write,           {3, 0, 1},                         F_SEAL_WRITE | F_SEAL_FUTURE_WRITE},
    };
    const int all = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE | F_SEAL_FUTURE_WRITE | 32;
    for (size_t index = 0; index < COUNT_OF(rows); index++) {
        const uint64_t *arguments = rows[index].arguments;
        assert_int_equal(argument_seal_state(rows[index].call, arguments, -1, 4096), 0);
        assert_int_equal(argument_seal_state(rows[index].call, arguments, all & ~rows[index].seals, 4096), 0);
        for (int seal = 1; seal <= all; seal *= 2)
            if (rows[index].seals & seal)
                assert_int_equal(argument_seal_state(rows[index].call, arguments, seal, 4096), STATE_SEALED);
    }
}

static void test_conditions(void **state)
{
    (void)state;
    struct rule rule = parsed("mmap:error=ENOMEM:size>=1M:flags=MAP_SHARED");
    struct facts facts = {
        .call = CALL_mmap, .arguments = {0, 1 << 20, PROT_READ, MAP_SHARED, 3, 0}
    };
    assert_true(decide_matches(&rule, &facts));
    facts.arguments[1]--;
    assert_false(decide_matches(&rule, &facts));
    facts.arguments[1]++;
    facts.arguments[3] = MAP_PRIVATE;
    assert_false(decide_matches(&rule, &facts));

    rule = parsed("shm_open:error=EMFILE:name=/ring*:proc=work*:thread=main");
    facts = (struct facts){.call = CALL_shm_open, .name = "/ring1", .proc = "worker", .main_thread = true};
    assert_true(decide_matches(&rule, &facts));
    facts.name = NULL;
    assert_false(decide_matches(&rule, &facts));
    facts.name = "/other";
    assert_false(decide_matches(&rule, &facts));
    facts.name = "/ring";
    facts.main_thread = false;
    assert_false(decide_matches(&rule, &facts));
}

static void test_descriptors_are_ipc_unless_said_otherwise(void **state)
{
    (void)state;
    struct rule rule = parsed("write:error=EBADF");
    struct facts facts = {
        .call = CALL_write, .arguments = {5, 0, 1},
             .fd_kind = FD_OTHER
    };
    assert_false(decide_matches(&rule, &facts));
    facts.fd_kind = FD_PIPE;
    assert_true(decide_matches(&rule, &facts));
    rule = parsed("write:error=EBADF:fd=any");
    facts.fd_kind = FD_OTHER;
    assert_true(decide_matches(&rule, &facts));
    rule = parsed("write:error=EBADF:fd=6");
    assert_false(decide_matches(&rule, &facts));
    facts.arguments[0] = 6;
    assert_true(decide_matches(&rule, &facts));
}

static void test_due(void **state)
{
    (void)state;
    static const struct {
        const char *when;
        const char *fires; /* at 1, 2, 3, ... */
    } rows[] = {
        {"when=1",    "x......."},
        {"when=3",    "..x....."},
        {"when=3+",   "..xxxxxx"},
        {"when=3+2",  "..x.x.x."},
        {"when=2..4", ".xxx...."},
    };
    for (size_t index = 0; index < COUNT_OF(rows); index++) {
        char text[64];
        snprintf(text, sizeof(text), "munmap:error=EINVAL:%s", rows[index].when);
        struct rule rule = parsed(text);
        for (uint64_t ordinal = 1; ordinal <= 8; ordinal++)
            assert_int_equal(decide_due(&rule, ordinal, 0), rows[index].fires[ordinal - 1] == 'x');
    }
}

static void test_chance_is_fair_and_the_seeds(void **state)
{
    (void)state;
    struct rule rule = parsed("munmap:error=EINVAL:prob=25%");
    unsigned fired = 0;
    unsigned differing = 0;
    for (uint64_t ordinal = 1; ordinal <= 10000; ordinal++) {
        bool due = decide_due(&rule, ordinal, 1);
        assert_true(due == decide_due(&rule, ordinal, 1));
        fired += due;
        differing += due != decide_due(&rule, ordinal, 2);
    }
    assert_in_range(fired, 2300, 2700);
    assert_in_range(differing, 3000, 4500);
    rule = parsed("munmap:error=EINVAL:prob=0%");
    assert_false(decide_due(&rule, 1, 1));
    rule = parsed("munmap:error=EINVAL:prob=100%");
    assert_true(decide_due(&rule, 1, 1));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_patterns),
        cmocka_unit_test(test_guards),
        cmocka_unit_test(test_only_states_of_the_guard_are_asked_for),
        cmocka_unit_test(test_guards_of_what_cannot_be_held_up),
        cmocka_unit_test(test_guards_of_whose_it_is_and_what),
        cmocka_unit_test(test_what_operations_can_be_held_up),
        cmocka_unit_test(test_what_seals_forbid),
        cmocka_unit_test(test_conditions),
        cmocka_unit_test(test_descriptors_are_ipc_unless_said_otherwise),
        cmocka_unit_test(test_due),
        cmocka_unit_test(test_chance_is_fair_and_the_seeds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
