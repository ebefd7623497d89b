/*
 * sandbox.c - runs one command in fresh ipc, mount, pid and net namespaces, and a user namespace when not
 * root:
 *
 *     sandbox [--user] [--source DIR] COMMAND [ARGUMENT...]
 *
 * The command finds a private /proc, /run, /tmp, /dev/shm, /dev/mqueue and /dev/pts, and DIR at /tmp/shmoo.
 * It works in /tmp/work as root, or with --user as somebody without any capability. Nothing it does outlives
 * it.
 *
 * Exit: the command's status (128+signal), 99 when it left processes running, 125 when no sandbox can be
 * made.
 */
#include "common/array.h"
#include "common/cleanup.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <grp.h>
#include <net/if.h>
#include <sched.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

enum { STATUS_LEFTOVERS = 99, STATUS_NO_SANDBOX = 125, ORDINARY_ID = 65534 };
enum { NAMESPACES = CLONE_NEWIPC | CLONE_NEWNS | CLONE_NEWPID | CLONE_NEWNET };

static const char *const devices[] = {"null", "zero", "full", "random", "urandom", "tty"};

static _Noreturn void give_up(const char *what)
{
    fprintf(stderr, "sandbox: %s: %s\n", what, strerror(errno));
    exit(STATUS_NO_SANDBOX);
}

static void write_file(const char *path, const char *text)
{
    AUTO_CLOSE int fd = open(path, O_WRONLY | O_CLOEXEC);
    if (fd < 0 || write(fd, text, strlen(text)) < 0)
        give_up(path);
}

static void map_id(const char *path, unsigned inside, unsigned outside)
{
    char line[64];
    snprintf(line, sizeof(line), "%u %u 1\n", inside, outside);
    write_file(path, line);
}

/* Whether every id exists here, so that setuid() to the ordinary user can work. */
static bool all_ids_are_mapped(void)
{
    unsigned first = 1, outside, count = 0;
    AUTO_FCLOSE FILE *map = fopen("/proc/self/uid_map", "re");
    return map && fscanf(map, "%u %u %u", &first, &outside, &count) == 3 && first == 0 && count > ORDINARY_ID;
}

/* Returns true when the namespaces are owned by the real root, false when by a new user namespace. */
static bool enter_namespaces(bool ordinary)
{
    if (geteuid() == 0 && all_ids_are_mapped() && unshare(NAMESPACES) == 0)
        return true;
    uid_t uid = geteuid();
    gid_t gid = getegid();
    if (unshare(NAMESPACES | CLONE_NEWUSER) < 0)
        give_up("unshare");
    write_file("/proc/self/setgroups", "deny");
    map_id("/proc/self/uid_map", ordinary ? ORDINARY_ID : 0, uid);
    map_id("/proc/self/gid_map", ordinary ? ORDINARY_ID : 0, gid);
    return false;
}

static void mount_at(const char *type, const char *where, unsigned long flags, const char *options)
{
    if (mount(type, where, type, flags, options) < 0)
        give_up(where);
}

/* A detached copy of what is at `path`, which stays reachable when something is mounted above it. */
static int detach_copy(const char *path)
{
    return open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE);
}

static void attach(int tree, const char *where)
{
    if (move_mount(tree, "", AT_FDCWD, where, MOVE_MOUNT_F_EMPTY_PATH) < 0)
        give_up(where);
}

static void make_directory(const char *path, mode_t mode)
{
    if (mkdir(path, mode) < 0 || chmod(path, mode) < 0)
        give_up(path);
}

