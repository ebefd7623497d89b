/*
 * test_sandbox.c - what the sandbox refuses and what it must allow. It is for good, so each attempt is a
 * child's, which first shows that it could do the same thing outside.
 */
#include "tests/unit/unit.h"

#include "common/array.h"
#include "inspector/ids.h"
#include "inspector/sandbox.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/bpf.h>
#include <linux/openat2.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>

static int segment, set, queue;
static int unconnected, pipe_end; /* opened before */
static struct sockaddr_un address;

/* Each returns 0 when it could, or the errno. */

static int error_of(long result)
{
    return result < 0 ? errno : 0;
}

static int do_exec(void)
{
    char *argv[] = {(char *)"true", NULL};
    return error_of(execv("/bin/true", argv));
}

static int do_unlink(void)
{
    return error_of(unlink("/tmp/victim"));
}

static int do_kill(void)
{
    return error_of(kill(getppid(), 0));
}

static int do_signal_parent_thread(void)
{
    return error_of(syscall(SYS_tgkill, getppid(), getppid(), 0));
}

static int do_remove_segment(void)
{
    return error_of(shmctl(segment, IPC_RMID, NULL));
}

static int do_remove_set(void)
{
    return error_of(semctl(set, 0, IPC_RMID));
}

static int do_remove_queue(void)
{
    return error_of(msgctl(queue, IPC_RMID, NULL));
}

static int do_set_value(void)
{
    return error_of(semctl(set, 0, SETVAL, 1));
}

static int do_attach(void)
{
    return shmat(segment, NULL, 0) == (void *)-1 ? errno : 0;
}

static int do_receive(void)
{
    char message[64];
    return error_of(msgrcv(queue, message, sizeof(message) - sizeof(long), 0, IPC_NOWAIT));
}

static int do_socket(void)
{
    return error_of(socket(AF_UNIX, SOCK_STREAM, 0));
}

/* The socket is shared with the children of earlier attempts. */
static int do_connect(void)
{
    int error = error_of(connect(unconnected, (struct sockaddr *)&address, sizeof(address)));
    return error == EISCONN ? 0 : error;
}

static int do_fork(void)
{
    pid_t child = fork();
    if (child == 0)
        _exit(0);
    if (child > 0)
        waitpid(child, NULL, 0);
    return error_of(child);
}

static int do_write_file(void)
{
    return error_of(open("/tmp/victim", O_WRONLY | O_CLOEXEC));
}

static int do_create_file(void)
{
    return error_of(open("/tmp/new", O_RDONLY | O_CREAT | O_CLOEXEC, 0600));
}

static int do_truncate_file(void)
{
    return error_of(open("/tmp/victim", O_RDONLY | O_TRUNC | O_CLOEXEC));
}

static int do_make_folder(void)
{
    return error_of(mkdir("/tmp/folder", 0700));
}

static int do_write_to_other(void)
{
    return error_of(write(pipe_end, "x", 1));
}

static int do_stuff_terminal(void)
{
    char letter = 'x';
    int error = error_of(ioctl(STDIN_FILENO, TIOCSTI, &letter));
    return error == ENOTTY || error == EIO ? 0 : error;
}

static int do_unshare(void)
{
    return error_of(unshare(CLONE_FS));
}

/* Attributes as long as no kernel takes them: that is found out before who asks. */
static int do_load_program(void)
{
    static char attributes[4 * 4096];
    int error = error_of(syscall(SYS_bpf, BPF_PROG_LOAD, attributes, sizeof(attributes)));
    return error == E2BIG ? 0 : error;
}

static int do_setns(void)
{
    int self = open("/proc/self/ns/ipc", O_RDONLY | O_CLOEXEC);
    int error = error_of(setns(self, CLONE_NEWIPC));
    return error == EPERM && geteuid() != 0 ? ENOSYS : error;
}

/* What removing needs, besides what is above. */

static int do_unlinkat(void)
{
    return error_of(unlinkat(AT_FDCWD, "/tmp/victim", 0));
}

static int do_openat2(void)
{
    struct open_how how = {.flags = O_PATH | O_DIRECTORY | O_CLOEXEC, .resolve = RESOLVE_NO_SYMLINKS};
    return error_of(syscall(SYS_openat2, AT_FDCWD, "/tmp", &how, sizeof(how)));
}

/* What a reader needs. */

static int do_read_file(void)
{
    return error_of(open("/proc/self/maps", O_RDONLY | O_CLOEXEC));
}

static void *nothing(void *argument)
{
    return argument;
}

static int do_thread(void)
{
    pthread_t thread;
    int error = pthread_create(&thread, NULL, nothing, NULL);
    if (!error)
        pthread_join(thread, NULL);
    return error;
}

