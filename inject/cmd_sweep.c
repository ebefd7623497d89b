/* cmd_sweep.c - `shmoo sweep`: fails every IPC call of a command in turn. See shmoo-sweep(1). */
#include "common/array.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/file.h"
#include "common/units.h"
#include "inject/names.h"
#include "inject/rule_list.h"
#include "inject/sweep/journal.h"
#include "inject/sweep/progress.h"
#include "inject/sweep/report_options.h"
#include "inject/sweep/sweep.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum {
    OPTION_ENGINE = 256,
    OPTION_BUDGET,
    OPTION_CHECK,
    OPTION_DEPTH,
    OPTION_ERRORS,
    OPTION_LIMIT,
    OPTION_LIST,
    OPTION_MEMORY,
    OPTION_ONLY,
    OPTION_PRIVATE_TMP,
    OPTION_RESUME,
    OPTION_SEED,
    OPTION_SETUP,
    OPTION_SHARD,
    OPTION_STDIN,
};

static const struct cli_option options[] = {
    {"calls",        'c',                "CALLS",  "these calls only, as shm_open,%mq,sem_* (default all)"              },
    {"errors",       OPTION_ERRORS,      "ERRORS", "these errors only, as ENOMEM,EINTR, or 'all'"                       },
    {"only",         OPTION_ONLY,        "MODES",  "once, on, crash, delay, environment (default all but delay)"        },
    {"depth",        OPTION_DEPTH,       "N",      "the first N calls of each place, and the last (default 2), or 'all'"},
    {"budget",       OPTION_BUDGET,      "TIME",   "stop after this long, the most telling trials first"                },
    {"jobs",         'j',                "N",      "trials at a time (default: one a processor)"                        },
    {"time-limit",   OPTION_LIMIT,       "TIME",   "for one run (default: 1 s and five times the clean run)"            },
    {"memory-limit", OPTION_MEMORY,      "SIZE",   "for one run (default: 1 GiB and ten times the clean run)"           },
    {"private-tmp",  OPTION_PRIVATE_TMP, NULL,     "an empty /tmp for each trial, as /dev/shm is"                       },
    {"setup",        OPTION_SETUP,       "LINE",   "for sh -c, in each trial's world before CMD"                        },
    {"check",        OPTION_CHECK,       "LINE",   "for sh -c, after CMD: fails when the result is wrong"               },
    {"stdin",        OPTION_STDIN,       "FILE",   "standard input of CMD (default /dev/null)"                          },
    {"list",         OPTION_LIST,        NULL,     "show the trials, and run none"                                      },
    {"resume",       OPTION_RESUME,      NULL,     "go on with what an earlier sweep left in the file of --output"      },
    {"shard",        OPTION_SHARD,       "I/N",    "every Nth trial, from the Ith"                                      },
    {"seed",         OPTION_SEED,        "N",      "of rules with a chance"                                             },
    {"engine",       OPTION_ENGINE,      "ENGINE", "auto (default), preload or seccomp"                                 },
    REPORT_OPTIONS,
    {NULL,           0,                  NULL,     NULL                                                                 },
};

struct options_given {
    struct sweep sweep;
    struct sweep_result result;
    struct report_options report;
    ARRAY(int) errors;
    struct journal journal;
    struct progress progress;
    struct sweep_result earlier; /* taken up again; owns strings of the result */
    bool list;
    bool resume;
};

static int set_errors(struct options_given *given, const char *text)
{
    if (strcmp(text, "all") == 0) {
        given->sweep.choice.every_error = true;
        return 0;
    }
    for (size_t length; *text; text += length + (text[length] == ',')) {
        int error;
        length = strcspn(text, ",");
        if (!names_find_error(text, length, &error))
            return cli_fail_format(text, "not the name of an error, as EAGAIN");
        int *slot = array_push(&given->errors);
        if (!slot)
            return cli_fail_errno("errors", ENOMEM);
        *slot = error;
    }
    return array_push(&given->errors) ? 0 : cli_fail_errno("errors", ENOMEM);
}

static const struct {
    const char *name;
    uint32_t modes;
} mode_words[] = {
    {"once",        1U << MODE_once                                 },
    {"on",          1U << MODE_on                                   },
    {"crash",       1U << MODE_crash_before | 1U << MODE_crash_after},
    {"delay",       1U << MODE_delay                                },
    {"environment", 1U << MODE_environment                          },
};

