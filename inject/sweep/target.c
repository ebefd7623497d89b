/* target.c - see target.h. */
#include "inject/sweep/target.h"

#include "common/cleanup.h"
#include "common/strbuf.h"
#include "inject/preload.h"
#include "inject/program.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>

/* High, so that the command's own descriptors have the numbers they always have. */
enum { PLAN_FD = 200 };

extern char **environ;

int trial_plan_memory_new(uint32_t slots, struct trial_plan_memory *ret_memory)
{
    AUTO_CLOSE int fd = memfd_create("shmoo-plan", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    size_t size = plan_size(slots);
    /* The command has it too: were it to truncate it, touching it would be SIGBUS here. */
    if (fd < 0 || ftruncate(fd, (off_t)size) < 0 ||
        fcntl(fd, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL) < 0)
        return -errno;
    void *plan = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (plan == MAP_FAILED)
        return -errno;
    if (dup3(fd, PLAN_FD, O_CLOEXEC) < 0) {
        int r = -errno;
        munmap(plan, size);
        return r;
    }
    plan_init(plan, slots, 0);
    *ret_memory = (struct trial_plan_memory){plan, size, PLAN_FD};
    return 0;
}

void trial_plan_memory_free(struct trial_plan_memory *memory)
{
    if (!memory->plan)
        return;
    munmap(memory->plan, memory->size);
    close(memory->fd);
    memory->plan = NULL;
}

void trial_plan_memory_clear(struct trial_plan_memory *memory, uint32_t slots, uint64_t seed)
{
    memset((void *)memory->plan, 0, plan_size(slots));
    plan_init(memory->plan, slots, seed);
}

static bool is_variable(const char *entry, const char *name)
{
    size_t length = strlen(name);
    return strncmp(entry, name, length) == 0 && entry[length] == '=';
}

static char *preload_entry(const struct program *program, const char *shim)
{
    AUTO_STRBUF struct strbuf libraries = {0};
    char *entry = NULL;
    preload_libraries(shim, program->sanitizer, &libraries);
    if (libraries.failed || asprintf(&entry, "LD_PRELOAD=%s", strbuf_text(&libraries)) < 0)
        return NULL;
    return entry;
}

/* Ours, with the shim and its plan put in. */
static char **make_environment(const struct program *program, const char *shim)
{
    size_t count = 0;
    while (environ && environ[count])
        count++;
    char **copy = calloc(count + 3, sizeof(*copy));
    char plan[64];
    size_t used = 0;
    bool good = copy;
    snprintf(plan, sizeof(plan), PLAN_VARIABLE "=-1:/proc/1/fd/%d", PLAN_FD);
    for (size_t index = 0; good && index < count; index++)
        if (!is_variable(environ[index], PLAN_VARIABLE) &&
            !(shim && is_variable(environ[index], "LD_PRELOAD")))
            good = (copy[used++] = strdup(environ[index]));
    if (good && shim)
        good = (copy[used++] = preload_entry(program, shim)) && (copy[used++] = strdup(plan));
    if (good)
        return copy;
    for (size_t index = 0; copy && copy[index]; index++)
        free(copy[index]);
    free(copy);
    return NULL;
}

static int fail(char reason[TARGET_REASON_MAX], const char *text, int r)
{
    snprintf(reason, TARGET_REASON_MAX, "%s", text);
    return r;
}

/* An empty /tmp hides what was there. Relative names still lead to it. */
static int check_covered(const char *command, const char *shim, char reason[TARGET_REASON_MAX])
{
    static const char tmp[] = "/tmp/";
    if (strncmp(command, tmp, strlen(tmp)) == 0)
        return fail(reason, "is in /tmp, which --private-tmp empties", -EINVAL);
    if (strncmp(shim, tmp, strlen(tmp)) == 0)
        return fail(reason, "shmoo itself is in /tmp, which --private-tmp empties", -EINVAL);
    return 0;
}

int target_prepare(struct target *target, const char *engine, char reason[TARGET_REASON_MAX])
{
    struct program program;
    char shim[PATH_MAX];
    int r = program_look(target->argv[0], &program);
    if (r < 0)
        return fail(reason, strerror(-r), r);
    r = program_engine(&program, engine, &target->engine, reason);
    if (r < 0)
        return r;
    bool preload = target->engine == REACH_PRELOAD;
    r = preload ? preload_find(shim) : 0;
    if (r == -EINVAL)
        return fail(reason, "a shim in a path with a space or colon cannot be preloaded", r);
    if (r < 0)
        return fail(reason, "libshmoo-inject.so is not where it should be", r);
    r = target->learnt->private_tmp ? check_covered(target->argv[0], preload ? shim : "", reason) : 0;
    if (r < 0)
        return r;
    target->environment = make_environment(&program, preload ? shim : NULL);
    return target->environment ? 0 : fail(reason, strerror(ENOMEM), -ENOMEM);
}

void target_free(struct target *target)
{
    for (size_t index = 0; target->environment && target->environment[index]; index++)
        free(target->environment[index]);
    free((void *)(uintptr_t)target->environment);
    target->environment = NULL;
}
