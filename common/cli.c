/* cli.c - option parsing by getopt_long, with help and messages made from the option tables. */
#include "common/cli.h"

#include "common/array.h"
#include "common/escape.h"
#include "common/strbuf.h"

#include <errno.h>
#include <getopt.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#ifndef SHMOO_VERSION
#define SHMOO_VERSION "unknown"
#endif

enum { CLI_OPTIONS_MAX = 64 };

static const struct cli_option common_options[] = {
    {"help",    'h', NULL, "show this help"  },
    {"version", 'V', NULL, "show the version"},
    {NULL,      0,   NULL, NULL              },
};

struct cli cli_start(const struct command *command, int argc, char **argv)
{
    optind = 0;
    opterr = 0;
    return (struct cli){.command = command, .argc = argc, .argv = argv};
}

static int argument_form(const struct cli_option *option)
{
    if (!option->argument)
        return no_argument;
    return option->argument[0] == '[' ? optional_argument : required_argument;
}

static size_t add_options(const struct cli_option *options, struct option *long_options, size_t count,
                          struct strbuf *letters)
{
    for (; options && options->name && count < CLI_OPTIONS_MAX; options++) {
        long_options[count++] = (struct option){options->name, argument_form(options), NULL, options->letter};
        if (options->letter > 255)
            continue;
        strbuf_add_char(letters, (char)options->letter);
        for (int colons = argument_form(options); colons > 0; colons--)
            strbuf_add_char(letters, ':');
    }
    return count;
}

int cli_next(struct cli *cli)
{
    struct option long_options[CLI_OPTIONS_MAX + 1] = {0};
    AUTO_STRBUF struct strbuf letters = {0};
    strbuf_add_string(&letters, strstr(cli->command->synopsis, "CMD") ? "+:" : ":");
    size_t count = add_options(cli->command->options, long_options, 0, &letters);
    add_options(common_options, long_options, count, &letters);

    int at = optind ? optind : 1;
    int letter = getopt_long(cli->argc, cli->argv, strbuf_text(&letters), long_options, NULL);
    cli->argument = optarg;
    switch (letter) {
    case -1: cli->index = optind; return CLI_END;
    case 'h': cli_print_help(cli->command); return CLI_EXIT;
    case 'V': cli_print_version(); return CLI_EXIT;
    case ':': cli_fail(cli->argv[at], "needs an argument"); return CLI_BAD;
    case '?':
        if (optopt > 0 && optopt < 256)
            cli_fail_format(cli->command->name, "unknown option -%c; see 'shmoo %s --help'", optopt,
                            cli->command->name);
        else
            cli_fail_format(cli->argv[optind - 1], "unknown option; see 'shmoo %s --help'",
                            cli->command->name);
        return CLI_BAD;
    default: return letter;
    }
}

int cli_fail(const char *what, const char *why)
{
    AUTO_STRBUF struct strbuf line = {0};
    strbuf_add_string(&line, "shmoo: ");
    strbuf_add_string(&line, *what ? "" : "''");
    escape_bytes(&line, what, strlen(what), NULL);
    strbuf_add_string(&line, ": ");
    escape_bytes(&line, why, strlen(why), NULL);
    strbuf_add_char(&line, '\n');
    fflush(stdout);
    fputs(line.failed ? "shmoo: out of memory\n" : strbuf_text(&line), stderr);
    return STATUS_FAILED;
}

int cli_fail_errno(const char *what, int error)
{
    return cli_fail(what, strerror(error < 0 ? -error : error));
}

int cli_fail_output(const char *what, int error)
{
    return error == -EIO && ferror(stdout) ? STATUS_FAILED : cli_fail_errno(what, error);
}

int cli_fail_format(const char *what, const char *format, ...)
{
    char why[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(why, sizeof(why), format, arguments);
    va_end(arguments);
    return cli_fail(what, why);
}

static void print_options(const struct cli_option *options)
{
    for (; options && options->name; options++) {
        char name[80];
        const char *argument = options->argument ? options->argument : "";
        const char *space = *argument && *argument != '[' ? " " : "";
        snprintf(name, sizeof(name), "--%s%s%s", options->name, space, argument);
        if (options->letter <= 255)
            printf("  -%c, %-24s %s\n", options->letter, name, options->help);
        else
            printf("      %-24s %s\n", name, options->help);
    }
}

void cli_print_help(const struct command *command)
{
    printf("Usage: shmoo %s%s%s\n\n%s.\n\nOptions:\n", command->name, *command->synopsis ? " " : "",
           command->synopsis, command->summary);
    print_options(command->options);
    print_options(common_options);
    if (command->more_help)
        command->more_help();
}

void cli_print_version(void)
{
    printf("shmoo %s\n", SHMOO_VERSION);
}

int cli_finish(int status)
{
    if (fflush(stdout) == 0 && !ferror(stdout))
        return status;
    return cli_fail_errno("standard output", errno ? errno : EIO);
}