static void mount_dev(void)
{
    int trees[COUNT_OF(devices)];
    char path[64];
    for (size_t i = 0; i < COUNT_OF(devices); i++) {
        snprintf(path, sizeof(path), "/dev/%s", devices[i]);
        trees[i] = detach_copy(path);
    }
    mount_at("tmpfs", "/dev", MS_NOSUID, "mode=755");
    for (size_t i = 0; i < COUNT_OF(devices); i++) {
        if (trees[i] < 0)
            continue;
        snprintf(path, sizeof(path), "/dev/%s", devices[i]);
        close(open(path, O_CREAT | O_WRONLY | O_CLOEXEC, 0666));
        attach(trees[i], path);
        close(trees[i]);
    }
    make_directory("/dev/shm", 01777);
    mount_at("tmpfs", "/dev/shm", MS_NOSUID | MS_NODEV, "mode=1777,size=512m");
    make_directory("/dev/mqueue", 01777);
    mount_at("mqueue", "/dev/mqueue", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    make_directory("/dev/pts", 0755);
    mount_at("devpts", "/dev/pts", MS_NOSUID | MS_NOEXEC, "newinstance,ptmxmode=0666");
    if (symlink("pts/ptmx", "/dev/ptmx") < 0 || symlink("/proc/self/fd", "/dev/fd") < 0)
        give_up("/dev");
}

static void mount_everything(const char *source)
{
    if (mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
        give_up("/");
    AUTO_CLOSE int tree = source ? detach_copy(source) : -1;
    if (source && tree < 0)
        give_up(source);
    mount_at("proc", "/proc", MS_NOSUID | MS_NODEV | MS_NOEXEC, NULL);
    mount_dev();
    mount_at("tmpfs", "/run", MS_NOSUID | MS_NODEV, "mode=755");
    mount_at("tmpfs", "/tmp", MS_NOSUID | MS_NODEV, "mode=1777");
    make_directory("/tmp/home", 0777);
    make_directory("/tmp/work", 0777);
    make_directory("/tmp/shmoo", 0755);
    if (source)
        attach(tree, "/tmp/shmoo");
}

static void bring_up_loopback(void)
{
    AUTO_CLOSE int fd = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
    struct ifreq request = {.ifr_name = "lo", .ifr_flags = IFF_UP | IFF_RUNNING};
    if (fd < 0 || ioctl(fd, SIOCSIFFLAGS, &request) < 0)
        give_up("lo");
}

static _Noreturn void run_command(char **command, bool drop_root)
{
    if (drop_root && (setgroups(0, NULL) < 0 || setresgid(ORDINARY_ID, ORDINARY_ID, ORDINARY_ID) < 0 ||
                      setresuid(ORDINARY_ID, ORDINARY_ID, ORDINARY_ID) < 0))
        give_up("setresuid");
    /* A dumpable flag lost by the change of ids would hide the test's own processes from it. */
    prctl(PR_SET_DUMPABLE, 1);
    if (chdir("/tmp/work") < 0)
        give_up("/tmp/work");
    setenv("HOME", "/tmp/home", 1);
    execvp(command[0], command);
    give_up(command[0]);
}

static int exit_status(int status)
{
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

/* Counts the other processes, and names them on stderr when `tell` is set. */
static size_t other_processes(bool tell)
{
    size_t count = 0;
    AUTO_DIR DIR *proc = opendir("/proc");
    if (!proc)
        give_up("/proc");
    for (struct dirent *entry = readdir(proc); entry; entry = readdir(proc)) {
        char path[300], name[64] = "";
        if (!isdigit((unsigned char)entry->d_name[0]) || strcmp(entry->d_name, "1") == 0)
            continue;
        count++;
        snprintf(path, sizeof(path), "/proc/%s/comm", entry->d_name);
        AUTO_FCLOSE FILE *comm = tell ? fopen(path, "re") : NULL;
        if (comm && fgets(name, sizeof(name), comm))
            fprintf(stderr, "sandbox: left running: %s %s", entry->d_name, name);
    }
    return count;
}

/* Processes that are already on their way out get a few seconds; those that want to stay are told. */
static bool leaves_processes(void)
{
    for (int tries = 0; tries < 500; tries++) {
        while (waitpid(-1, NULL, WNOHANG) > 0)
            continue;
        if (other_processes(false) == 0)
            return false;
        nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
    }
    return other_processes(true) > 0;
}

static _Noreturn void be_init(char **command, const char *source, bool drop_root)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    /* Descriptors of whoever runs the tests would be found in here as pipes and sockets. */
    close_range(3, ~0U, 0);
    mount_everything(source);
    bring_up_loopback();
    pid_t child = fork();
    if (child < 0)
        give_up("fork");
    if (child == 0)
        run_command(command, drop_root);
    int status = 0;
    for (pid_t dead = 0; dead != child;)
        dead = waitpid(-1, &status, 0);
    bool left = leaves_processes();
    exit(left && exit_status(status) == 0 ? STATUS_LEFTOVERS : exit_status(status));
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"user",   no_argument,       NULL, 'u'},
        {"source", required_argument, NULL, 's'},
        {NULL,     0,                 NULL, 0  }
    };
    bool ordinary = false;
    const char *source = NULL;
    for (int option; (option = getopt_long(argc, argv, "+", options, NULL)) != -1;) {
        ordinary |= option == 'u';
        source = option == 's' ? optarg : source;
        if (option == '?')
            return STATUS_NO_SANDBOX;
    }
    if (optind == argc) {
        fprintf(stderr, "usage: sandbox [--user] [--source DIR] COMMAND [ARGUMENT...]\n");
        return STATUS_NO_SANDBOX;
    }
    bool real_root = enter_namespaces(ordinary);
    pid_t init = fork();
    if (init < 0)
        give_up("fork");
    if (init == 0)
        be_init(argv + optind, source, ordinary && real_root);
    int status = 0;
    while (waitpid(init, &status, 0) < 0 && errno == EINTR)
        continue;
    return exit_status(status);
}
