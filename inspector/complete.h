/*
 * complete.h - `shmoo --complete WORD...`: what the last word on a command line can become, for the
 * completion scripts in contrib/. Words come from the same tables as the help: commands, options, kinds,
 * columns, objects.
 */
#pragma once

/* `words` is what follows "shmoo" up to the cursor. Writes a candidate a line; "@command", "@user" and
 * "@file" stand for what the shell knows better. Returns an exit status. */
int complete(int count, char **words);
