/*
 * cli.h - what every command of shmoo shares: a descriptor, option tables, help made from them, one form of
 * error message, exit codes. Only commands use this; libraries return -errno and say nothing.
 */
#pragma once

#include <stdbool.h>

enum {
    STATUS_FINE = 0,
    STATUS_FINDINGS = 1,
    STATUS_FAILED = 2,
};

struct cli_option {
    const char *name;     /* long name, without dashes */
    int letter;           /* short letter, or a number above 255 for none */
    const char *argument; /* what follows it ("COLUMN"), "[=RANGE]" when optional, NULL for none */
    const char *help;     /* one line */
};

/* What a command is; one const instance at the end of each cmd_*.c, one row in cmds.def. */
struct command {
    const char *name;
    const char *synopsis;             /* what follows "shmoo NAME " in the usage line */
    const char *summary;              /* one line, no full stop */
    const struct cli_option *options; /* ends with a NULL name */
    const char *words;       /* what operands complete to: "kind", "object", "command", NULL for files */
    void (*more_help)(void); /* prints tables the help should end with (kinds, columns), or NULL */
    int (*run)(int argc, char **argv);
};

/* Reads options; all members but `argument` and `index` are private. */
struct cli {
    const struct command *command;
    int argc;
    char **argv;
    const char *argument; /* of the option just returned, or NULL */
    int index;            /* first operand, once cli_next() returned CLI_END */
};

enum { CLI_END = -1, CLI_EXIT = -2, CLI_BAD = -3 };

struct cli cli_start(const struct command *command, int argc, char **argv);

/*
 * The letter of the next option; CLI_END when only operands are left; CLI_EXIT when help or the version was
 * printed; CLI_BAD when the option is unknown or lacks its argument, which has been said on stderr.
 * Options end at the first operand when the synopsis contains "CMD", so that CMD keeps its own options.
 */
int cli_next(struct cli *cli);

/* Says "shmoo: WHAT: WHY" on stderr, both made harmless for a terminal. Returns STATUS_FAILED. */
int cli_fail(const char *what, const char *why);
int cli_fail_errno(const char *what, int error);
int cli_fail_format(const char *what, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The same for what went wrong in writing to stdout. The stream's own error is left to cli_finish(). */
int cli_fail_output(const char *what, int error);

void cli_print_help(const struct command *command);
void cli_print_version(void);

/* Flushes stdout; returns `status`, or says why and returns STATUS_FAILED when output was lost. */
int cli_finish(int status);
