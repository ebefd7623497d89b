/*
 * odd.c - objects in a state that findings are about, and such that only look like it: odd SCENARIO prints
 * "ready" and what there is to know, and stays until it is killed.
 */
#include <errno.h>
#include <fcntl.h>
#include <glob.h>
#include <linux/filter.h>
#include <linux/sched.h>
#include <linux/seccomp.h>
#include <mqueue.h>
#include <sched.h>
#include <semaphore.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Machines without the older calls have the newer ones only. */
#ifndef SYS_link
#define SYS_link SYS_linkat
#endif
#ifndef SYS_unlink
#define SYS_unlink SYS_unlinkat
#endif

enum { LARGE = 32 << 20, SMALL = 4096 };

static void check(int failed, const char *what)
{
    if (!failed)
        return;
    fprintf(stderr, "odd: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void wait_for(pid_t pid)
{
    int status;
    check(pid < 0, "fork");
    check(waitpid(pid, &status, 0) < 0, "waitpid");
}

/* --- unlinked --- */

static int unlinked_memory(size_t size)
{
    int fd = shm_open("/frames", O_RDWR | O_CREAT | O_EXCL, 0600);
    check(fd < 0 || posix_fallocate(fd, 0, (off_t)size) != 0, "shm_open");
    check(shm_unlink("/frames") < 0, "shm_unlink");
    return fd;
}

static void forgotten_descriptor(void)
{
    unlinked_memory(LARGE);
}

/* What is mapped is in use, and little memory is no matter. */
static void unlinked_but_used(void)
{
    int fd = unlinked_memory(LARGE);
    check(mmap(NULL, LARGE, PROT_READ, MAP_SHARED, fd, 0) == MAP_FAILED, "mmap");
    unlinked_memory(SMALL);
}

static void forgotten_memfd(void)
{
    int fd = memfd_create("frames", MFD_CLOEXEC);
    check(fd < 0 || posix_fallocate(fd, 0, LARGE) != 0, "memfd_create");
}

/* --- dead-notify --- */

static mqd_t queue;

static int register_and_die(void *unused)
{
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    (void)unused;
    check(mq_notify(queue, &event) < 0, "mq_notify");
    syscall(SYS_exit, 0);
    return 0;
}

/* Its descriptors are ours too, so its end closes nothing. */
static void dead_notify(void)
{
    static char stack[64 * 1024] __attribute__((aligned(16)));
    queue = mq_open("/jobs", O_RDWR | O_CREAT | O_EXCL, 0600, NULL);
    check(queue == (mqd_t)-1, "mq_open");
    pid_t pid = clone(register_and_die, stack + sizeof(stack), CLONE_FILES | SIGCHLD, NULL);
    wait_for(pid);
    printf("pid=%d\n", pid);
}

static void live_notify(void)
{
    queue = mq_open("/jobs", O_RDWR | O_CREAT | O_EXCL, 0600, NULL);
    check(queue == (mqd_t)-1, "mq_open");
    signal(SIGUSR1, SIG_IGN);
    struct sigevent event = {.sigev_notify = SIGEV_SIGNAL, .sigev_signo = SIGUSR1};
    check(mq_notify(queue, &event) < 0, "mq_notify");
}

/* --- stale-semaphore --- */

/* Kills this process in one of the system calls, as a signal at that moment would. */
static void die_in(int first, int second)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)first, 1, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)second, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]), .filter = code};
    check(prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0, "no_new_privs");
    check(prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) < 0, "seccomp");
}

static void open_and_die(const char *name, int first, int second)
{
    pid_t pid = fork();
    if (pid == 0) {
        die_in(first, second);
        sem_open(name, O_CREAT, 0600, 1);
        _exit(1);
    }
    wait_for(pid);
}

/*
 * Whether a name was left that nobody would think of, such as sem.kVlIoh. One in fifteen that mktemp(3) makes
 * could be a word (sem.pyrabc), and is not told from a program's own; then it is taken away.
 */
static int left_strange_name(void)
{
    glob_t names;
    int found = glob("/dev/shm/sem.*[a-z]*[A-Z]*", 0, NULL, &names) == 0;
    if (!found && glob("/dev/shm/sem.*", 0, NULL, &names) == 0)
        check(unlink(names.gl_pathv[0]) < 0, "unlink");
    globfree(&names);
    return found;
}

