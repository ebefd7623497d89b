/*
 * finding.h - what is wrong with the objects of a snapshot, as rules see it. Rules are pure: a snapshot and
 * the limits go in, findings come out. Each rule is rule_<name>.c and a row of findings.def.
 */
#pragma once

#include "common/arena.h"
#include "common/array.h"
#include "probes/snapshot.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* How sure a rule is. */
enum confidence {
    CONFIDENCE_HINT,    /* worth a look */
    CONFIDENCE_LIKELY,  /* what it looks like, though there are other explanations */
    CONFIDENCE_CERTAIN, /* follows from what the kernel said */
};

/* "hint", "likely", "certain". */
const char *confidence_name(enum confidence confidence);

/* What goes before a finding's `confirm`: "certain if", or "provided" when it is certain already. */
const char *confidence_condition(enum confidence confidence);

struct rule;

struct finding {
    const struct rule *rule;
    enum confidence confidence;
    const struct object *const *objects; /* of the snapshot; none for a limit without objects */
    size_t object_count;
    const pid_t *pids;
    size_t pid_count;
    const char *reason;  /* one line, harmless for a terminal */
    const char *confirm; /* what would make it certain, or what that rests on when it is; or NULL */
};

struct findings {
    struct arena arena;        /* owns what the findings point to, but for objects */
    ARRAY(struct finding) all; /* in the order of findings.def, then of objects */
};

struct limits;

/* What rules may look at. */
struct evidence {
    const struct snapshot *snapshot;
    unsigned needs;              /* NEED_ bits the snapshot was collected with */
    const struct limits *limits; /* NULL when not read */
};

struct rule {
    const char *name;     /* "orphan" */
    const char *plural;   /* "orphans" */
    const char *singular; /* as part of a sentence: "full queue" */
    unsigned needs;       /* NEED_ bits of the snapshot without which it is not run */
    bool stuck;           /* it is about threads that wait for good: what `shmoo waits` reports */
    int (*find)(const struct evidence *evidence, struct findings *findings); /* 0 or -ENOMEM */
};

/* All rules in the order of findings.def; ends with NULL. */
extern const struct rule *const rules[];

/* Runs every rule. Returns 0 or -ENOMEM; the result is freed with findings_free(). */
int findings_find(const struct evidence *evidence, struct findings *ret_findings);

/* The process ids of a finding, copied. False when memory is out. */
bool finding_set_pids(struct findings *findings, struct finding *finding, const pid_t *pids, size_t count);

/* The objects of a finding, copied, in place of the one it was made with. False when memory is out. */
bool finding_set_objects(struct findings *findings, struct finding *finding,
                         const struct object *const *objects, size_t count);

/*
 * Calls `look` for every object of a snapshot, as rules about single objects do. Returns 0 or the first error
 * of `look`.
 */
int findings_each_object(const struct evidence *evidence, struct findings *findings,
                         int (*look)(const struct snapshot *snapshot, const struct object *object,
                                     struct findings *findings));

/* What rules use: a new finding about one object (or none, NULL), its reason formatted. NULL: out of memory.
 */
struct finding *finding_add(struct findings *findings, const struct rule *rule, enum confidence confidence,
                            const struct object *object, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

/* Whether a finding is about that object, among others. */
bool finding_concerns(const struct finding *finding, const struct object *object);

/* The gravest finding about an object, or NULL. */
const struct finding *findings_of(const struct findings *findings, const struct object *object);

/* The first finding of one rule about an object, or NULL. */
const struct finding *findings_by(const struct findings *findings, const struct rule *rule,
                                  const struct object *object);

/* How many findings a rule made. */
size_t findings_count(const struct findings *findings, const struct rule *rule);

void findings_free(struct findings *findings);
