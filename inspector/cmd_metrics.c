/*
 * cmd_metrics.c - `shmoo metrics`: what is known of the machine's IPC as OpenMetrics: once on stdout, into a
 * file for node_exporter, or to whoever asks over HTTP.
 */
#include "common/cli.h"
#include "common/file.h"
#include "common/strbuf.h"
#include "inspector/kind_choice.h"
#include "inspector/metrics.h"
#include "inspector/metrics_server.h"
#include "inspector/metrics_textfile.h"
#include "inspector/sandbox.h"
#include "inspector/source.h"
#include "probes/kernel.h"

#include <errno.h>
#include <string.h>

extern const struct command cmd_metrics;

enum { OPTION_TEXTFILE = 256, OPTION_LISTEN, OPTION_PER_OBJECT };

static const struct cli_option options[] = {
    {"textfile",   OPTION_TEXTFILE,   "FILE",     "write FILE, at once as a whole, for node_exporter"        },
    {"listen",     OPTION_LISTEN,     "ADDRESS",  "answer GET /metrics there: [HOST:]PORT, HOST is 127.0.0.1"},
    {"per-object", OPTION_PER_OBJECT, "[=KINDS]", "also each object by itself: many, and they come and go"   },
    SOURCE_OPTIONS,
    {NULL,         0,                 NULL,       NULL                                                       },
};

struct command_metrics {
    struct source_options source;
    uint64_t each; /* KIND_BIT()s of the kinds told object by object */
    const char *textfile, *listen;
    struct kernel *kernel;
};

/* Appends them all. Returns 0 or -errno. */
static int collect(struct command_metrics *command, struct strbuf *text)
{
    struct metrics metrics;
    int r = metrics_collect(command->kernel, &command->source, &metrics);
    if (r < 0)
        return r;
    r = metrics_render(&metrics, command->each, text);
    metrics_free(&metrics);
    return r;
}

static int answer(void *command, struct strbuf *text)
{
    return collect(command, text);
}

static int print(struct command_metrics *command)
{
    AUTO_STRBUF struct strbuf text = {0};
    int r = source_open(&command->source, &command->kernel);
    if (r)
        return r;
    r = collect(command, &text);
    if (r < 0)
        return cli_fail_errno("metrics", r);
    fwrite(strbuf_text(&text), 1, text.length, stdout);
    return 0;
}

static int write_file(struct command_metrics *command)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct metrics_textfile file;
    int r = metrics_textfile_open(command->textfile, &file);
    if (r == -ENOTSUP)
        return cli_fail(command->textfile, "no regular file, and not replaced by one");
    if (r < 0)
        return cli_fail_errno(command->textfile, r);
    command->source.powers = SANDBOX_REPLACING;
    r = source_open(&command->source, &command->kernel);
    if (r == 0) {
        r = collect(command, &text);
        if (r == 0)
            r = metrics_textfile_write(&file, text.text, text.length);
        r = r < 0 ? cli_fail_errno(command->textfile, r) : 0;
    }
    metrics_textfile_close(&file);
    return r;
}

/* The socket comes first: nothing is opened to the world once the sandbox is entered. */
static int serve(struct command_metrics *command)
{
    struct metrics_server *server;
    int r = metrics_server_open(command->listen, answer, command, &server);
    if (r == -EINVAL)
        return cli_fail(command->listen, "no address like 127.0.0.1:9933, [::1]:9933 or :9933");
    if (r < 0)
        return cli_fail_errno(r == -ELIBACC ? "libmicrohttpd" : command->listen, r);
    command->source.powers = SANDBOX_SERVING;
    r = source_open(&command->source, &command->kernel);
    if (r == 0) {
        cli_fail_format("listening", "http://%s/metrics", metrics_server_address(server));
        r = metrics_server_run(server);
        r = r < 0 ? cli_fail_errno(command->listen, r) : 0;
    }
    metrics_server_close(server);
    return r;
}

static int take_option(struct command_metrics *command, const struct cli *cli, int letter)
{
    switch (letter) {
    case OPTION_TEXTFILE: command->textfile = cli->argument; return 0;
    case OPTION_LISTEN: command->listen = cli->argument; return 0;
    case OPTION_PER_OBJECT:
        if (cli->argument)
            return kinds_add(&command->each, cli->argument);
        command->each |= kinds_usual();
        return 0;
    default: source_option(&command->source, cli, letter); return 0;
    }
}

static int run_with(struct command_metrics *command, int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_metrics, argc, argv);
    int letter, r = 0;
    while (r == 0 && (letter = cli_next(&cli)) >= 0)
        r = take_option(command, &cli, letter);
    if (r)
        return r;
    if (letter != CLI_END)
        return letter == CLI_EXIT ? STATUS_FINE : STATUS_FAILED;
    if (cli.index < argc)
        return cli_fail(argv[cli.index], "metrics takes no operands");
    if (command->textfile && command->listen)
        return cli_fail("--textfile, --listen", "only one of them at a time");
    if (command->listen)
        return serve(command);
    return command->textfile ? write_file(command) : print(command);
}

static int run(int argc, char **argv)
{
    struct command_metrics command = {0};
    int status = run_with(&command, argc, argv);
    kernel_close_auto(&command.kernel);
    return cli_finish(status);
}

const struct command cmd_metrics = {
    .name = "metrics",
    .synopsis = "[OPTIONS]",
    .summary = "Tell Prometheus about the IPC of this machine",
    .options = options,
    .words = "nothing",
    .more_help = metrics_print_help,
    .run = run,
};
