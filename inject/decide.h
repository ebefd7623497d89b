/*
 * decide.h - which rule applies to a call. Pure: no clock, environment, globals or I/O, so both engines,
 * the tests and a replay come to the same verdict from the same facts.
 */
#pragma once

#include "inject/rule.h"

/* What the rules need to know about a call; an engine fills in what they ask for (decide_needs()). */
struct facts {
    uint16_t call;
    uint64_t arguments[CALL_PARAMS_MAX];
    uint32_t state;         /* STATE_ bits the engine found */
    uint32_t fd_kind;       /* FD_ bit of the descriptor argument, or 0 */
    const char *name;       /* name of the object, or NULL when unknown */
    const char *caller;     /* file name of the calling module, or NULL */
    uint64_t caller_offset; /* in that module */
    uint64_t stack;         /* hash of the calling stack, 0 when unknown */
    const char *proc;       /* process name */
    const char *thread;     /* thread name */
    bool main_thread;
};

enum fact_need {
    NEED_NAME = 1 << 0,
    NEED_FD_KIND = 1 << 1,
    NEED_CALLER = 1 << 2,
    NEED_THREAD = 1 << 3,
    NEED_PROC = 1 << 4,
    NEED_STACK = 1 << 5,
};

/* What must be known of a call. */
struct needs {
    uint32_t facts;  /* NEED_ bits */
    uint32_t states; /* STATE_ bits that an engine has to look up */
};

/* What must be known before this rule can be judged. */
struct needs decide_needs(const struct rule *rule, unsigned call);

/* All states that the call's guards ask for, for who will judge later by rules not known yet. */
uint32_t decide_states(unsigned call);

/*
 * True when the arguments, or the process when its name is known already, rule it out: asked first, because
 * it needs nothing looked up.
 */
bool decide_excludes(const struct rule *rule, const struct facts *facts);

/* True when calls, conditions and guard hold, whatever the rule's `when` and `prob` say. */
bool decide_matches(const struct rule *rule, const struct facts *facts);

/* True when the rule fires on its match number `ordinal` (from 1); `seed` is the run's. */
bool decide_due(const struct rule *rule, uint64_t ordinal, uint64_t seed);

/* True when the guard of an error holds. */
bool decide_guard(const struct guard *guard, const struct facts *facts);

/* Shell-like patterns: * any run, ? one byte, [a-z] and [!a-z] sets, \ takes the next byte as it is. */
bool decide_pattern(const char *pattern, const char *text);
