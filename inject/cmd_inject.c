/* cmd_inject.c - `shmoo inject`: runs a command with faults. See shmoo-inject(1). */
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "inject/call_site.h"
#include "inject/event_text.h"
#include "inject/gaps.h"
#include "inject/launch.h"
#include "inject/list_calls.h"
#include "inject/rule_list.h"

#include <errno.h>
#include <stdio.h>

enum {
    OPTION_ENGINE = 256,
    OPTION_ESCAPES,
    OPTION_LIST_CALLS,
    OPTION_LOG,
    OPTION_MUST_FIRE,
    OPTION_NAME,
    OPTION_SEED,
    OPTION_JSON
};

static const struct cli_option options[] = {
    {"rule",       'e',               "RULE",   "inject by this rule (repeatable); see shmoo-rules(7)"},
    {"file",       'f',               "FILE",   "read rules from FILE, one a line"                    },
    {"engine",     OPTION_ENGINE,     "ENGINE", "auto (default), preload or seccomp"                  },
    {"seed",       OPTION_SEED,       "NUMBER", "seed for prob= (default 0)"                          },
    {"log",        OPTION_LOG,        "FILE",   "write every fault that fired to FILE, as JSON lines" },
    {"must-fire",  OPTION_MUST_FIRE,  NULL,     "exit 2 when a rule did not fire, or calls escaped"   },
    {"escapes",    OPTION_ESCAPES,    NULL,     "count calls that pass by the preload engine (slow)"  },
    {"name",       OPTION_NAME,       "NAME",   "name the run, for 'shmoo rules NAME'"                },
    {"list-calls", OPTION_LIST_CALLS, NULL,     "print the calls, their errors and engines, and exit" },
    {"json",       OPTION_JSON,       NULL,     "--list-calls as JSON"                                },
    {"quiet",      'q',               NULL,     "no summary of the rules at the end"                  },
    {"verbose",    'v',               NULL,     "say which engine was taken, and why"                 },
    {NULL,         0,                 NULL,     NULL                                                  },
};

struct inject {
    struct launch launch;
    struct rule_list rules;
    struct call_sites *sites;
    FILE *log;
    bool must_fire, quiet, list_calls, json;
};

static void write_event(void *context, const struct event *event)
{
    struct inject *inject = context;
    AUTO_STRBUF struct strbuf line = {0};
    if (event_add_json(&line, event, inject->sites) == 0)
        fputs(strbuf_text(&line), inject->log);
}

static int set_option(struct inject *inject, int letter, const char *argument)
{
    switch (letter) {
    case 'e': return rule_list_add(&inject->rules, argument, NULL);
    case 'f': return rule_list_read(&inject->rules, argument);
    case 'q': inject->quiet = true; return 0;
    case 'v': inject->launch.verbose = true; return 0;
    case OPTION_ENGINE: inject->launch.engine = argument; return 0;
    case OPTION_NAME: inject->launch.name = argument; return 0;
    case OPTION_LOG: return launch_open_log(&inject->log, argument);
    case OPTION_ESCAPES: inject->launch.escapes = true; return 0;
    case OPTION_MUST_FIRE: inject->must_fire = true; return 0;
    case OPTION_LIST_CALLS: inject->list_calls = true; return 0;
    case OPTION_JSON: inject->json = true; return 0;
    default: break;
    }
    if (units_parse_number(argument, &inject->launch.seed) < 0)
        return cli_fail(argument, "not a number");
    return 0;
}

/* Every rule with its counts; true when one never fired. */
static bool summarize(const struct inject *inject)
{
    const struct plan *plan = inject->launch.session.plan;
    bool silent = false;
    for (uint32_t number = 0; number < plan_rule_count(plan); number++) {
        const struct plan_rule *slot = &plan->rules[number];
        if (!plan_rule_there(slot))
            continue;
        AUTO_STRBUF struct strbuf escaped = {0};
        session_add_rule_text(&escaped, slot);
        silent |= !slot->fired;
        if (!inject->quiet)
            fprintf(stderr, "shmoo: rule %u '%s': matched %llu, fired %llu%s\n", number,
                    strbuf_text(&escaped), (unsigned long long)slot->matched, (unsigned long long)slot->fired,
                    slot->fired     ? ""
                    : slot->matched ? "  (never due)"
                                    : "  (no call matched)");
    }
    return silent;
}

static int run(struct inject *inject)
{
    struct launch *launch = &inject->launch;
    if (inject->json)
        return cli_fail("--json", "is for --list-calls; faults are logged as JSON with --log");
    if (!inject->rules.rules.count && !launch->name)
        return cli_fail("inject", "no rules; give one with -e, or a --name to add them while it runs");
    if (!launch->argv[0])
        return cli_fail("inject", "no command; see 'shmoo inject --help'");
    launch->rules = inject->rules.rules.items;
    launch->rule_count = inject->rules.rules.count;
    launch->log_faults = inject->log != NULL;
    if (inject->log) {
        inject->sites = call_sites_new();
        launch->sink = (struct event_sink){write_event, inject};
    }
    int status = launch_run(launch);
    if (launch->ran && summarize(inject) && inject->must_fire)
        status = cli_fail("--must-fire", "a rule did not fire");
    else if (launch->ran && inject->must_fire && gaps_escaped(launch->session.plan))
        status = cli_fail("--must-fire", "calls escaped the shim");
    launch_end(launch);
    if (inject->log && (fflush(inject->log) != 0 || ferror(inject->log)))
        status = cli_fail_errno("log", errno ? errno : EIO);
    return status;
}

static int print_calls(const struct inject *inject)
{
    if (inject->launch.argv[0])
        return cli_fail(inject->launch.argv[0], "--list-calls takes no command");
    int r = list_calls(inject->json);
    return cli_finish(r < 0 ? cli_fail_output("calls", r) : STATUS_FINE);
}

static void cleanup_inject(struct inject *inject)
{
    rule_list_free(&inject->rules);
    call_sites_free(inject->sites);
    cleanup_fclose(&inject->log);
}

static int inject_run(int argc, char **argv);

const struct command cmd_inject = {
    .name = "inject",
    .synopsis = "-e RULE... [OPTIONS] -- CMD [ARG...]",
    .summary = "Run a command with IPC faults injected by rules",
    .options = options,
    .words = "command",
    .run = inject_run,
};

static int inject_run(int argc, char **argv)
{
    CLEANUP(cleanup_inject) struct inject inject = {.launch = {.engine = "auto"}};
    struct cli cli = cli_start(&cmd_inject, argc, argv);
    int letter;
    while ((letter = cli_next(&cli)) >= 0) {
        int r = set_option(&inject, letter, cli.argument);
        if (r)
            return r;
    }
    if (letter != CLI_END)
        return letter == CLI_EXIT ? cli_finish(STATUS_FINE) : STATUS_FAILED;
    inject.launch.argv = argv + cli.index;
    return inject.list_calls ? print_calls(&inject) : run(&inject);
}
