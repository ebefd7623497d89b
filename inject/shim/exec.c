/*
 * exec.c - keeps the shim loaded across exec: programs that clear or rebuild the environment of their
 * children get the two variables put back. Works on the stack only, because it may run in a child of vfork.
 */
#include "inject/shim/shim.h"

#include <alloca.h>
#include <dlfcn.h>
#include <errno.h>
#include <limits.h>
#include <spawn.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern char **environ;

enum { PRELOAD_MAX = 3 * PATH_MAX, ENVIRONMENT_MAX = 100000 };

static const char preload_variable[] = "LD_PRELOAD=";
/* One after the other: they are short, and a page is touched less often than three in every program. */
static char settings[PATH_MAX + PRELOAD_MAX + PATH_MAX + sizeof(PLAN_VARIABLE "=0123456789:")];
static const char *const own_path = settings;
/* LD_PRELOAD as we found it; a sanitizer's run-time library may come first. */
static char *preload_setting = settings;
static char *plan_setting = settings;

/* Looked up before they are needed: dlsym takes locks, which a child of fork may find held for ever. */
#define REAL_FUNCTIONS(X) \
    X(execve)             \
    X(execveat) X(fexecve) X(execvpe) X(posix_spawn) X(posix_spawnp) X(system) X(popen) X(dlopen) X(dlmopen)
#define DECLARE_REAL(name) static __typeof__(name) *real_##name;
REAL_FUNCTIONS(DECLARE_REAL)
#define FIND_REAL(name) real_##name = (__typeof__(real_##name))shim_resolve(#name);
#define REAL(name)      (real_##name ? real_##name : (__typeof__(real_##name))shim_resolve(#name))

static void append(char **at, const char *end, const char *text)
{
    while (*text && *at < end - 1)
        *(*at)++ = *text++;
    **at = '\0';
}

void shim_exec_init(const char *setting)
{
    REAL_FUNCTIONS(FIND_REAL)
    Dl_info self;
    char *at = settings;
    if (dladdr(settings, &self) && self.dli_fname)
        append(&at, at + PATH_MAX, self.dli_fname);
    const char *list = getenv("LD_PRELOAD");
    preload_setting = ++at;
    append(&at, preload_setting + PRELOAD_MAX, preload_variable);
    append(&at, preload_setting + PRELOAD_MAX, list && strstr(list, own_path) ? list : own_path);
    plan_setting = ++at;
    append(&at, settings + sizeof(settings), PLAN_VARIABLE "=");
    append(&at, settings + sizeof(settings), setting);
}

static const char *find_setting(char *const *environment, const char *prefix)
{
    for (; environment && *environment; environment++)
        if (strncmp(*environment, prefix, strlen(prefix)) == 0)
            return *environment;
    return NULL;
}

static size_t count_strings(char *const *strings)
{
    size_t count = 0;
    while (strings && strings[count])
        count++;
    return count;
}

/* True when the environment is fine as it is, or beyond what fits on a stack. */
static bool leave_alone(char *const *environment)
{
    if (!plan_setting[0] || count_strings(environment) > ENVIRONMENT_MAX)
        return true;
    const char *preload = find_setting(environment, preload_variable);
    return preload && strstr(preload, own_path) && find_setting(environment, PLAN_VARIABLE "=");
}

/* Fills in `repaired`, which has room for two strings more than `environment`, and `preload` if it is needed.
 */
static void repair(char *const *environment, const char **repaired, char preload[PRELOAD_MAX])
{
    const char *old = find_setting(environment, preload_variable);
    bool joined = old && old[sizeof(preload_variable) - 1] && !strstr(old, own_path);
    char *at = preload;
    if (joined) {
        append(&at, preload + PRELOAD_MAX, preload_setting);
        append(&at, preload + PRELOAD_MAX, ":");
        append(&at, preload + PRELOAD_MAX, old + sizeof(preload_variable) - 1);
    }
    bool plan = find_setting(environment, PLAN_VARIABLE "=");
    for (; environment && *environment; environment++)
        if (*environment != old)
            *repaired++ = *environment;
    *repaired++ = joined ? preload : preload_setting;
    if (!plan)
        *repaired++ = plan_setting;
    *repaired = NULL;
}

/* Declares `fixed`: `environment`, or a repaired one on this function's stack. */
#define FIXED_ENVIRONMENT(environment)                                                  \
    char preload_[PRELOAD_MAX];                                                         \
    char *const *fixed = environment;                                                   \
    if (!leave_alone(environment)) {                                                    \
        const char **room_ = alloca((count_strings(environment) + 3) * sizeof(*room_)); \
        repair(environment, room_, preload_);                                           \
        fixed = (char *const *)room_;                                                   \
    }

/* An exec that works never comes back, so it is counted before. */
static int started(int result)
{
    atomic_fetch_sub(&shim_plan->started, 1);
    return result;
}

static void starting(void)
{
    atomic_fetch_add(&shim_plan->started, 1);
}

