/*
 * session.h - the file behind a plan. It lives in a folder only its owner can enter ($XDG_RUNTIME_DIR/shmoo,
 * /run/shmoo for root, /tmp/shmoo-UID otherwise), is locked while the run lives, and is removed with it.
 */
#pragma once

#include "inject/plan.h"

#include <limits.h>

struct strbuf;

struct session {
    struct plan *plan;
    size_t size; /* of the mapping: what the plan says itself, a program under test may have overwritten */
    int fd;      /* holds the lock of a session of our own */
    bool owner;
    char path[PATH_MAX];
};

#define SESSION_NONE ((struct session){.fd = -1})

/*
 * Makes the plan of a run; `name` may be NULL. Returns 0, -EINVAL for a name that cannot be one, -EEXIST when
 * a run of that name lives, or another -errno.
 */
int session_create(const char *name, uint32_t slots, uint64_t seed, struct session *ret_session);

/* Maps the plan of a running session. Returns 0, -ENOENT when there is none, or another -errno. */
int session_open(const char *name, struct session *ret_session);

/* One line what is wrong, for a code of the functions above. */
const char *session_error(int code);

/* Appends the text of a rule of a run, fit for a terminal: a program under test may have overwritten it. */
void session_add_rule_text(struct strbuf *buffer, const struct plan_rule *slot);

/* Unmaps it; the owner's file is removed. */
void session_close(struct session *session);

/* Names of the running sessions, one call each in any order. Returns 0 or -errno. */
int session_each(void (*each)(const char *name, void *context), void *context);