static int set_modes(struct sweep *sweep, const char *text)
{
    sweep->choice.modes = 0;
    for (size_t length; *text; text += length + (text[length] == ',')) {
        uint32_t modes = 0;
        length = strcspn(text, ",");
        for (size_t index = 0; index < COUNT_OF(mode_words); index++)
            if (strlen(mode_words[index].name) == length && memcmp(mode_words[index].name, text, length) == 0)
                modes = mode_words[index].modes;
        if (!modes)
            return cli_fail(text, "not one of once, on, crash, delay, environment");
        sweep->choice.modes |= modes;
    }
    return 0;
}

static int set_number(const char *option, const char *text, uint64_t low, uint64_t high, uint64_t *ret_value)
{
    uint64_t value;
    if (units_parse_number(text, &value) < 0 || value < low || value > high)
        return cli_fail_format(text, "%s: not a number from %llu to %llu", option, (unsigned long long)low,
                               (unsigned long long)high);
    *ret_value = value;
    return 0;
}

static int set_duration(const char *text, uint64_t *ret_value)
{
    return units_parse_duration(text, ret_value) < 0 || !*ret_value ? cli_fail(text, "not a time, as 60s")
                                                                    : 0;
}

static int set_size(const char *text, uint64_t *ret_value)
{
    return units_parse_size(text, ret_value) < 0 || !*ret_value ? cli_fail(text, "not a size, as 2G") : 0;
}

static int set_shard(struct sweep *sweep, const char *text)
{
    char part[32];
    uint64_t shard = 0;
    uint64_t shards = 0;
    const char *slash = strchr(text, '/');
    if (!slash || (size_t)(slash - text) >= sizeof(part))
        return cli_fail(text, "not a shard, as 2/8");
    snprintf(part, sizeof(part), "%.*s", (int)(slash - text), text);
    if (units_parse_number(part, &shard) < 0 || units_parse_number(slash + 1, &shards) < 0 || shard < 1 ||
        shard > shards || shards > UINT32_MAX)
        return cli_fail(text, "not a shard, as 2/8");
    sweep->shard = (uint32_t)shard;
    sweep->shards = (uint32_t)shards;
    return 0;
}

static int set_option(struct options_given *given, int letter, const char *argument)
{
    struct sweep *sweep = &given->sweep;
    uint64_t number = 0;
    int r = report_option(&given->report, letter, argument);
    if (r)
        return r < 0 ? STATUS_FAILED : 0;
    switch (letter) {
    case 'c': return rule_list_calls(argument, sweep->choice.calls);
    case OPTION_ERRORS: return set_errors(given, argument);
    case OPTION_ONLY: return set_modes(sweep, argument);
    case OPTION_BUDGET: return set_duration(argument, &sweep->budget);
    case OPTION_LIMIT: return set_duration(argument, &sweep->limit);
    case OPTION_MEMORY: return set_size(argument, &sweep->memory);
    case OPTION_SHARD: return set_shard(sweep, argument);
    case OPTION_SEED: return set_number("--seed", argument, 0, INT64_MAX, &sweep->seed);
    case OPTION_SETUP: sweep->target.setup = argument; return 0;
    case OPTION_CHECK: sweep->target.check = argument; return 0;
    case OPTION_STDIN: sweep->target.input = argument; return 0;
    case OPTION_PRIVATE_TMP: given->result.learnt.private_tmp = true; return 0;
    case OPTION_LIST: given->list = true; return 0;
    case OPTION_RESUME: given->resume = true; return 0;
    case OPTION_ENGINE: sweep->engine = argument; return 0;
    case OPTION_DEPTH:
        number = UINT32_MAX - 1;
        r = strcmp(argument, "all") == 0 ? 0 : set_number("--depth", argument, 1, 1000000, &number);
        sweep->depth = (uint32_t)number;
        return r;
    default:
        r = set_number("--jobs", argument, 1, 64, &number);
        sweep->jobs = sweep->sleepers = (unsigned)number;
        return r;
    }
}

static void print_list(const struct sweep *sweep, const struct sweep_result *result)
{
    array_each(&sweep->trials, trial)
    {
        char rule[RULE_TEXT_MAX];
        if (trial_plan_rule(result, trial, rule))
            printf("%5u  %s\n", trial->number, rule);
        else
            printf("%5u  environment %s\n", trial->number, trial->setting);
    }
}

static void step(void *context, const struct sweep_result *result, const struct outcome *outcome, size_t done,
                 size_t count)
{
    struct options_given *given = context;
    (void)result;
    journal_add(&given->journal, outcome);
    progress_step(&given->progress, outcome, done, count);
}