/* One killed before it links the name, one before it fills the file, one before it unlinks the first name. */
static void stale_semaphores(void)
{
    do
        open_and_die("/unnamed", SYS_link, SYS_linkat);
    while (!left_strange_name());
    open_and_die("/empty", SYS_write, SYS_write);
    open_and_die("/gate", SYS_unlink, SYS_unlinkat);
}

/* A semaphore that nobody has open now, and one whose first name its maker still shows in /proc/PID/maps. */
static void good_semaphores(void)
{
    sem_t *semaphore = sem_open("/worker", O_CREAT | O_EXCL, 0600, 1);
    check(semaphore == SEM_FAILED || sem_close(semaphore) < 0, "sem_open");
    check(sem_open("/x7Kq2Z", O_CREAT | O_EXCL, 0600, 1) == SEM_FAILED, "sem_open");
}

/* --- orphan: what is none, and reused-pid --- */

/* A segment made by a process that is gone. */
static int segment_of_the_dead(pid_t *ret_creator)
{
    int ends[2], id;
    check(pipe(ends) < 0, "pipe");
    pid_t pid = fork();
    if (pid == 0) {
        id = shmget(IPC_PRIVATE, SMALL, 0600);
        check(id < 0 || write(ends[1], &id, sizeof(id)) != sizeof(id), "shmget");
        _exit(0);
    }
    wait_for(pid);
    check(read(ends[0], &id, sizeof(id)) != sizeof(id), "read");
    close(ends[0]);
    close(ends[1]);
    *ret_creator = pid;
    return id;
}

/* The segment is used by a process that has nothing to do. */
static void creator_gone(void)
{
    pid_t creator;
    check(shmat(segment_of_the_dead(&creator), NULL, 0) == (void *)-1, "shmat");
}

/* The times of a segment are whole seconds, and starts are compared with some room: three seconds are needed.
 */
static void wait_until_later(time_t than)
{
    while (time(NULL) < than + 4)
        nanosleep(&(struct timespec){.tv_nsec = 100000000}, NULL);
}

/* The creator's pid goes to another process. */
static void reused_pid(void)
{
    struct shmid_ds status;
    pid_t creator;
    int id = segment_of_the_dead(&creator);
    check(shmctl(id, IPC_STAT, &status) < 0, "shmctl");
    wait_until_later(status.shm_ctime);
    struct clone_args arguments = {.exit_signal = SIGCHLD, .set_tid = (uintptr_t)&creator, .set_tid_size = 1};
    long pid = syscall(SYS_clone3, &arguments, sizeof(arguments));
    check(pid < 0, "clone3");
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        pause();
    }
    printf("pid=%d\n", creator);
}

/* A daemon that maps its ring and its old file, which nobody has touched for days. */
static void idle_daemon(void)
{
    struct timespec long_ago[2] = {{.tv_sec = 1000000000}, {.tv_sec = 1000000000}};
    int fd = shm_open("/ring", O_RDWR | O_CREAT | O_EXCL, 0600);
    check(fd < 0 || ftruncate(fd, SMALL) < 0 || futimens(fd, long_ago) < 0, "shm_open");
    check(mmap(NULL, SMALL, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0) == MAP_FAILED, "mmap");
    close(fd);
    sem_t *semaphore = sem_open("/gate", O_CREAT | O_EXCL, 0600, 1);
    check(semaphore == SEM_FAILED, "sem_open");
}

static const struct {
    const char *name;
    void (*make)(void);
} scenarios[] = {
    {"forgotten-descriptor", forgotten_descriptor},
    {"forgotten-memfd",      forgotten_memfd     },
    {"unlinked-but-used",    unlinked_but_used   },
    {"dead-notify",          dead_notify         },
    {"live-notify",          live_notify         },
    {"stale-semaphores",     stale_semaphores    },
    {"good-semaphores",      good_semaphores     },
    {"creator-gone",         creator_gone        },
    {"reused-pid",           reused_pid          },
    {"idle-daemon",          idle_daemon         },
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof(scenarios) / sizeof(scenarios[0]); i++) {
        if (strcmp(scenarios[i].name, argv[1]) != 0)
            continue;
        scenarios[i].make();
        puts("ready");
        fflush(stdout);
        pause();
    }
    return 2;
}