static int do_stat_segment(void)
{
    struct shmid_ds status;
    return error_of(shmctl(segment, IPC_STAT, &status));
}

static int do_read_values(void)
{
    return error_of(semctl(set, 0, GETVAL));
}

static int do_peek_message(void)
{
    char message[64];
    int error = error_of(msgrcv(queue, message, sizeof(message) - sizeof(long), 0, IPC_NOWAIT | MSG_COPY));
    return error == ENOSYS ? 0 : error;
}

static int do_diagnose_sockets(void)
{
    return error_of(socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, 4));
}

static int do_name_root(void)
{
    const char *name = user_name(0);
    return name && strcmp(name, "root") == 0 ? 0 : ENOENT;
}

struct attempt {
    const char *name;
    int (*run)(void);
};

enum { OUTSIDE = -1, READER = 0, DASHBOARD = SANDBOX_RECORDING | SANDBOX_DASHBOARD };

/* Runs it in a child, in the sandbox of these flags. The errno, or -1 when the child did not end as it
 * should. */
static int run_attempt(const struct attempt *attempt, int flags)
{
    int status;
    pid_t child = fork();
    if (child == 0) {
        int r = flags == OUTSIDE ? 0 : sandbox_enter((unsigned)flags);
        _exit(r < 0 ? 255 : attempt->run());
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, 0), child);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void make_victims(void)
{
    int file = open("/tmp/victim", O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    assert_true(file >= 0);
    close(file);
    rmdir("/tmp/folder");
    segment = shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600);
    set = semget(IPC_PRIVATE, 1, IPC_CREAT | 0600);
    queue = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    struct {
        long type;
        char text[4];
    } message = {1, "abc"};
    assert_true(segment >= 0 && set >= 0 && queue >= 0);
    assert_int_equal(msgsnd(queue, &message, sizeof(message.text), 0), 0);
}

static void remove_victims(void)
{
    shmctl(segment, IPC_RMID, NULL);
    semctl(set, 0, IPC_RMID);
    msgctl(queue, IPC_RMID, NULL);
    unlink("/tmp/victim");
    unlink("/tmp/new");
    rmdir("/tmp/folder");
}

static int open_sockets(void **state)
{
    (void)state;
    address.sun_family = AF_UNIX;
    snprintf(address.sun_path + 1, sizeof(address.sun_path) - 1, "shmoo-test-sandbox-%d", getpid());
    int pipe_ends[2];
    int listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    unconnected = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (listener < 0 || unconnected < 0 || pipe2(pipe_ends, O_CLOEXEC | O_NONBLOCK) < 0)
        return -1;
    if (bind(listener, (struct sockaddr *)&address, sizeof(address)) < 0 || listen(listener, 16) < 0)
        return -1;
    pipe_end = pipe_ends[1];
    return 0;
}

static void check_refused(int flags)
{
    static const struct attempt attempts[] = {
        {"exec",                        do_exec                },
        {"unlink",                      do_unlink              },
        {"kill",                        do_kill                },
        {"tgkill of another process",   do_signal_parent_thread},
        {"shmctl IPC_RMID",             do_remove_segment      },
        {"semctl IPC_RMID",             do_remove_set          },
        {"msgctl IPC_RMID",             do_remove_queue        },
        {"semctl SETVAL",               do_set_value           },
        {"shmat",                       do_attach              },
        {"msgrcv",                      do_receive             },
        {"socket",                      do_socket              },
        {"connect",                     do_connect             },
        {"fork",                        do_fork                },
        {"open for writing",            do_write_file          },
        {"open that creates",           do_create_file         },
        {"open that truncates",         do_truncate_file       },
        {"mkdir",                       do_make_folder         },
        {"write to another descriptor", do_write_to_other      },
        {"TIOCSTI",                     do_stuff_terminal      },
        {"unshare",                     do_unshare             },
        {"bpf BPF_PROG_LOAD",           do_load_program        },
    };
    for (size_t i = 0; i < COUNT_OF(attempts); i++) {
        make_victims();
        int inside = run_attempt(&attempts[i], flags), outside = run_attempt(&attempts[i], OUTSIDE);
        remove_victims();
        if (inside != EPERM || outside != 0)
            fail_msg("%s: %s inside, %s outside", attempts[i].name, strerror(inside), strerror(outside));
    }
}

static void changing_things_is_refused(void **state)
{
    (void)state;
    check_refused(0);
}

/* A server answers, and can do nothing else that a command that looks could not. */
static void serving_changes_nothing(void **state)
{
    (void)state;
    check_refused(SANDBOX_SERVING);
}

