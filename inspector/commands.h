/* commands.h - the table of commands, made from cmds.def. */
#pragma once

struct command;

/* All commands in the order of cmds.def; ends with NULL. */
extern const struct command *const commands[];

/* The command of that name, or NULL. */
const struct command *command_find(const char *name);
