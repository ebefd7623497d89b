/*
 * make_call.c - makes one call of inject/calls.def, with arguments for which one of its errors is possible,
 * and checks what it sees: that error, in the call's own way of failing, and a world that did not change.
 *
 *   make_call --all SHMOO ENGINE        every call and error that the engine reaches, each in a run of its
 * own make_call --one SHMOO ENGINE CALL ERROR make_call --call CALL ERROR         what the runs above run
 * under shmoo
 *
 * Objects are made before shmoo starts and inherited, so that the rule under test meets the tested call only.
 */
#include "tests/targets/make_call/make_call.h"

#include "inject/rule.h"
#include "inject/shim/wrap.h"

#include <stdio.h>
#include <sys/syscall.h>
#include <sys/wait.h>

enum { UNTOUCHED = 12345 };

static char own_path[4096];
static volatile sig_atomic_t raised;

static void note_signal(int signal)
{
    raised = signal;
}

/* --- the calls --- */

static int give_signal(pid_t pid, int signo, void *value)
{
    return sigqueue(pid, signo, (union sigval){.sival_ptr = value});
}

static int give_thread_signal(pthread_t thread, int signo, void *value)
{
    return pthread_sigqueue(thread, signo, (union sigval){.sival_ptr = value});
}

static int futex(unsigned *word, int op, unsigned value, const struct timespec *timeout)
{
    return (int)syscall(SYS_futex, word, op, value, timeout, NULL, 0);
}

#define sigqueue(...)         give_signal(__VA_ARGS__)
#define pthread_sigqueue(...) give_thread_signal(__VA_ARGS__)

#pragma GCC diagnostic ignored "-Wdeprecated-declarations"
#pragma GCC diagnostic ignored "-Wunused-result"

#define CALL(name, type, fails, group, engines, system, parameters, menu) \
    static uint64_t make_##name(const uint64_t *a)                        \
    {                                                                     \
        return (uint64_t)name(TYPED_##parameters);                        \
    }
#define CALL_OWN CALL
#define CALL_RAW CALL
#include "inject/calls.def"
#undef CALL

static uint64_t (*const makers[CALL_COUNT])(const uint64_t *) = {
#define CALL(name, ...) [CALL_##name] = make_##name,
#include "inject/calls.def"
#undef CALL
};

/* --- the check --- */

static bool closes(unsigned number)
{
    return number == CALL_close || number == CALL_mq_close;
}

static int complain(const char *what, unsigned number, int error, uint64_t result, int got)
{
    printf("%s %s: %s (result %#llx, errno %s)\n", calls[number].name, strerrorname_np(error), what,
           (unsigned long long)result, strerrorname_np(got) ? strerrorname_np(got) : "untouched");
    return 1;
}

static int check_call(unsigned number, int error)
{
    const struct call *call = &calls[number];
    const struct guard *guard = &call_error_find(call, error)->guard;
    uint64_t arguments[CALL_PARAMS_MAX] = {0};
    read_ids();
    make_locks(call, guard->state);
    pick_arguments(call, guard, arguments);
    uint64_t before = world();
    before = world(); /* the first one filled caches */
    signal(SIGPIPE, note_signal);
    signal(SIGXFSZ, note_signal);
    errno = UNTOUCHED;
    uint64_t result = makers[number](arguments);
    int got = errno;
    if (result != call_failed_result(call, error))
        return complain("another result", number, error, result, got);
    if (call->failure != FAILURE_RETURNED && got != error)
        return complain("another errno", number, error, result, got);
    if (call->failure == FAILURE_RETURNED && getenv("MAKE_CALL_PRELOAD") && got != UNTOUCHED)
        return complain("errno was touched", number, error, result, got);
    if (raised != call_error_signal(number, error, arguments))
        return complain("another signal", number, error, result, got);
    if (closes(number))
        return syscall(SYS_fcntl, (int)arguments[0], F_GETFD) >= 0
                   ? complain("still open", number, error, result, got)
                   : 0;
    if (world() != before)
        return complain("had an effect", number, error, result, got);
    return 0;
}

/* --- running them under shmoo --- */

static int run_one(const char *shmoo, const char *engine, unsigned number, const struct call_error *row)
{
    char rule[192];
    const char *force = row->guard.state & STATE_UNKNOWABLE ? ":force" : "";
    const char *other = row->guard.fd_kinds == FD_OTHER ? ":fd=other" : "";
    snprintf(rule, sizeof(rule), "%s:error=%s%s%s", calls[number].name, strerrorname_np(row->error), other,
             force);
    pid_t pid = fork();
    if (pid == 0) {
        execl(shmoo, shmoo, "inject", "--engine", engine, "-q", "--must-fire", "-e", rule, "--", own_path,
              "--call", calls[number].name, strerrorname_np(row->error), NULL);
        give_up(shmoo);
    }
    int status = 0;
    if (waitpid(pid, &status, 0) < 0)
        give_up("waitpid");
    if (status)
        printf("%s under %s: status %#x\n", rule, engine, status);
    return status != 0;
}

static bool reached(unsigned number, const struct call_error *row, unsigned engine)
{
    if ((row->guard.state & STATE_FILE_MAPPING) && fcntl(DISK, F_GETFD) < 0) {
        printf("%s %s: skipped, all file systems here are memory\n", calls[number].name,
               strerrorname_np(row->error));
        return false;
    }
    return (calls[number].reach & engine) && !(engine == REACH_SECCOMP && row->guard.preload_only);
}

static int run_all(const char *shmoo, const char *engine, const char *only_call, const char *only_error)
{
    unsigned reach = strcmp(engine, "preload") == 0 ? REACH_PRELOAD : REACH_SECCOMP;
    int made = 0;
    int failed = 0;
    for (unsigned number = 0; number < CALL_COUNT; number++)
        for (const struct call_error *row = calls[number].errors;
             row < calls[number].errors + CALL_ERRORS_MAX && row->error; row++) {
            if (!reached(number, row, reach) || (only_call && strcmp(calls[number].name, only_call) != 0) ||
                (only_error && strcmp(strerrorname_np(row->error), only_error) != 0))
                continue;
            made++;
            failed += run_one(shmoo, engine, number, row);
        }
    printf("%s: %d made, %d failed\n", engine, made, failed);
    return failed || !made;
}

static int find_error(const struct call *call, const char *name)
{
    for (const struct call_error *row = call->errors; row < call->errors + CALL_ERRORS_MAX && row->error;
         row++)
        if (strcmp(strerrorname_np(row->error), name) == 0)
            return row->error;
    return 0;
}

int main(int argc, char **argv)
{
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (argc == 4 && strcmp(argv[1], "--call") == 0) {
        int number = call_find(argv[2], strlen(argv[2]));
        int error = number < 0 ? 0 : find_error(&calls[number], argv[3]);
        return error ? check_call((unsigned)number, error) : 3;
    }
    if (argc != 4 && argc != 6)
        return 3;
    if (readlink("/proc/self/exe", own_path, sizeof(own_path) - 1) < 0)
        give_up("own path");
    make_objects();
    if (strcmp(argv[3], "preload") == 0)
        setenv("MAKE_CALL_PRELOAD", "1", 1);
    int status = run_all(argv[2], argv[3], argc == 6 ? argv[4] : NULL, argc == 6 ? argv[5] : NULL);
    read_ids();
    remove_objects();
    return status;
}
