/*
 * leave.c - leaves things behind, each from a function of its own name: leave SCENARIO. Those that keep a
 * process keep one that sleeps.
 */
#include <errno.h>
#include <fcntl.h>
#include <mqueue.h>
#include <sched.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

/* So that each call has a function of its own. */
#define SITE __attribute__((noinline))

static void check(int failed, const char *what)
{
    if (!failed)
        return;
    fprintf(stderr, "leave: %s: %s\n", what, strerror(errno));
    exit(1);
}

static SITE int make_segment(void)
{
    int id = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    check(id < 0, "shmget");
    return id;
}

static SITE void make_set(void)
{
    check(semget(7, 1, IPC_CREAT | 0600) < 0, "semget");
}

static SITE void make_queue(void)
{
    check(msgget(IPC_PRIVATE, 0600) < 0, "msgget");
}

static SITE void make_shm(void)
{
    check(shm_open("/shm", O_CREAT | O_RDWR, 0600) < 0, "shm_open");
}

static SITE void make_sem(void)
{
    check(sem_open("/sem", O_CREAT, 0600, 1) == SEM_FAILED, "sem_open");
}

static SITE void make_mq(void)
{
    check(mq_open("/mq", O_CREAT | O_RDWR, 0600, NULL) < 0, "mq_open");
}

static SITE void make_fifo(void)
{
    check(mkfifo("/dev/shm/fifo", 0600) < 0, "mkfifo");
}

static SITE void make_file(void)
{
    check(open("/dev/shm/file", O_CREAT | O_RDWR, 0600) < 0, "open");
}

static SITE void make_stream(void)
{
    FILE *file = fopen("/dev/shm/stream", "we");
    check(!file || fclose(file) != 0, "fopen");
}

static SITE void make_temporary(void)
{
    char name[] = "/dev/shm/tmpXXXXXX";
    check(mkstemp(name) < 0 || rename(name, "/dev/shm/temporary") < 0, "mkstemp");
}

static void make_all(void)
{
    make_segment();
    make_set();
    make_queue();
    make_shm();
    make_sem();
    make_mq();
    make_fifo();
    make_file();
    make_stream();
    make_temporary();
    /* Who opens what is there is not who made it. */
    check(semget(7, 1, IPC_CREAT | 0600) < 0 || shm_open("/shm", O_CREAT | O_RDWR, 0600) < 0, "again");
}

static void in_child(void (*make)(void))
{
    pid_t child = fork();
    check(child < 0, "fork");
    if (child == 0) {
        make();
        _exit(0);
    }
    waitpid(child, NULL, 0);
}

static void make_all_in_child(void)
{
    in_child(make_all);
}

/* A segment of the same id in another ipc namespace, which goes with it. */
static void make_elsewhere(void)
{
    if (unshare(CLONE_NEWUSER | CLONE_NEWIPC) == 0)
        make_segment();
}

static SITE void make_here(void)
{
    check(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600) < 0, "shmget");
}

static void make_twins(void)
{
    make_here();
    in_child(make_elsewhere);
}

/* --- processes --- */

/* Returns once the child has executed its program: then the pipe is closed. */
static void stay(char *const *program)
{
    int fds[2];
    check(pipe2(fds, O_CLOEXEC) < 0, "pipe2");
    pid_t child = fork();
    check(child < 0, "fork");
    close(fds[child ? 1 : 0]);
    if (child) {
        check(read(fds[0], &(char){0}, 1) < 0, "read");
        return;
    }
    if (program)
        execvp(program[0], program);
    close(fds[1]);
    pause();
    _exit(1);
}

static char *const sleeper[] = {"sleep", "1000", NULL};

static SITE void open_for_all(int flag)
{
    int fds[2];
    check(pipe2(fds, flag) < 0, "pipe2");
    check(memfd_create("frames", flag ? MFD_CLOEXEC : 0) < 0, "memfd_create");
    check(open("/dev/shm/open", O_CREAT | O_RDWR | flag, 0600) < 0 || unlink("/dev/shm/open") < 0, "open");
}

static void leak_into_child(void)
{
    open_for_all(0);
    stay(sleeper);
}

static void close_on_exec(void)
{
    open_for_all(O_CLOEXEC);
    stay(sleeper);
}

static void only_fork(void)
{
    open_for_all(0);
    stay(NULL);
}

/* As service managers and make do. */
static void pass_on_purpose(void)
{
    open_for_all(0);
    setenv("LISTEN_FDS", "4", 1);
    stay(sleeper);
}

static void use_as_standard_output(void)
{
    int fds[2];
    check(pipe(fds) < 0 || dup2(fds[1], STDOUT_FILENO) < 0, "pipe");
    close(fds[0]);
    close(fds[1]);
    stay(sleeper);
}

static void open_and_wait(void)
{
    open_for_all(0);
    check(shm_open("/opened", O_CREAT | O_RDWR, 0600) < 0, "shm_open");
    pause();
}

/* The descriptors are those of the program itself, made after its exec. */
static void run_one_that_opens(void)
{
    stay((char *const[]){"/proc/self/exe", "open_and_wait", NULL});
    while (access("/dev/shm/opened", F_OK) < 0)
        usleep(1000);
}

static const struct {
    const char *name;
    void (*run)(void);
} scenarios[] = {
    {"all",                    make_all              },
    {"all_in_child",           make_all_in_child     },
    {"segment",                make_here             },
    {"twins",                  make_twins            },
    {"leak_into_child",        leak_into_child       },
    {"close_on_exec",          close_on_exec         },
    {"only_fork",              only_fork             },
    {"pass_on_purpose",        pass_on_purpose       },
    {"use_as_standard_output", use_as_standard_output},
    {"run_one_that_opens",     run_one_that_opens    },
    {"open_and_wait",          open_and_wait         },
};

int main(int argc, char **argv)
{
    for (size_t i = 0; argc == 2 && i < sizeof(scenarios) / sizeof(scenarios[0]); i++)
        if (strcmp(scenarios[i].name, argv[1]) == 0) {
            scenarios[i].run();
            return 0;
        }
    fprintf(stderr, "leave: no such scenario\n");
    return 2;
}
