/* commands.c - see commands.h. */
#include "inspector/commands.h"

#include "common/cli.h"

#include <string.h>

#define COMMAND(name) extern const struct command cmd_##name;
#include "inspector/cmds.def"
#undef COMMAND

const struct command *const commands[] = {
#define COMMAND(name) &cmd_##name,
#include "inspector/cmds.def"
#undef COMMAND
    NULL,
};

const struct command *command_find(const char *name)
{
    for (const struct command *const *command = commands; *command; command++)
        if (strcmp((*command)->name, name) == 0)
            return *command;
    return NULL;
}
