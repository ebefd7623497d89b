/* main.c - finds the command and runs it. Every command is a row of cmds.def. */
#include "common/array.h"
#include "common/cli.h"
#include "common/suggest.h"
#include "inspector/commands.h"
#include "inspector/complete.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/*
 * A closed 0, 1 or 2 would be handed to the first file we open, which would then be written to or read from.
 * What takes its place cannot be used either, so that output that gets lost is an error still.
 */
static int fill_standard_descriptors(void)
{
    for (int fd = 0; fd <= 2; fd++)
        if (fcntl(fd, F_GETFD) < 0 && errno == EBADF && open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
            return -errno;
    return 0;
}

static void print_usage(void)
{
    printf("Usage: shmoo [COMMAND] [OPTIONS] [ARGUMENTS]\n\n"
           "See, stress and clean up IPC objects. Without a command: the dashboard on a terminal,\n"
           "the list otherwise.\n\nCommands:\n");
    for (const struct command *const *command = commands; *command; command++)
        printf("  %-10s %s\n", (*command)->name, (*command)->summary);
    printf("\n'shmoo COMMAND --help' tells the options; shmoo(1) and shmoo-COMMAND(1) tell the rest.\n"
           "Exit status: 0 fine, 1 findings, 2 could not do it.\n");
}

static int unknown_command(const char *name)
{
    struct suggest suggest = suggest_start(name, strlen(name));
    for (const struct command *const *command = commands; *command; command++)
        suggest_offer(&suggest, (*command)->name);
    if (suggest.best)
        return cli_fail_format(name, "no such command (did you mean '%s'?)", suggest.best);
    return cli_fail(name, "no such command; see 'shmoo --help'");
}

int main(int argc, char **argv)
{
    int r = fill_standard_descriptors();
    if (r < 0)
        return STATUS_FAILED;
    setlocale(LC_CTYPE, "");

    const char *name = argc > 1 ? argv[1] : isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) ? "top" : "list";
    if (strcmp(name, "-h") == 0 || strcmp(name, "--help") == 0 || strcmp(name, "help") == 0) {
        print_usage();
        return cli_finish(STATUS_FINE);
    }
    if (strcmp(name, "-V") == 0 || strcmp(name, "--version") == 0) {
        cli_print_version();
        return cli_finish(STATUS_FINE);
    }
    if (strcmp(name, "--complete") == 0)
        return complete(argc - 2, argv + 2);
    const struct command *command = command_find(name);
    if (!command)
        return unknown_command(name);
    if (argc > 1)
        return command->run(argc - 1, argv + 1);
    char *alone[] = {(char *)name, NULL};
    return command->run(1, alone);
}
