/* cmd_leaks.c - `shmoo leaks`: its options. What it does is in leaks_now.c and leaks_command.c. */
#include "common/array.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/units.h"
#include "inspector/ids.h"
#include "inspector/leaks.h"

#include <limits.h>
#include <string.h>

extern const struct command cmd_leaks;

enum {
    OPTION_OLDER = 256,
    OPTION_USER,
    OPTION_NAME,
    OPTION_SHARED,
    OPTION_TIMEOUT,
    OPTION_GRACE,
    OPTION_ALLOW,
    OPTION_BASELINE,
    OPTION_JUNIT,
    OPTION_SARIF,
    OPTION_EXIT_CODE,
    OPTION_ATTRIBUTE,
    OPTION_NO_ATTRIBUTE,
};

enum { STATUS_LEAKED = 23 };

static const struct cli_option options[] = {
    {"older",        OPTION_OLDER,        "DURATION", "only orphans made longer ago"              },
    {"user",         OPTION_USER,         "USER",     "only orphans of this user"                 },
    {"name",         OPTION_NAME,         "GLOB",     "only orphans called so"                    },
    {"shared",       OPTION_SHARED,       NULL,       "run CMD in the namespaces of everybody"    },
    {"timeout",      OPTION_TIMEOUT,      "DURATION", "end CMD after this long; the status is 124"},
    {"grace",        OPTION_GRACE,        "DURATION", "how long descendants of CMD may go on (1s)"},
    {"allow",        OPTION_ALLOW,        "GLOB",     "no leak is what matches, may be repeated"  },
    {"baseline",     OPTION_BASELINE,     "FILE",     "nor what this report of --json has"        },
    {"attribute",    OPTION_ATTRIBUTE,    NULL,       "fail when it cannot be told who made what" },
    {"no-attribute", OPTION_NO_ATTRIBUTE, NULL,       "do not load the shim to tell who made what"},
    {"json",         'J',                 NULL,       "write JSON, see shmoo-json(5)"             },
    {"output",       'o',                 "FILE",     "write the report to FILE"                  },
    {"junit",        OPTION_JUNIT,        "FILE",     "write a JUnit report too"                  },
    {"sarif",        OPTION_SARIF,        "FILE",     "write a SARIF report too"                  },
    {"exit-code",    OPTION_EXIT_CODE,    "N",        "status when CMD succeeds and leaks (23)"   },
    SOURCE_OPTIONS,
    {NULL,           0,                   NULL,       NULL                                        },
};

static int set_duration(const char *option, const char *text, uint64_t *ret_duration)
{
    if (units_parse_duration(text, ret_duration) == 0)
        return 0;
    return cli_fail_format(option, "'%s' is no duration like 5s or 1h", text);
}

static int set_user(struct leaks *leaks, const char *text)
{
    uint64_t number;
    leaks->by_user = true;
    if (units_parse_number(text, &number) == 0 && number < UINT32_MAX)
        leaks->user = (uid_t)number;
    else if (!user_find(text, &leaks->user))
        return cli_fail_format("--user", "no user is called '%s'", text);
    return 0;
}

static int set_glob(allowed_list *list, const char *glob)
{
    int r = allowed_add(list, glob);
    return r < 0 ? cli_fail_errno("leaks", r) : 0;
}

static int set_exit_code(struct leaks *leaks, const char *text)
{
    uint64_t number;
    if (units_parse_number(text, &number) < 0 || number > UCHAR_MAX)
        return cli_fail_format("--exit-code", "'%s' is no status", text);
    leaks->exit_code = (int)number;
    return 0;
}

/* Without a command they would do nothing, which is more likely a command that got lost. */
static const char *needs_command(int letter)
{
    switch (letter) {
    case OPTION_SHARED: return "--shared";
    case OPTION_TIMEOUT: return "--timeout";
    case OPTION_GRACE: return "--grace";
    case OPTION_ATTRIBUTE: return "--attribute";
    case OPTION_NO_ATTRIBUTE: return "--no-attribute";
    case OPTION_JUNIT: return "--junit";
    case OPTION_SARIF: return "--sarif";
    case OPTION_EXIT_CODE: return "--exit-code";
    default: return NULL;
    }
}

static int take_option(struct leaks *leaks, const struct cli *cli, int letter)
{
    switch (letter) {
    case 'J': leaks->json = true; return 0;
    case 'o': leaks->output.path = cli->argument; return 0;
    case OPTION_ATTRIBUTE: leaks->attribute = ATTRIBUTE; return 0;
    case OPTION_NO_ATTRIBUTE: leaks->attribute = ATTRIBUTE_NOT; return 0;
    case OPTION_SHARED: leaks->shared = true; return 0;
    case OPTION_OLDER: return set_duration("--older", cli->argument, &leaks->older);
    case OPTION_TIMEOUT: return set_duration("--timeout", cli->argument, &leaks->run.timeout);
    case OPTION_GRACE: return set_duration("--grace", cli->argument, &leaks->run.grace);
    case OPTION_USER: return set_user(leaks, cli->argument);
    case OPTION_NAME: return set_glob(&leaks->names, cli->argument);
    case OPTION_ALLOW: return set_glob(&leaks->allowed, cli->argument);
    case OPTION_BASELINE: return leaks_baseline_add(&leaks->baseline, cli->argument);
    case OPTION_JUNIT: leaks->junit.path = cli->argument; return 0;
    case OPTION_SARIF: leaks->sarif.path = cli->argument; return 0;
    case OPTION_EXIT_CODE: return set_exit_code(leaks, cli->argument);
    default: source_option(&leaks->source, cli, letter); return 0;
    }
}

static int run_with(struct leaks *leaks, int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_leaks, argc, argv);
    const char *lost = NULL;
    int letter, r = 0;
    while (r == 0 && (letter = cli_next(&cli)) >= 0) {
        r = take_option(leaks, &cli, letter);
        lost = lost ? lost : needs_command(letter);
    }
    if (r)
        return r;
    if (letter != CLI_END)
        return letter == CLI_EXIT ? STATUS_FINE : STATUS_FAILED;
    leaks->run.argv = argv + cli.index;
    if (cli.index == argc && strcmp(argv[argc - 1], "--") == 0)
        return cli_fail("leaks", "no command after --");
    if (cli.index == argc && lost)
        return cli_fail(lost, "only with a command");
    if (cli.index == argc)
        return leaks_open_outputs(leaks) ? STATUS_FAILED : leaks_now(leaks);
    if (leaks->source.recording || leaks->source.all_namespaces)
        return cli_fail(argv[cli.index], "a command leaks into no recording and no other namespace");
    return leaks_open_outputs(leaks) ? STATUS_FAILED : leaks_of_command(leaks);
}

static int run(int argc, char **argv)
{
    struct leaks leaks = {.exit_code = STATUS_LEAKED, .run.grace = UINT64_C(1000000000)};
    int status = run_with(&leaks, argc, argv);
    allowed_free(&leaks.names);
    allowed_free(&leaks.allowed);
    leaks_baseline_free(&leaks.baseline);
    leaks_report_free(&leaks.report);
    cleanup_fclose(&leaks.output.file);
    cleanup_fclose(&leaks.junit.file);
    cleanup_fclose(&leaks.sarif.file);
    return cli_finish(status);
}

const struct command cmd_leaks = {
    .name = "leaks",
    .synopsis = "[OPTIONS] [-- CMD [ARGUMENT...]]",
    .summary = "Find orphaned objects, or what a command leaves behind",
    .options = options,
    .words = "command",
    .run = run,
};
