/* process.c - processes that hold objects or wait on them, and how everything ends; see maker.h. */
#include "tests/make_ipc/making.h"

#include "common/array.h"
#include "common/cleanup.h"

#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

struct undo {
    void (*run)(int id, const char *name);
    int id;
    char *name;
};

static ARRAY(struct undo) undos;
static ARRAY(pid_t) processes;
static pid_t main_pid;
static int ready_fd = -1;

void end_everything(void)
{
    array_each(&processes, pid) kill(*pid, SIGKILL);
    array_each(&processes, pid) waitpid(*pid, NULL, 0);
    for (; undos.count; undos.count--) {
        struct undo *undo = &undos.items[undos.count - 1];
        undo->run(undo->id, undo->name);
        free(undo->name);
    }
    array_free(&undos);
    array_free(&processes);
}

void die_saying(const char *what, const char *why)
{
    fprintf(stderr, "make_ipc: %s: %s\n", what, why);
    if (main_pid && getpid() != main_pid)
        _exit(1);
    end_everything();
    exit(1);
}

void die(const char *what)
{
    die_saying(what, strerror(errno));
}

void undo_later(void (*run)(int id, const char *name), int id, const char *name)
{
    struct undo *undo = array_push(&undos);
    char *copy = name ? strdup(name) : NULL;
    if (!undo || (name && !copy))
        die("memory");
    *undo = (struct undo){.run = run, .id = id, .name = copy};
}

void undo_unlink(int id, const char *name)
{
    (void)id;
    unlink(name);
}

void undo_rmdir(int id, const char *name)
{
    (void)id;
    rmdir(name);
}

void create_object(struct making *making, void (*create)(void *context), void *context, size_t size)
{
    pid_t creator = getpid();
    if (!want(making, "orphan")) {
        create(context);
        print_value(making, "creator", "%d", (int)creator);
        return;
    }
    main_pid = creator;
    int ends[2];
    if (pipe2(ends, O_CLOEXEC) < 0 || (creator = fork()) < 0)
        die("fork");
    if (creator == 0) {
        create(context);
        _exit(write(ends[1], context, size) == (ssize_t)size ? 0 : 1);
    }
    close(ends[1]);
    bool came = read(ends[0], context, size) == (ssize_t)size;
    close(ends[0]);
    waitpid(creator, NULL, 0);
    if (!came)
        die_saying(making->maker->kind, "its creator failed");
    print_value(making, "creator", "%d", (int)creator);
}

void about_to_wait(void)
{
    if (ready_fd < 0)
        return;
    bool told = write(ready_fd, "", 1) == 1;
    dup2(STDIN_FILENO, STDERR_FILENO); /* both /dev/null from here on */
    close(ready_fd);
    ready_fd = -1;
    if (!told)
        _exit(1);
}

/* Standard streams may be pipes of whoever started us; those are not to be held by our processes. */
static void leave_standard_streams(void)
{
    int null = open("/dev/null", O_RDWR | O_CLOEXEC);
    if (null < 0 || dup2(null, STDIN_FILENO) < 0 || dup2(null, STDOUT_FILENO) < 0)
        die("/dev/null");
    close(null);
}

struct work {
    void (*run)(void *context);
    void *context;
};

static _Noreturn void *do_work(void *argument)
{
    const struct work *work = argument;
    work->run(work->context);
    about_to_wait();
    for (;;)
        pause();
}

/* What pthread_exit(3) of the first thread leaves behind: it is a zombie, and the process lives on in
 * another. */
static _Noreturn void go_on_without_head(struct work *work)
{
    pthread_t thread;
    int r = pthread_create(&thread, NULL, do_work, work);
    if (r)
        die_saying("pthread_create", strerror(r));
    syscall(SYS_exit, 0);
    abort();
}

static _Noreturn void be_process(struct work *work, bool headless)
{
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    signal(SIGPIPE, SIG_IGN);
    leave_standard_streams();
    if (headless)
        go_on_without_head(work);
    do_work(work);
}

pid_t add_process(struct making *making, const char *role, void (*work)(void *context), void *context)
{
    main_pid = getpid();
    int ends[2];
    pid_t pid;
    char byte;
    pid_t *slot = array_push(&processes);
    if (!slot || pipe2(ends, O_CLOEXEC) < 0 || (pid = fork()) < 0)
        die("fork");
    if (pid == 0) {
        close(ends[0]);
        ready_fd = ends[1];
        if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != main_pid)
            _exit(1);
        prctl(PR_SET_NAME, want_text(making, "comm", "make_ipc"));
        be_process(&(struct work){work, context}, want(making, "headless"));
    }
    *slot = pid;
    close(ends[1]);
    bool ready = read(ends[0], &byte, 1) == 1;
    close(ends[0]);
    if (!ready)
        die_saying(role, "a process failed");
    making_add_pid(making, role, pid);
    return pid;
}

/* proc(5): the file says "running" unless the thread sleeps in the call it names. */
static bool sleeps_in_call(const char *path, long call)
{
    long number;
    AUTO_FCLOSE FILE *file = fopen(path, "re");
    return file && fscanf(file, "%ld", &number) == 1 && number == call;
}

static bool some_thread_sleeps_in_call(pid_t pid, long call)
{
    char pattern[64];
    glob_t paths;
    bool sleeps = false;
    snprintf(pattern, sizeof(pattern), "/proc/%d/task/*/syscall", (int)pid);
    if (glob(pattern, GLOB_NOSORT, NULL, &paths) != 0)
        return false;
    for (size_t i = 0; i < paths.gl_pathc; i++)
        sleeps |= sleeps_in_call(paths.gl_pathv[i], call);
    globfree(&paths);
    return sleeps;
}

pid_t add_waiter(struct making *making, const char *role, void (*work)(void *context), void *context,
                 long call)
{
    pid_t pid = add_process(making, role, work, context);
    for (int tries = 0; tries < 20000; tries++) {
        if (some_thread_sleeps_in_call(pid, call))
            return pid;
        nanosleep(&(struct timespec){.tv_nsec = 1000 * 1000}, NULL);
    }
    die_saying(role, "does not block");
}

void add_processes(struct making *making, const char *role, uint64_t otherwise, void (*work)(void *),
                   void *context)
{
    for (uint64_t n = want_number(making, role, otherwise); n; n--)
        add_process(making, role, work, context);
}

void add_waiters(struct making *making, const char *role, void (*work)(void *), void *context, long call)
{
    for (uint64_t n = want_number(making, role, 0); n; n--)
        add_waiter(making, role, work, context, call);
}

void kill_process(pid_t pid)
{
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    array_each(&processes, known) if (*known == pid) *known = processes.items[--processes.count];
}
