/* cmd_replay.c - `shmoo replay`: one finding of a sweep once more, to be looked at. See shmoo-replay(1). */
#include "common/array.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/file.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "inject/run.h"
#include "inject/sweep/environment.h"
#include "inject/sweep/left.h"
#include "inject/sweep/result_json.h"
#include "inject/sweep/words.h"
#include "inject/world.h"

#include <errno.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

enum { OPTION_GDB = 256, OPTION_VALGRIND, OPTION_TRACE, OPTION_LIMITED };

static const struct cli_option options[] = {
    {"gdb",      OPTION_GDB,      NULL, "under gdb"                              },
    {"valgrind", OPTION_VALGRIND, NULL, "under valgrind"                         },
    {"trace",    OPTION_TRACE,    NULL, "with a trace of its IPC calls"          },
    {"limited",  OPTION_LIMITED,  NULL, "here, with the limits of the trial only"},
    {NULL,       0,               NULL, NULL                                     },
};

/* What runs the command. */
struct tool {
    int option;
    const char *words[8];
};

static const struct tool tools[] = {
    {OPTION_GDB,      {"gdb", "-q", "-ex", "run", "--args"}},
    {OPTION_VALGRIND, {"valgrind", "-q"}                   },
};

typedef ARRAY(char *) words;

static bool add_word(words *list, const char *word)
{
    char **slot = array_push(list);
    if (slot)
        *slot = (char *)(uintptr_t)word;
    return slot;
}

/* FILE:N. The file's name may have colons too. */
static int read_finding(const char *operand, struct sweep_result *ret_result,
                        const struct outcome **ret_outcome)
{
    char reason[JSON_REASON_MAX] = "";
    const char *colon = strrchr(operand, ':');
    uint64_t number;
    if (!colon || units_parse_number(colon + 1, &number) < 0)
        return cli_fail(operand, "not a finding, as shmoo-sweep.json:4");
    AUTO_FREE char *path = strndup(operand, (size_t)(colon - operand));
    int r = path ? result_read(path, ret_result, reason) : -ENOMEM;
    if (r < 0)
        return *reason ? cli_fail(path, reason) : cli_fail_errno(path ? path : operand, r);
    array_each(&ret_result->outcomes, outcome)
    {
        if (outcome->trial.number != number)
            continue;
        *ret_outcome = outcome;
        return 0;
    }
    return cli_fail(operand, "no such finding or trial");
}

/* What takes limits that are meant for the command upon itself must not have them; valgrind is one process
 * with it. */
static bool needs_room(int option)
{
    return option == OPTION_TRACE || option == OPTION_GDB;
}

/*
 * shmoo inject -e RULE -- [TOOL] CMD; without a rule, [TOOL] CMD. With `limited`, a finding, CMD is
 * shmoo replay --limited FINDING, which sets the limits and becomes CMD.
 */
static bool make_words(const struct sweep_result *result, const char *rule, int option, const char *self,
                       const char *limited, words *list)
{
    bool good = true;
    if (rule || option == OPTION_TRACE)
        good = add_word(list, self) && add_word(list, option == OPTION_TRACE ? "trace" : "inject") &&
               add_word(list, "--engine") && add_word(list, result->engine);
    if (rule)
        good = good && add_word(list, "-e") && add_word(list, rule);
    if (list->count)
        good = good && add_word(list, "--");
    for (size_t index = 0; index < COUNT_OF(tools); index++)
        for (const char *const *word = tools[index].words; tools[index].option == option && *word; word++)
            good = good && add_word(list, *word);
    if (limited)
        good = good && add_word(list, self) && add_word(list, "replay") && add_word(list, "--limited") &&
               add_word(list, "--") && add_word(list, limited);
    for (char **word = result->command; !limited && *word; word++)
        good = good && add_word(list, *word);
    return good && array_push(list);
}

static int run_words(char *const *argv, const struct environment *environment, const struct learnt *learnt)
{
    int status;
    pid_t pid = fork();
    if (pid == 0) {
        int r = environment ? environment_limit(environment, learnt, 0) : 0;
        if (r == 0)
            execvp(argv[0], argv);
        cli_fail_errno(argv[0], r < 0 ? r : errno);
        _exit(127);
    }
    if (pid < 0 || waitpid(pid, &status, 0) < 0)
        return cli_fail_errno(argv[0], errno);
    return run_exit_code(status);
}

