/* finding.c - see finding.h. */
#include "inspector/finding.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

#define RULE(name) extern const struct rule rule_##name;
#include "inspector/findings.def"
#undef RULE

const struct rule *const rules[] = {
#define RULE(name) &rule_##name,
#include "inspector/findings.def"
#undef RULE
    NULL,
};

const char *confidence_name(enum confidence confidence)
{
    static const char *const names[] = {"hint", "likely", "certain"};
    return names[confidence];
}

const char *confidence_condition(enum confidence confidence)
{
    return confidence == CONFIDENCE_CERTAIN ? "provided" : "certain if";
}

int findings_find(const struct evidence *evidence, struct findings *ret_findings)
{
    struct findings findings = {0};
    int r = 0;
    for (const struct rule *const *rule = rules; *rule && r == 0; rule++)
        if (((*rule)->needs & ~evidence->needs) == 0)
            r = (*rule)->find(evidence, &findings);
    if (r < 0) {
        findings_free(&findings);
        return r;
    }
    *ret_findings = findings;
    return 0;
}

int findings_each_object(const struct evidence *evidence, struct findings *findings,
                         int (*look)(const struct snapshot *snapshot, const struct object *object,
                                     struct findings *findings))
{
    int r = 0;
    for (size_t i = 0; i < evidence->snapshot->object_count && r == 0; i++)
        r = look(evidence->snapshot, evidence->snapshot->objects[i], findings);
    return r;
}

struct finding *finding_add(struct findings *findings, const struct rule *rule, enum confidence confidence,
                            const struct object *object, const char *format, ...)
{
    char reason[512];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(reason, sizeof(reason), format, arguments);
    va_end(arguments);
    const char *copy = arena_string(&findings->arena, reason);
    const void *objects = arena_copy(&findings->arena, &object, sizeof(object));
    struct finding *finding = copy && objects ? array_push(&findings->all) : NULL;
    if (!finding)
        return NULL;
    *finding = (struct finding){.rule = rule,
                                .confidence = confidence,
                                .objects = objects,
                                .object_count = object ? 1 : 0,
                                .reason = copy};
    return finding;
}

bool finding_set_pids(struct findings *findings, struct finding *finding, const pid_t *pids, size_t count)
{
    const void *copy = arena_copy(&findings->arena, pids, count * sizeof(*pids));
    if (!copy)
        return false;
    finding->pids = copy;
    finding->pid_count = count;
    return true;
}

bool finding_set_objects(struct findings *findings, struct finding *finding,
                         const struct object *const *objects, size_t count)
{
    const void *copy = arena_copy(&findings->arena, objects, count * sizeof(struct object *));
    if (!copy)
        return false;
    finding->objects = copy;
    finding->object_count = count;
    return true;
}

bool finding_concerns(const struct finding *finding, const struct object *object)
{
    for (size_t i = 0; i < finding->object_count; i++)
        if (finding->objects[i] == object)
            return true;
    return false;
}

const struct finding *findings_of(const struct findings *findings, const struct object *object)
{
    const struct finding *gravest = NULL;
    array_each(&findings->all, finding)
    {
        if (finding_concerns(finding, object) && (!gravest || finding->confidence > gravest->confidence))
            gravest = finding;
    }
    return gravest;
}

const struct finding *findings_by(const struct findings *findings, const struct rule *rule,
                                  const struct object *object)
{
    array_each(&findings->all, finding)
    {
        if (finding->rule == rule && finding_concerns(finding, object))
            return finding;
    }
    return NULL;
}

size_t findings_count(const struct findings *findings, const struct rule *rule)
{
    size_t count = 0;
    array_each(&findings->all, finding) count += finding->rule == rule;
    return count;
}

void findings_free(struct findings *findings)
{
    arena_free(&findings->arena);
    array_free(&findings->all);
}
