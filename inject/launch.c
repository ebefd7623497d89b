/* launch.c - see launch.h. */
#include "inject/launch.h"

#include "common/cleanup.h"
#include "common/cli.h"
#include "common/strbuf.h"
#include "inject/engine_seccomp.h"
#include "inject/gaps.h"
#include "inject/names.h"
#include "inject/preload.h"
#include "inject/program.h"
#include "inject/rule_check.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

enum { LOG_SLOTS = 8192 };

static void cleanup_engine(struct seccomp_engine **engine)
{
    seccomp_engine_free(*engine);
}

static int choose_engine(struct launch *launch, const struct program *program)
{
    char text[PROGRAM_REASON_MAX];
    int r = program_engine(program, launch->engine, &launch->chosen, text);
    if (r < 0)
        return cli_fail(r == -EINVAL ? launch->engine : launch->argv[0], text);
    const char *reason = program_no_preload(program);
    if (launch->verbose)
        fprintf(stderr, "shmoo: engine %s%s%s\n", launch->chosen == REACH_PRELOAD ? "preload" : "seccomp",
                reason ? ": " : "", reason ? reason : "");
    return 0;
}

static int resolve_function(struct rule *rule, const struct program *program)
{
    unsigned long long low;
    unsigned long long high;
    if (!rule->func[0])
        return 0;
    const char *path = strchr(rule->caller, '/') ? rule->caller : program->path;
    if (program_function(path, rule->func, &low, &high) < 0)
        return cli_fail_format(rule->text, "func: no function '%s' in the symbols of %s", rule->func, path);
    rule->func_low = low;
    rule->func_high = high;
    if (!rule->caller[0]) {
        const char *base = strrchr(path, '/') + 1;
        snprintf(rule->caller, sizeof(rule->caller), "%.*s", (int)sizeof(rule->caller) - 1, base);
    }
    return 0;
}

static int add_rules(struct launch *launch, const struct program *program)
{
    struct plan *plan = launch->session.plan;
    for (size_t index = 0; index < launch->rule_count; index++) {
        struct rule rule = launch->rules[index];
        struct rule_error error = {0};
        if (rule_check_engine(&rule, launch->chosen, &error) < 0)
            return cli_fail(rule.text, error.message);
        int r = resolve_function(&rule, program);
        if (r)
            return r;
        if (plan_add(plan, &rule) < 0)
            return cli_fail_format(rule.text, "more than %d rules", PLAN_RULES_MAX);
    }
    for (unsigned call = 0; call < CALL_COUNT; call++)
        if (launch->traced[call / 64] >> (call % 64) & 1)
            plan_trace(plan, call);
    plan->log_faults = launch->log_faults;
    return 0;
}

/* The outer run loses what this one takes over; it is told, so that it can say so. */
static void tell_outer_run(void)
{
    const char *path = getenv(PLAN_VARIABLE);
    const char *name = path ? strrchr(path, '/') : NULL;
    const char *end = name ? strstr(name, ".plan") : NULL;
    char outer[64];
    struct session session;
    if (!end ||
        (size_t)snprintf(outer, sizeof(outer), "%.*s", (int)(end - name - 1), name + 1) >= sizeof(outer))
        return;
    if (session_open(outer, &session) < 0)
        return;
    atomic_fetch_add(&session.plan->handed_over, 1);
    session_close(&session);
}

/* Whether the program is made to get around the shim with one of the calls that are watched. */
static bool expects_escapes(const struct plan *plan, const struct program *program)
{
    struct program_syscalls wanted = {0};
    for (unsigned number = 0; number < CALL_COUNT; number++)
        for (unsigned which = 0; plan->watch[number].rules && which < CALL_SYSCALLS_MAX; which++) {
            const struct call_syscall *system = &calls[number].syscalls[which];
            if (system->name[0] && system->number >= 0 && system->number < PROGRAM_SYSCALLS_MAX)
                wanted.bits[system->number / 64] |= 1ULL << (system->number % 64);
        }
    return program_makes_syscall(program, &wanted);
}

