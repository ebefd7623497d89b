/*
 * maker.h - what every maker of make_ipc uses: the wanted attributes, the line it prints, processes that hold
 * an object or wait on it, and what has to be undone at the end. Failures end the program: it is a test
 * fixture.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct making;

struct maker_key {
    const char *name;
    const char *help;
};

/* How to make one kind; one const instance at the end of each maker_*.c, one row in makers.def. */
struct maker {
    const char *kind;
    const struct maker_key *keys; /* ends with a NULL name; every kind has `count` and `comm` too */
    void (*make)(struct making *making);
};

/* --- attributes: KIND:key=value,flag,...; values may contain \xHH escapes --- */

uint64_t want_number(const struct making *making, const char *key, uint64_t otherwise);
uint64_t want_size(const struct making *making, const char *key, uint64_t otherwise);
const char *want_text(const struct making *making, const char *key, const char *otherwise);
bool want(const struct making *making, const char *key);

/* The key `name`, or PREFIX and a serial number; with -N appended when count=N objects are made. */
const char *want_name(struct making *making, const char *prefix);

/* --- the line --- */

/* The object as shmoo prints it. */
void print_object(struct making *making, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* The same for KIND:NAME, with #INODE when it is unlinked (0 otherwise); shmoo escapes # and @ in names too.
 */
void print_named_object(struct making *making, const char *name, unsigned long unlinked_inode);

void print_value(struct making *making, const char *key, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Ends this line and starts another, for makers that make objects in pairs. */
void print_next(struct making *making);

/* --- processes --- */

/*
 * Runs create(context) here, or with the key `orphan` in a process that is gone afterwards; context is of
 * `size` bytes and comes back. Prints creator=PID.
 */
void create_object(struct making *making, void (*create)(void *context), void *context, size_t size);

/* Forks a process that runs work(context) and then stays; returns once it has. Printed under `role`. */
pid_t add_process(struct making *making, const char *role, void (*work)(void *context), void *context);

/* The same for work that calls about_to_wait() and then blocks in system call `call`; returns once it does.
 */
pid_t add_waiter(struct making *making, const char *role, void (*work)(void *context), void *context,
                 long call);
void about_to_wait(void);

/* Adds N processes (the number under key `role`, or `otherwise`). */
void add_processes(struct making *making, const char *role, uint64_t otherwise, void (*work)(void *),
                   void *context);
void add_waiters(struct making *making, const char *role, void (*work)(void *), void *context, long call);

/* Kills a process made here and waits until it is gone. */
void kill_process(pid_t pid);

/* --- the end --- */

/* Remembers what to do when make_ipc ends. `name` is copied, and may be NULL. */
void undo_later(void (*undo)(int id, const char *name), int id, const char *name);
void undo_unlink(int id, const char *name);
void undo_rmdir(int id, const char *name);

/* Says what went wrong with errno, undoes everything and ends. */
_Noreturn void die(const char *what);
_Noreturn void die_saying(const char *what, const char *why);