/* Where the result goes: as perf(1) does, to a file here, unless something else was said. */
static const char *default_output(const struct options_given *given)
{
    static const char name[] = "shmoo-sweep.json";
    return !given->report.json && !given->report.output && access(".", W_OK) == 0 ? name
                                                                                  : given->report.output;
}

/* Takes up what an earlier sweep left, and begins a journal. Returns 0 or STATUS_FAILED. */
static int open_journal(struct options_given *given)
{
    const char *path = given->report.output;
    char reason[JSON_REASON_MAX] = "";
    if (given->resume && !path)
        return cli_fail("--resume", "needs the file of the earlier sweep, as --output FILE");
    int r = given->resume
                ? journal_resume(path, &given->sweep.trials, &given->result, &given->earlier, reason)
                : 0;
    if (r < 0)
        return *reason ? cli_fail(path, reason) : cli_fail_errno(path, r);
    r = path ? journal_begin(path, &given->result, &given->journal) : 0;
    return r < 0 ? cli_fail_errno(path, r) : 0;
}

/* For whoever waits for us: a shell ends its loop when a command was interrupted, whatever that has reported.
 */
static void end_by_signal(int signo)
{
    fflush(NULL);
    signal(signo, SIG_DFL);
    raise(signo);
}

static int run_trials(struct options_given *given)
{
    struct sweep *sweep = &given->sweep;
    given->report.output = default_output(given);
    if (open_journal(given))
        return STATUS_FAILED;
    given->progress = progress_start();
    sweep->progress = step;
    sweep->context = given;
    int r = sweep_run(sweep, &given->result);
    progress_end(&given->progress);
    if (r < 0)
        return cli_fail_errno("sweep", r);
    int status = report_finish(&given->report, &given->result);
    if (status != STATUS_FAILED)
        journal_end(&given->journal);
    if (sweep->signal)
        end_by_signal(sweep->signal);
    return status;
}

static int run(struct options_given *given)
{
    struct sweep *sweep = &given->sweep;
    char reason[TARGET_REASON_MAX];
    char self[PATH_MAX];
    if (!sweep->target.argv[0])
        return cli_fail("sweep", "no command; see 'shmoo sweep --help'");
    int r = file_own_path(self);
    if (r < 0)
        return cli_fail_errno("/proc/self/exe", r);
    if (sweep->target.input && access(sweep->target.input, R_OK) < 0)
        return cli_fail_errno(sweep->target.input, -errno);
    sweep->target.shmoo = self;
    sweep->choice.errors = given->errors.items;
    if (!report_options_check(&given->report))
        return STATUS_FAILED;
    given->result.command = (char **)sweep->target.argv;
    if (sweep_prepare(sweep, &given->result, reason) < 0)
        return cli_fail(sweep->target.argv[0], reason);
    if (!given->list)
        return run_trials(given);
    print_list(sweep, &given->result);
    return cli_finish(STATUS_FINE);
}

static int sweep_command(int argc, char **argv);

const struct command cmd_sweep = {
    .name = "sweep",
    .synopsis = "[OPTIONS] -- CMD [ARG...]",
    .summary = "Fail every IPC call of a command in turn, and say what it handles badly",
    .options = options,
    .words = "command",
    .run = sweep_command,
};

static void cleanup_given(struct options_given *given)
{
    sweep_free(&given->sweep);
    sweep_result_free(&given->result);
    sweep_result_free(&given->earlier);
    array_free(&given->errors);
}

static int sweep_command(int argc, char **argv)
{
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    CLEANUP(cleanup_given)
    struct options_given given = {
        .sweep = {.engine = "auto",
                  .choice = {.modes = ~(1U << MODE_delay)},
                  .depth = 2,
                  .jobs = processors > 0 ? (unsigned)processors : 1,
                  .sleepers = processors > 0 ? 4 * (unsigned)processors : 4,
                  .shard = 1,
                  .shards = 1}
    };
    struct cli cli = cli_start(&cmd_sweep, argc, argv);
    int letter;
    while ((letter = cli_next(&cli)) >= 0) {
        int r = set_option(&given, letter, cli.argument);
        if (r)
            return r;
    }
    if (letter != CLI_END)
        return letter == CLI_EXIT ? cli_finish(STATUS_FINE) : STATUS_FAILED;
    given.sweep.target.argv = argv + cli.index;
    return run(&given);
}