static int run_with_engine(struct launch *launch, const struct program *program, int *ret_status)
{
    CLEANUP(cleanup_engine) struct seccomp_engine *engine = NULL;
    char shim[PATH_MAX];
    struct run run = {.argv = launch->argv, .plan = launch->session.plan, .sink = launch->sink};
    bool audit = launch->chosen == REACH_PRELOAD && (launch->escapes || expects_escapes(run.plan, program));
    if (launch->chosen == REACH_SECCOMP || audit) {
        int r = seccomp_engine_new(run.plan, audit, &engine);
        if (r < 0)
            return cli_fail_errno("seccomp", r);
        run.seccomp = engine;
        if (launch->returns && !audit)
            seccomp_engine_want_returns(engine);
        run.seccomp_optional = audit && !launch->escapes;
    }
    if (launch->chosen == REACH_PRELOAD) {
        int r = preload_find(shim);
        if (r == -EINVAL)
            return cli_fail(shim, "a path with a space or colon cannot be preloaded");
        if (r < 0)
            return cli_fail_errno("libshmoo-inject.so", r);
        run.shim = shim;
        run.sanitizer = program->sanitizer;
        run.plan_path = launch->session.path;
    }
    if (run.shim) /* only one shim has the calls; a filter has those that the outer shim lets pass */
        tell_outer_run();
    int r = run_command(&run, ret_status);
    if (r == 0 && engine && seccomp_engine_returns(engine) < 0)
        fprintf(stderr, "shmoo: results and times of calls are not known: ptrace: %s\n",
                strerror(-seccomp_engine_returns(engine)));
    launch->ran = r == 0;
    if (r == -EBUSY)
        return cli_fail(launch->argv[0],
                        "this run is inside another whose seccomp engine has its calls already");
    return r < 0 ? cli_fail_errno(launch->argv[0], r) : 0;
}

int launch_open_log(FILE **log, const char *path)
{
    if (*log)
        fclose(*log);
    *log = fopen(path, "we");
    if (!*log)
        return cli_fail_errno(path, errno);
    setvbuf(*log, NULL, _IOLBF, 0); /* for those who look while the command runs */
    return 0;
}

/* A command that was killed has not run clean: its status stands. One that ended by itself has. */
static int say_unarmed(const struct launch *launch, int wait_status)
{
    if (WIFSIGNALED(wait_status)) {
        AUTO_STRBUF struct strbuf signal = {0};
        names_add_signal(&signal, WTERMSIG(wait_status));
        cli_fail_format(launch->argv[0],
                        "ended by %s before it loaded the shim: nothing was injected or traced",
                        strbuf_text(&signal));
        return run_exit_code(wait_status);
    }
    return cli_fail(launch->argv[0],
                    "ran, but did not load the shim: nothing was injected or traced; try --engine seccomp");
}

int launch_run(struct launch *launch)
{
    struct program program;
    int status = 0;
    launch->session = SESSION_NONE;
    int r = program_look(launch->argv[0], &program);
    if (r < 0)
        return cli_fail_errno(launch->argv[0], r);
    if (choose_engine(launch, &program))
        return STATUS_FAILED;

    bool logs = launch->log_faults;
    for (unsigned word = 0; word < RULE_CALL_WORDS; word++)
        logs |= launch->traced[word] != 0;
    r = session_create(launch->name, logs ? LOG_SLOTS : 0, launch->seed, &launch->session);
    if (r < 0)
        return cli_fail(launch->name ? launch->name : "session",
                        launch->name ? session_error(r) : strerror(-r));
    launch->session.plan->engine = launch->chosen;
    if (add_rules(launch, &program) || run_with_engine(launch, &program, &status))
        return STATUS_FAILED;
    if (!plan_valid(launch->session.plan, launch->session.size)) {
        launch->ran = false;
        return cli_fail(launch->argv[0],
                        "truncated or overwrote the memory of this run: what was injected is not known");
    }
    if (launch->chosen == REACH_PRELOAD && !launch->session.plan->armed)
        return say_unarmed(launch, status);
    gaps_say(launch->session.plan, launch->chosen);
    return run_exit_code(status);
}

void launch_end(struct launch *launch)
{
    session_close(&launch->session);
}
