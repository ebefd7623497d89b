/*
 * behave.c - behaves as programs do that are hard to follow: `behave MODE` prints what it saw of calls that
 * fail by nature or by injection. Modes are listed in the table at the end.
 */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <spawn.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/shm.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <sys/wait.h>
#include <unistd.h>

enum { STORM_FORKS = 200, THREADS = 64, THREAD_FORKS = 5, DLOPENS = 500 };

static const char *constructor_saw = "";
static sem_t semaphore;
static volatile sig_atomic_t handled, storming;
static const struct itimerval soon = {.it_value.tv_usec = 200};

/* gcc would also make copies of it under other names. */
#ifdef __clang__
#define NOINLINE __attribute__((noinline))
#else
#define NOINLINE __attribute__((noinline, noclone))
#endif

/* The name of the error of a call that always fails: the object does not exist. Tests look for it by name. */
NOINLINE static const char *unlink_nothing(void)
{
    return shm_unlink("/shmoo-no-such") == 0 ? "0" : strerrorname_np(errno);
}

__attribute__((constructor)) static void construct(void)
{
    constructor_saw = unlink_nothing();
}

static int say_unlink(void)
{
    printf("%s\n", unlink_nothing());
    return 0;
}

static int say_constructor(void)
{
    printf("%s %s\n", constructor_saw, unlink_nothing());
    return 0;
}

static void count_signal(int signal)
{
    (void)signal;
    handled++;
}

/* A signal every 5 ms, or no more when `flags` is negative. */
static void signal_often(int flags)
{
    struct sigaction action = {.sa_handler = count_signal, .sa_flags = flags};
    long interval = flags < 0 ? 0 : 5000;
    if (flags >= 0)
        sigaction(SIGALRM, &action, NULL);
    setitimer(ITIMER_REAL,
              &(struct itimerval){
                  {0, interval},
                  {0, interval}
    },
              NULL);
}

/* A call that never fails with EINTR, and signals all the time: what it gives, and whether any came. */
static int interrupted(void)
{
    signal_often(SA_RESTART);
    const char *restarting = unlink_nothing();
    signal_often(0);
    const char *plain = unlink_nothing();
    signal_often(-1);
    printf("%s %s %s\n", restarting, plain, handled ? "handled" : "no signal");
    return 0;
}

/* A signal ends a call, a child is stopped and continued, and the status is 5. */
static int watched(void)
{
    int ends[2];
    int status = 0;
    char byte;
    if (pipe(ends) < 0)
        return 1;
    signal_often(0);
    printf("%s ", read(ends[0], &byte, 1) == 1 ? "0" : strerrorname_np(errno));
    signal_often(-1);
    fflush(stdout);
    pid_t child = fork();
    if (child == 0) {
        raise(SIGSTOP);
        _exit(3);
    }
    waitpid(child, &status, WUNTRACED);
    printf("%s ", WIFSTOPPED(status) ? "stopped" : "not stopped");
    kill(child, SIGCONT);
    waitpid(child, &status, 0);
    printf("%d\n", WEXITSTATUS(status));
    return 5;
}

static int wait_for(pid_t pid)
{
    int status = 0;
    fflush(stdout);
    return pid > 0 && waitpid(pid, &status, 0) == pid && WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

static int in_fork(void)
{
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0)
        exit(say_unlink());
    return wait_for(pid) || say_unlink();
}

static char *const no_environment[] = {NULL};
static char *const say_arguments[] = {"behave", "unlink", NULL};

static int exec_cleared(void)
{
    return execve("/proc/self/exe", say_arguments, no_environment);
}

static int execle_cleared(void)
{
    return execle("/proc/self/exe", "behave", "unlink", (char *)NULL, no_environment);
}

static int execl_clearenv(void)
{
    clearenv();
    return execl("/proc/self/exe", "behave", "unlink", (char *)NULL);
}

static int spawn_cleared(void)
{
    pid_t pid = 0;
    return posix_spawn(&pid, "/proc/self/exe", NULL, NULL, say_arguments, no_environment) || wait_for(pid);
}

static int syscall_cleared(void)
{
    return (int)syscall(SYS_execve, "/proc/self/exe", say_arguments, no_environment);
}

/* The shell is started by libc itself, and starts us with what environment it has. */
static int system_cleared(void)
{
    char command[64];
    snprintf(command, sizeof(command), "exec /proc/%d/exe unlink", getpid());
    clearenv();
    return system(command);
}

