/* environment.c - see environment.h. */
#include "inject/sweep/environment.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/file.h"

#include <errno.h>
#include <fcntl.h>
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

int environment_enter(const struct environment *environment)
{
    if (!environment->sysctl)
        return 0;
    AUTO_CLOSE int fd = open(environment->sysctl, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    return fd < 0 ? -errno : file_write_all(fd, environment->value, strlen(environment->value));
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