static int enter_world(const struct environment *environment, const struct learnt *learnt)
{
    struct world world = {.uid = geteuid(), .gid = getegid(), .private_tmp = learnt->private_tmp};
    environment_shape(environment, &world);
    int r = unshare(world_flags(&world)) < 0 ? -errno : world_set_up(&world);
    if (r == 0 && environment)
        environment_furnish(environment, learnt);
    return r;
}

/* Names of objects, and all that a result says, come from outside. */
static void say_left(void)
{
    char left[4096];
    AUTO_STRBUF struct strbuf text = {0};
    left_list(left, sizeof(left), NULL);
    words_lines(&text, left, strlen(left), "");
    if (left[0])
        fprintf(stderr, "shmoo: left behind:\n%s", strbuf_text(&text));
}

static void say_what(const struct environment *environment, const struct outcome *outcome)
{
    AUTO_STRBUF struct strbuf text = {0};
    words_add(&text, environment ? environment->text : outcome->rule);
    strbuf_add_string(&text, ": ");
    words_add(&text, outcome->reason);
    fprintf(stderr, "shmoo: %s\n", strbuf_text(&text));
}

/* In the world that another replay has made. */
static int become_command(const struct sweep_result *result, const struct outcome *outcome)
{
    const char *setting = outcome->trial.setting;
    const struct environment *environment = setting ? environment_find(setting) : NULL;
    int r = environment ? environment_limit(environment, &result->learnt, 0) : 0;
    if (r == 0)
        execvp(result->command[0], result->command);
    return cli_fail_errno(result->command[0], r < 0 ? r : -errno);
}

static int replay(const char *finding, const struct sweep_result *result, const struct outcome *outcome,
                  int option)
{
    const struct trial *trial = &outcome->trial;
    const struct environment *environment = trial->setting ? environment_find(trial->setting) : NULL;
    bool crash = trial->mode == MODE_crash_before || trial->mode == MODE_crash_after;
    words faulty = {0};
    words plain = {0};
    char self[PATH_MAX];
    if (!outcome->rule && !environment)
        return cli_fail_format(result->file, "trial %u has no rule to run it again: it was no finding",
                               trial->number);
    int r = file_own_path(self);
    if (r < 0)
        return cli_fail_errno("/proc/self/exe", r);
    r = enter_world(environment, &result->learnt);
    if (r < 0)
        return cli_fail_errno("a world of its own", r);
    int status = STATUS_FAILED;
    /* After a crash it is the restart that is to be looked at. */
    const char *limited = environment && needs_room(option) ? finding : NULL;
    if (make_words(result, outcome->rule, crash ? 0 : option, self, limited, &faulty) &&
        make_words(result, NULL, option, self, NULL, &plain)) {
        say_what(environment, outcome);
        status = run_words(faulty.items, limited ? NULL : environment, &result->learnt);
        if (crash)
            status = run_words(plain.items, NULL, NULL);
        say_left();
    } else {
        cli_fail_errno("replay", ENOMEM);
    }
    array_free(&faulty);
    array_free(&plain);
    return status;
}

static int run(int argc, char **argv);

const struct command cmd_replay = {
    .name = "replay",
    .synopsis = "[OPTIONS] FILE:N",
    .summary = "Reproduce one finding of a sweep",
    .options = options,
    .run = run,
};

static int run(int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_replay, argc, argv);
    CLEANUP(sweep_result_free) struct sweep_result result = {0};
    const struct outcome *outcome = NULL;
    int option = 0;
    int letter;
    while ((letter = cli_next(&cli)) >= 0)
        option = letter;
    if (letter != CLI_END)
        return letter == CLI_EXIT ? cli_finish(STATUS_FINE) : STATUS_FAILED;
    if (cli.index != argc - 1)
        return cli_fail("replay", "takes one finding, as shmoo-sweep.json:4");
    int r = read_finding(argv[cli.index], &result, &outcome);
    if (r)
        return r;
    return option == OPTION_LIMITED ? become_command(&result, outcome)
                                    : replay(argv[cli.index], &result, outcome, option);
}
