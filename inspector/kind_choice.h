/* kind_choice.h - which kinds a command looks at, by its operands and `--kinds`. */
#pragma once

#include <stdint.h>

/* The kinds meant without a word: all but the noisy ones. KIND_BIT()s. */
uint64_t kinds_usual(void);

/* Adds the kinds of "all" or "kind,kind". Returns 0, or STATUS_FAILED after saying which is unknown. */
int kinds_add(uint64_t *chosen, const char *names);

/* NEED_ bits without which some of these kinds find nothing. */
unsigned kinds_needs(uint64_t chosen);

/* Prints the table of kinds for the help of a command. */
void kinds_print_help(void);
