/* making.h - the state of one object being made; only the files that implement maker.h look inside. */
#pragma once

#include "common/array.h"
#include "common/strbuf.h"
#include "tests/make_ipc/maker.h"

struct wanted {
    char *key;
    char *value;
};

struct role {
    const char *name;
    struct strbuf pids;
};

struct making {
    const struct maker *maker;
    ARRAY(struct wanted) wanted;
    uint64_t count, index;
    char *name;
    struct strbuf line;
    struct role roles[6];
};

/* Reads "KIND:key=value,..."; dies of anything it does not understand. */
void making_parse(struct making *making, const char *text);
void making_free(struct making *making);

/* Writes the line. */
void making_print(struct making *making);

/* Adds a process to what the line says. */
void making_add_pid(struct making *making, const char *role, pid_t pid);

extern const struct maker *const makers[];

/* process.c: ends all processes made, and undoes what was to be undone. Does nothing in those processes. */
void end_everything(void);