static int do_replace_file(void)
{
    int fd = open("/tmp/new", O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
    if (fd < 0)
        return errno;
    bool done = write(fd, "x", 1) == 1 && fchmod(fd, 0644) == 0 && fsync(fd) == 0 &&
                renameat(AT_FDCWD, "/tmp/new", AT_FDCWD, "/tmp/victim") == 0 &&
                unlinkat(AT_FDCWD, "/tmp/victim", 0) == 0;
    return done ? 0 : errno;
}

static void replacing_must_be_asked_for(void **state)
{
    (void)state;
    static const struct attempt allowed = {"replace", do_replace_file};
    static const struct attempt refused[] = {
        {"exec",                do_exec          },
        {"kill",                do_kill          },
        {"connect",             do_connect       },
        {"open for writing",    do_write_file    },
        {"open that truncates", do_truncate_file },
        {"mkdir",               do_make_folder   },
        {"shmctl IPC_RMID",     do_remove_segment},
    };
    make_victims();
    assert_int_equal(run_attempt(&allowed, 0), EPERM);
    for (size_t i = 0; i < COUNT_OF(refused); i++)
        assert_int_equal(run_attempt(&refused[i], SANDBOX_REPLACING), EPERM);
    assert_int_equal(run_attempt(&allowed, SANDBOX_REPLACING), 0);
    remove_victims();
}

static void looking_at_things_is_allowed(void **state)
{
    (void)state;
    static const struct attempt attempts[] = {
        {"open for reading", do_read_file       },
        {"thread",           do_thread          },
        {"IPC_STAT",         do_stat_segment    },
        {"GETVAL",           do_read_values     },
        {"MSG_COPY",         do_peek_message    },
        {"sock_diag",        do_diagnose_sockets},
        {"getpwuid",         do_name_root       },
    };
    make_victims();
    for (size_t i = 0; i < COUNT_OF(attempts); i++) {
        int inside = run_attempt(&attempts[i], READER);
        if (inside != 0)
            fail_msg("%s: %s", attempts[i].name, strerror(inside));
    }
    remove_victims();
}

/* The dashboard's own thread: removing only when that is wanted, and nothing that no key does. */
static void the_dashboard_has_the_powers_of_its_keys(void **state)
{
    (void)state;
    static const struct attempt removing[] = {
        {"shmctl IPC_RMID", do_remove_segment},
        {"semctl IPC_RMID", do_remove_set    },
        {"msgctl IPC_RMID", do_remove_queue  },
        {"unlinkat",        do_unlinkat      },
        {"openat2",         do_openat2       },
    };
    static const struct attempt never[] = {
        {"exec",                      do_exec                },
        {"kill",                      do_kill                },
        {"tgkill of another process", do_signal_parent_thread},
        {"semctl SETVAL",             do_set_value           },
        {"shmat",                     do_attach              },
        {"msgrcv",                    do_receive             },
        {"socket",                    do_socket              },
        {"connect",                   do_connect             },
        {"fork",                      do_fork                },
        {"TIOCSTI",                   do_stuff_terminal      },
        {"unshare",                   do_unshare             },
    };
    for (size_t i = 0; i < COUNT_OF(removing); i++) {
        make_victims();
        int without = run_attempt(&removing[i], DASHBOARD);
        int with = run_attempt(&removing[i], DASHBOARD | SANDBOX_REMOVING);
        remove_victims();
        if (without != EPERM || with != 0)
            fail_msg("%s: %s without, %s with", removing[i].name, strerror(without), strerror(with));
    }
    for (size_t i = 0; i < COUNT_OF(never); i++) {
        make_victims();
        int inside = run_attempt(&never[i], DASHBOARD | SANDBOX_REMOVING);
        remove_victims();
        if (inside != EPERM)
            fail_msg("%s: %s", never[i].name, strerror(inside));
    }
}

static int enter_with_namespaces(void)
{
    return sandbox_enter(SANDBOX_NAMESPACES) < 0 ? 255 : do_setns();
}

static void other_namespaces_must_be_asked_for(void **state)
{
    (void)state;
    static const struct attempt refused = {"setns", do_setns}, allowed = {"setns", enter_with_namespaces};
    if (geteuid() != 0 || run_attempt(&refused, OUTSIDE) != 0)
        skip();
    assert_int_equal(run_attempt(&refused, READER), EPERM);
    assert_int_equal(run_attempt(&allowed, OUTSIDE), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(changing_things_is_refused),
        cmocka_unit_test(serving_changes_nothing),
        cmocka_unit_test(replacing_must_be_asked_for),
        cmocka_unit_test(looking_at_things_is_allowed),
        cmocka_unit_test(the_dashboard_has_the_powers_of_its_keys),
        cmocka_unit_test(other_namespaces_must_be_asked_for),
    };
    return cmocka_run_group_tests_name("sandbox", tests, open_sockets, NULL);
}
