/*
 * names.h - names of flags, commands, errors and signals, both ways. Rules are read and traces written by the
 * same tables.
 */
#pragma once

#include "inject/calls.h"

struct strbuf;

struct named_value {
    const char *name; /* NULL ends a table */
    uint64_t value;
    uint64_t field; /* the bits of which the value is one of several, as O_ACCMODE; 0: bits by themselves */
};

/* The table for a parameter's role, or NULL. Tables of flags list combinations before their parts. */
const struct named_value *names_of_role(enum call_role role);

/* Each finds a value by name; false when there is none. */
bool names_find_error(const char *name, size_t length, int *ret_error);
bool names_find_signal(const char *name, size_t length, int *ret_signal);

/* "EAGAIN"; "" when there is no such error. */
const char *names_error(int error);

/* Appends "SIGUSR1", "SIGRTMIN+1", or the number. */
void names_add_signal(struct strbuf *buffer, int signal);

/* Appends the value by the role's names, as in "O_RDWR|O_CREAT|0x4000000" or "IPC_STAT". */
void names_add_value(struct strbuf *buffer, enum call_role role, uint64_t value);

/* Appends some flags of a role that has names for them. */
void names_add_bits(struct strbuf *buffer, enum call_role role, uint64_t bits);

/* Walks all error names: `cursor` starts at 0. NULL at the end. */
const char *names_next_error(int *cursor);

/* Walks all signal names without "SIG". */
const char *names_next_signal(int *cursor);