SHIM_EXPORT int execve(const char *path, char *const argv[], char *const envp[])
{
    FIXED_ENVIRONMENT(envp)
    starting();
    return started(REAL(execve)(path, argv, fixed));
}

SHIM_EXPORT int execveat(int directory, const char *path, char *const argv[], char *const envp[], int flags)
{
    FIXED_ENVIRONMENT(envp)
    starting();
    return started(REAL(execveat)(directory, path, argv, fixed, flags));
}

SHIM_EXPORT int fexecve(int fd, char *const argv[], char *const envp[])
{
    FIXED_ENVIRONMENT(envp)
    starting();
    return started(REAL(fexecve)(fd, argv, fixed));
}

SHIM_EXPORT int execvpe(const char *file, char *const argv[], char *const envp[])
{
    FIXED_ENVIRONMENT(envp)
    starting();
    return started(REAL(execvpe)(file, argv, fixed));
}

SHIM_EXPORT int execv(const char *path, char *const argv[])
{
    return execve(path, argv, environ);
}

SHIM_EXPORT int execvp(const char *file, char *const argv[])
{
    return execvpe(file, argv, environ);
}

/* Declares `argv`, the arguments from `first` to the NULL; `rest` stands behind it. */
#define COLLECT_ARGUMENTS(first, rest)                  \
    va_list rest, again_;                               \
    va_start(rest, first);                              \
    va_copy(again_, rest);                              \
    size_t count_ = 1;                                  \
    while (va_arg(again_, char *))                      \
        count_++;                                       \
    va_end(again_);                                     \
    char **argv = alloca((count_ + 1) * sizeof(*argv)); \
    argv[0] = (char *)(uintptr_t)first;                 \
    for (size_t index_ = 1; index_ <= count_; index_++) \
    argv[index_] = va_arg(rest, char *)

SHIM_EXPORT int execl(const char *path, const char *first, ...)
{
    COLLECT_ARGUMENTS(first, rest);
    va_end(rest);
    return execve(path, argv, environ);
}

SHIM_EXPORT int execlp(const char *file, const char *first, ...)
{
    COLLECT_ARGUMENTS(first, rest);
    va_end(rest);
    return execvpe(file, argv, environ);
}

SHIM_EXPORT int execle(const char *path, const char *first, ...)
{
    COLLECT_ARGUMENTS(first, rest);
    char *const *envp = va_arg(rest, char *const *);
    va_end(rest);
    return execve(path, argv, envp);
}

SHIM_EXPORT int posix_spawn(pid_t *pid, const char *path, const posix_spawn_file_actions_t *actions,
                            const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
    FIXED_ENVIRONMENT(envp)
    starting();
    int result = REAL(posix_spawn)(pid, path, actions, attr, argv, fixed);
    return result ? started(result) : 0;
}

SHIM_EXPORT int posix_spawnp(pid_t *pid, const char *file, const posix_spawn_file_actions_t *actions,
                             const posix_spawnattr_t *attr, char *const argv[], char *const envp[])
{
    FIXED_ENVIRONMENT(envp)
    starting();
    int result = REAL(posix_spawnp)(pid, file, actions, attr, argv, fixed);
    return result ? started(result) : 0;
}

/* In system and popen libc starts a shell with the environment as it is. Who set another LD_PRELOAD keeps it.
 */
static void repair_own(void)
{
    if (leave_alone(environ) || find_setting(environ, preload_variable))
        return;
    putenv(preload_setting);
    putenv(plan_setting);
}

SHIM_EXPORT int system(const char *command)
{
    repair_own();
    starting();
    int result = REAL(system)(command);
    return result < 0 ? started(result) : result;
}

SHIM_EXPORT FILE *popen(const char *command, const char *mode)
{
    repair_own();
    starting();
    FILE *result = REAL(popen)(command, mode);
    if (!result)
        started(0);
    return result;
}

/*
 * dlopen looks at its return address to find the caller's search paths, so the wrapper must be gone from the
 * stack when the real one runs: a tail call.
 */
#ifdef __clang__
#define TAIL_CALLER
#define TAIL_RETURN __attribute__((musttail)) return
#else
#define TAIL_CALLER __attribute__((optimize("O2")))
#define TAIL_RETURN return
#endif

SHIM_EXPORT TAIL_CALLER void *dlopen(const char *file, int flags)
{
    if (flags & RTLD_DEEPBIND)
        atomic_fetch_add(&shim_plan->deepbind, 1);
    TAIL_RETURN REAL(dlopen)(file, flags);
}

/* Another namespace has its own libc: nothing in it calls us. */
SHIM_EXPORT TAIL_CALLER void *dlmopen(Lmid_t space, const char *file, int flags)
{
    if (space != LM_ID_BASE)
        atomic_fetch_add(&shim_plan->deepbind, 1);
    TAIL_RETURN REAL(dlmopen)(space, file, flags);
}