static int popen_cleared(void)
{
    char command[64];
    char line[64] = "";
    snprintf(command, sizeof(command), "exec /proc/%d/exe unlink", getpid());
    clearenv();
    FILE *file = popen(command, "r");
    if (!file || !fgets(line, sizeof(line), file))
        return 1;
    fputs(line, stdout);
    return pclose(file);
}

static int vfork_cleared(void)
{
    pid_t pid = vfork();
    if (pid == 0) {
        execve("/proc/self/exe", say_arguments, no_environment);
        _exit(9);
    }
    return wait_for(pid);
}

static int close_all(void)
{
    for (int fd = 3; fd < 1024; fd++)
        close(fd);
    return say_unlink();
}

static int by_syscall(void)
{
    long result = syscall(SYS_shmget, 0x5eed, 4096UL, 0);
    printf("%ld %s\n", result, strerrorname_np(errno));
    return 0;
}

static int by_fallocate(void)
{
    long result = syscall(SYS_fallocate, -1, 0, 0L, 4096L);
    printf("%ld %s\n", result, strerrorname_np(errno));
    return 0;
}

/* On success errno is what it was. */
static int keep_errno(void)
{
    sem_init(&semaphore, 0, 1);
    errno = 77;
    int result = sem_wait(&semaphore) || sem_post(&semaphore);
    printf("%d %d\n", result, errno);
    return 0;
}

static void *unlink_twice(void *saw)
{
    const char **words = saw;
    words[0] = unlink_nothing();
    words[1] = unlink_nothing();
    return NULL;
}

static const char *try_semaphore(sem_t *named)
{
    return named != SEM_FAILED && sem_trywait(named) == 0 ? "0" : strerrorname_np(errno);
}

static int semaphores(void)
{
    sem_t *first = sem_open("/shmoo-a", O_CREAT, 0600, 0);
    sem_t *second = sem_open("/shmoo-b", O_CREAT, 0600, 0);
    sem_unlink("/shmoo-a");
    sem_unlink("/shmoo-b");
    const char *seen = try_semaphore(first);
    const char *other = try_semaphore(second);
    sem_close(first);
    printf("%s %s %s\n", seen, other, try_semaphore(second));
    return 0;
}

static int two_threads(void)
{
    const char *saw[4];
    for (int index = 0; index < 2; index++) {
        pthread_t thread;
        if (pthread_create(&thread, NULL, unlink_twice, saw + 2 * index) || pthread_join(thread, NULL))
            return 1;
    }
    printf("%s %s %s %s\n", saw[0], saw[1], saw[2], saw[3]);
    return 0;
}

/* A robust mutex after an injected EOWNERDEAD: held, then repaired or not. */
static int robust(bool repair)
{
    pthread_mutexattr_t attr;
    pthread_mutex_t mutex;
    pthread_mutexattr_init(&attr);
    pthread_mutexattr_setpshared(&attr, PTHREAD_PROCESS_SHARED);
    pthread_mutexattr_setrobust(&attr, PTHREAD_MUTEX_ROBUST);
    pthread_mutex_init(&mutex, &attr);
    int first = pthread_mutex_lock(&mutex);
    int held = pthread_mutex_trylock(&mutex);
    int repaired = repair ? pthread_mutex_consistent(&mutex) : 0;
    int unlocked = pthread_mutex_unlock(&mutex);
    int second = pthread_mutex_trylock(&mutex);
    printf("%s %s %d %d %s\n", strerrorname_np(first), strerrorname_np(held), repaired, unlocked,
           second ? strerrorname_np(second) : "0");
    return 0;
}

static int robust_repaired(void)
{
    return robust(true);
}

static int robust_left(void)
{
    return robust(false);
}

static int deepbind(void)
{
    void *library = dlopen(getenv("DEEPBOUND"), RTLD_NOW | RTLD_DEEPBIND);
    int (*unlink_in_library)(const char *) =
        library ? (int (*)(const char *))dlsym(library, "deepbound_unlink") : NULL;
    if (!unlink_in_library)
        return 1;
    printf("%s\n", unlink_in_library("/shmoo-no-such") == 0 ? "0" : strerrorname_np(errno));
    return say_unlink();
}

static int dlopen_storm(void)
{
    for (int index = 0; index < DLOPENS; index++) {
        void *library = dlopen("libutil.so.1", RTLD_NOW);
        if (!library || dlclose(library))
            return 1;
        unlink_nothing();
    }
    puts("done");
    return 0;
}

/* The next signal is asked for when this one is dealt with: at a fixed rate, a machine on which that takes
 * longer would get no further, as fork(2) begins again for each. */
