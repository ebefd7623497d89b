/*
 * cmd_waits.c - `shmoo waits`: who waits for what, who probably holds it up, and what can never end. It looks
 * twice: only what has not moved in between is called stuck.
 */
#include "common/array.h"
#include "common/cli.h"
#include "common/units.h"
#include "inspector/finding.h"
#include "inspector/finding_print.h"
#include "inspector/json_parts.h"
#include "inspector/source.h"
#include "inspector/waits_look.h"
#include "inspector/waits_table.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/snapshot.h"

#include <stdio.h>

extern const struct command cmd_waits;

enum { OPTION_FOR = 256 };

static const struct cli_option options[] = {
    {"for",        OPTION_FOR, "DURATION", "look again after this long, show only what did not move"},
    {"json",       'J',        NULL,       "write JSON, see shmoo-json(5)"                          },
    {"noheadings", 'n',        NULL,       "no line of column names"                                },
    SOURCE_OPTIONS,
    {NULL,         0,          NULL,       NULL                                                     },
};

struct command_waits {
    struct source_options source;
    bool json, headings;
    bool chosen; /* --for was given */
    uint64_t pause;
    struct waits_look before, now;
    struct findings findings;
};

static int look(struct command_waits *command, struct kernel *kernel, struct waits_look *ret_look)
{
    int r = waits_look(kernel, command->source.all_namespaces, ret_look);
    return r < 0 ? source_fail(&command->source, r) : 0;
}

/* Keeps what is about waits and has not moved. A recording never moves: it is one look. */
static void keep_stuck(struct command_waits *command)
{
    size_t kept = 0;
    array_each(&command->findings.all, finding)
    {
        if (finding->rule->stuck &&
            (command->source.recording || waits_look_stayed(&command->before, &command->now, finding)))
            command->findings.all.items[kept++] = *finding;
    }
    command->findings.all.count = kept;
}

static void keep_unmoved(struct command_waits *command)
{
    struct waits *waits = &command->now.waits;
    size_t kept = 0;
    array_each(&waits->all, waiting)
    {
        if (wait_has_stayed(&command->before.marks, &command->now.marks, waiting))
            waits->all.items[kept++] = *waiting;
    }
    waits->all.count = kept;
}

static int look_twice(struct command_waits *command, struct kernel *kernel)
{
    int r = 0;
    if (!command->source.recording) {
        r = look(command, kernel, &command->before);
        if (r == 0 && (command->chosen || command->before.waits.all.count))
            waits_pause(command->pause);
    }
    if (r == 0)
        r = look(command, kernel, &command->now);
    if (r)
        return r;
    struct evidence evidence = {.snapshot = command->now.snapshot, .needs = NEED_ALL};
    r = findings_find(&evidence, &command->findings);
    if (r < 0)
        return cli_fail_output("waits", r);
    keep_stuck(command);
    if (command->chosen && !command->source.recording)
        keep_unmoved(command);
    return 0;
}

static void json_holder(struct json *json, const struct waiting *waiting)
{
    if (!waiting->holder)
        return;
    json_open(json, "holder", '{');
    json_number(json, "pid", (uint64_t)waiting->holder);
    if (waiting->holder_tid)
        json_number(json, "tid", (uint64_t)waiting->holder_tid);
    json_text(json, "state", verdict_name(waiting->holder_state));
    json_close(json, '{');
}

static void json_enders(struct json *json, const struct waits *waits, const struct waiting *waiting)
{
    json_open(json, "could_end", '[');
    for (size_t i = 0; i < waiting->enders; i++) {
        uint32_t process = waits->enders.items[waiting->first_ender + i];
        json_number(json, NULL, (uint64_t)waits->snapshot->processes[process].pid);
    }
    json_close(json, '[');
}

static void json_waiting(struct json *json, const struct waits *waits, const struct waiting *waiting)
{
    const struct edge *edge = waiting->edge;
    json_line(json);
    json_open(json, NULL, '{');
    json_process(json, waiting->process);
    if (edge->tid)
        json_number(json, "tid", (uint64_t)edge->tid);
    json_text(json, "object", waiting->object->label);
    if (edge->operation)
        json_text(json, "operation", edge->operation);
    if (edge->unit >= 0) {
        json_number(json, "num", (uint64_t)edge->unit);
        json_signed(json, "amount", edge->amount);
    }
    if (edge->timed)
        json_bool(json, "timed", true);
    if (edge->any)
        json_bool(json, "any", true);
    if (waiting->since)
        json_value(json, "since", value_of(VALUE_TIME, waiting->since));
    json_holder(json, waiting);
    json_enders(json, waits, waiting);
    json_text(json, "stuck", wait_fate_name(waiting->fate));
    json_close(json, '{');
}

static int print_json(const struct command_waits *command)
{
    struct json json = json_begin(stdout);
    json_open(&json, NULL, '{');
    json_number(&json, "schema", 1);
    json_open(&json, "waits", '[');
    array_each(&command->now.waits.all, waiting) json_waiting(&json, &command->now.waits, waiting);
    json_close(&json, '[');
    json_line(&json);
    json_open(&json, "findings", '[');
    array_each(&command->findings.all, finding) json_finding(&json, finding);
    json_close(&json, '[');
    json_line(&json);
    json_coverage(&json, command->now.snapshot);
    json_close(&json, '{');
    return json_end(&json);
}

static int print_text(const struct command_waits *command)
{
    int r = waits_table_render(&command->now.waits, command->headings, stdout);
    if (r == 0 && command->findings.all.count && command->now.waits.all.count)
        putchar('\n');
    array_each(&command->findings.all, finding) finding_print(finding, stdout);
    source_say_coverage(command->now.snapshot);
    return r;
}

static int verdict(const struct command_waits *command)
{
    array_each(&command->findings.all, finding)
    {
        if (finding->confidence == CONFIDENCE_CERTAIN)
            return STATUS_FINDINGS;
    }
    return STATUS_FINE;
}

static int show(struct command_waits *command)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    int r = source_open(&command->source, &kernel);
    if (r == 0)
        r = look_twice(command, kernel);
    if (r)
        return r;
    r = command->json ? print_json(command) : print_text(command);
    return r < 0 ? cli_fail_output("waits", r) : verdict(command);
}

static int take_option(struct command_waits *command, const struct cli *cli, int letter)
{
    switch (letter) {
    case 'J': command->json = true; return 0;
    case 'n': command->headings = false; return 0;
    case OPTION_FOR:
        command->chosen = true;
        return units_parse_duration(cli->argument, &command->pause) < 0
                   ? cli_fail_format("--for", "'%s' is no duration like 5s or 1m", cli->argument)
                   : 0;
    default: source_option(&command->source, cli, letter); return 0;
    }
}

static int run(int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_waits, argc, argv);
    struct command_waits command = {.headings = true, .pause = waits_short_while};
    int letter, r = 0;
    while (r == 0 && (letter = cli_next(&cli)) >= 0)
        r = take_option(&command, &cli, letter);
    if (r)
        return r;
    if (letter != CLI_END)
        return letter == CLI_EXIT ? cli_finish(STATUS_FINE) : STATUS_FAILED;
    if (cli.index < argc)
        return cli_fail(argv[cli.index], "waits takes no operands");
    r = show(&command);
    findings_free(&command.findings);
    waits_look_free(&command.before);
    waits_look_free(&command.now);
    return cli_finish(r);
}

const struct command cmd_waits = {
    .name = "waits",
    .synopsis = "[OPTIONS]",
    .summary = "Show who waits for what, who holds it up, and what is stuck for good",
    .options = options,
    .words = "nothing",
    .run = run,
};
