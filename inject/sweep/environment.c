/* environment.c - see environment.h. */
#include "inject/sweep/environment.h"

#include "common/array.h"
#include "inject/world.h"

#include <errno.h>
#include <string.h>

const struct environment environments[] = {
#define ENVIRONMENT(label, meaning, ...) {.name = #label, .text = meaning, __VA_ARGS__},
#include "inject/sweep/environments.def"
#undef ENVIRONMENT
};
const size_t environment_count = COUNT_OF(environments);

const struct environment *environment_find(const char *name)
{
    for (size_t index = 0; index < environment_count; index++)
        if (strcmp(environments[index].name, name) == 0)
            return &environments[index];
    return NULL;
}

bool environment_applies(const struct environment *environment, const struct learnt *learnt)
{
    if (environment->ends_space)
        return learnt->space;
    return environment->plant == PLANT_NOTHING || learnt->made.count;
}

void environment_shape(const struct environment *environment, struct world *world)
{
    world->shm_options = environment ? environment->shm_options : NULL;
    world->sysctl = environment ? environment->sysctl : NULL;
    world->value = environment ? environment->value : NULL;
}

bool environment_furnish(const struct environment *environment, const struct learnt *learnt)
{
    return environment->plant == PLANT_NOTHING || plant_objects(learnt, environment->plant);
}

int environment_limit(const struct environment *environment, const struct learnt *learnt, uint64_t ours)
{
    const struct rlimit space = {learnt->space + ours, learnt->space + ours};
    if (environment->ends_space && learnt->space && setrlimit(RLIMIT_AS, &space) < 0)
        return -errno;
    const struct rlimit limit = {environment->limit, environment->limit};
    if (environment->limited && setrlimit(environment->resource, &limit) < 0)
        return -errno;
    return plant_obey(environment->plant);
}