static void on_alarm(int signo)
{
    int saved = errno;
    (void)signo;
    sem_post(&semaphore);
    if (shm_unlink("/shmoo-no-such") == 0)
        abort();
    handled++;
    if (storming)
        setitimer(ITIMER_REAL, &soon, NULL);
    errno = saved;
}

/* Signals arrive everywhere, in wrappers and between fork and exec, and their handler makes calls itself. */
static int signal_storm(void)
{
    struct sigaction action = {.sa_handler = on_alarm, .sa_flags = SA_RESTART};
    sem_init(&semaphore, 0, 0);
    sigaction(SIGALRM, &action, NULL);
    storming = 1;
    setitimer(ITIMER_REAL, &soon, NULL);
    for (int index = 0; index < STORM_FORKS; index++) {
        pid_t pid = fork();
        if (pid == 0) {
            unlink_nothing();
            _exit(0);
        }
        int status;
        while (waitpid(pid, &status, 0) < 0 && errno == EINTR)
            ;
        if (!WIFEXITED(status) || WEXITSTATUS(status))
            return 1;
    }
    /* A busy machine may have delivered none yet. */
    while (!handled)
        unlink_nothing();
    storming = 0;
    puts("done");
    return 0;
}

static void *fork_some(void *failed)
{
    for (int index = 0; index < THREAD_FORKS; index++) {
        int status = 1;
        pid_t pid = fork();
        if (pid == 0) {
            unlink_nothing();
            _exit(0);
        }
        unlink_nothing();
        if (waitpid(pid, &status, 0) != pid || status)
            *(_Atomic bool *)failed = true;
    }
    return NULL;
}

static int thread_storm(void)
{
    pthread_t threads[THREADS];
    _Atomic bool failed = false;
    for (int index = 0; index < THREADS; index++)
        if (pthread_create(&threads[index], NULL, fork_some, &failed))
            return 1;
    for (int index = 0; index < THREADS; index++)
        pthread_join(threads[index], NULL);
    puts(failed ? "failed" : "done");
    return failed;
}

static void *wait_for_ever(void *unused)
{
    sem_wait(&semaphore);
    return unused;
}

static int cancel(void)
{
    pthread_t thread;
    void *result = NULL;
    sem_init(&semaphore, 0, 0);
    if (pthread_create(&thread, NULL, wait_for_ever, NULL) || pthread_cancel(thread) ||
        pthread_join(thread, &result))
        return 1;
    puts(result == PTHREAD_CANCELED ? "canceled" : "returned");
    return 0;
}

static int segment_cycle(void)
{
    int fd = shm_open("/shmoo-cycle", O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0 || ftruncate(fd, 4096) < 0)
        return 1;
    void *memory = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (memory == MAP_FAILED || munmap(memory, 4096) < 0 || close(fd) < 0 || shm_unlink("/shmoo-cycle") < 0)
        return 1;
    puts("done");
    return 0;
}

/* Waits to be told: prints what a call gives each time a line comes in. */
static int on_request(void)
{
    char line[16];
    setvbuf(stdout, NULL, _IOLBF, 0);
    puts("ready");
    while (fgets(line, sizeof(line), stdin))
        say_unlink();
    return 0;
}

static const struct {
    const char *name;
    int (*run)(void);
} modes[] = {
    {"unlink",          say_unlink     },
    {"constructor",     say_constructor},
    {"fork",            in_fork        },
    {"exec-cleared",    exec_cleared   },
    {"execle-cleared",  execle_cleared },
    {"execl-clearenv",  execl_clearenv },
    {"spawn-cleared",   spawn_cleared  },
    {"vfork-cleared",   vfork_cleared  },
    {"syscall-cleared", syscall_cleared},
    {"system-cleared",  system_cleared },
    {"popen-cleared",   popen_cleared  },
    {"close-all",       close_all      },
    {"syscall",         by_syscall     },
    {"fallocate",       by_fallocate   },
    {"errno",           keep_errno     },
    {"interrupted",     interrupted    },
    {"watched",         watched        },
    {"semaphores",      semaphores     },
    {"threads",         two_threads    },
    {"robust-repaired", robust_repaired},
    {"robust-left",     robust_left    },
    {"deepbind",        deepbind       },
    {"dlopen-storm",    dlopen_storm   },
    {"signal-storm",    signal_storm   },
    {"thread-storm",    thread_storm   },
    {"cancel",          cancel         },
    {"segment",         segment_cycle  },
    {"requests",        on_request     },
};

int main(int argc, char **argv)
{
    for (size_t index = 0; argc == 2 && index < sizeof(modes) / sizeof(modes[0]); index++)
        if (strcmp(argv[1], modes[index].name) == 0)
            return modes[index].run();
    return 64;
}
