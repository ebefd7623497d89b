/* cmd_trace.c - `shmoo trace`: the IPC calls of a command, as it makes them. See shmoo-trace(1). */
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/strbuf.h"
#include "inject/call_site.h"
#include "inject/event_text.h"
#include "inject/launch.h"
#include "inject/rule_list.h"
#include "inject/trace_summary.h"

#include <errno.h>
#include <stdio.h>

enum { OPTION_ENGINE = 256 };

static const struct cli_option options[] = {
    {"calls",   'c',           "CALLS",  "trace these only, as shm_open,%mq,sem_* (default all)" },
    {"rule",    'e',           "RULE",   "inject by this rule too (repeatable)"                  },
    {"output",  'o',           "FILE",   "write to FILE instead of standard error"               },
    {"json",    'J',           NULL,     "one JSON object a line"                                },
    {"summary", 's',           NULL,     "tables per call, object and call site, at the end only"},
    {"engine",  OPTION_ENGINE, "ENGINE", "auto (default), preload or seccomp"                    },
    {"verbose", 'v',           NULL,     "say which engine was taken, and why"                   },
    {NULL,      0,             NULL,     NULL                                                    },
};

struct trace {
    struct launch launch;
    struct rule_list rules;
    struct call_sites *sites;
    struct trace_summary *summary;
    FILE *file; /* NULL for stderr */
    bool json, summarize;
};

static FILE *output(const struct trace *trace)
{
    return trace->file ? trace->file : stderr;
}

static void write_event(void *context, const struct event *event)
{
    struct trace *trace = context;
    AUTO_STRBUF struct strbuf line = {0};
    if (trace->summary) {
        trace_summary_add(trace->summary, event);
        return;
    }
    if (trace->json)
        event_add_json(&line, event, trace->sites);
    else
        event_add_line(&line, event, trace->sites);
    fputs(strbuf_text(&line), output(trace));
}

static int set_option(struct trace *trace, int letter, const char *argument)
{
    switch (letter) {
    case 'c': return rule_list_calls(argument, trace->launch.traced);
    case 'e': return rule_list_add(&trace->rules, argument, NULL);
    case 'o': return launch_open_log(&trace->file, argument);
    case 'J': trace->json = true; return 0;
    case 's': trace->summarize = true; return 0;
    case 'v': trace->launch.verbose = true; return 0;
    default: trace->launch.engine = argument; return 0;
    }
}

static int run(struct trace *trace)
{
    struct launch *launch = &trace->launch;
    if (trace->json && trace->summarize)
        return cli_fail("--json", "is for lines, which --summary replaces");
    if (!launch->argv[0])
        return cli_fail("trace", "no command; see 'shmoo trace --help'");
    bool chosen = false;
    for (unsigned word = 0; word < RULE_CALL_WORDS; word++)
        chosen |= launch->traced[word] != 0;
    if (!chosen && rule_list_calls("all", launch->traced))
        return STATUS_FAILED;
    trace->sites = call_sites_new();
    trace->summary = trace->summarize ? trace_summary_new(trace->sites) : NULL;
    if (!trace->sites || (trace->summarize && !trace->summary))
        return cli_fail_errno("trace", errno);
    launch->returns = true;
    launch->rules = trace->rules.rules.items;
    launch->rule_count = trace->rules.rules.count;
    launch->sink = (struct event_sink){write_event, trace};
    int status = launch_run(launch);
    launch_end(launch);
    if (launch->ran && trace->summary)
        trace_summary_print(trace->summary, output(trace));
    if (trace->file && (fflush(trace->file) != 0 || ferror(trace->file)))
        status = cli_fail_errno("output", errno ? errno : EIO);
    return status;
}

static void cleanup_trace(struct trace *trace)
{
    rule_list_free(&trace->rules);
    trace_summary_free(trace->summary);
    call_sites_free(trace->sites);
    cleanup_fclose(&trace->file);
}

static int trace_run(int argc, char **argv);

const struct command cmd_trace = {
    .name = "trace",
    .synopsis = "[OPTIONS] -- CMD [ARG...]",
    .summary = "Show the IPC calls of a command, with results, times and callers",
    .options = options,
    .words = "command",
    .run = trace_run,
};

static int trace_run(int argc, char **argv)
{
    CLEANUP(cleanup_trace) struct trace trace = {.launch = {.engine = "auto"}};
    struct cli cli = cli_start(&cmd_trace, argc, argv);
    int letter;
    while ((letter = cli_next(&cli)) >= 0) {
        int r = set_option(&trace, letter, cli.argument);
        if (r)
            return r;
    }
    if (letter != CLI_END)
        return letter == CLI_EXIT ? cli_finish(STATUS_FINE) : STATUS_FAILED;
    trace.launch.argv = argv + cli.index;
    return run(&trace);
}
