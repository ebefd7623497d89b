/*
 * bare.c - `bare CMD...` runs a command whose shmget calls the kernel hands to us, and fails each at once:
 * the least that seccomp_unotify(2) costs on this machine.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/pidfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Linux 6.6; Debian 12's headers are older. */
#ifndef SECCOMP_IOCTL_NOTIF_SET_FLAGS
#define SECCOMP_IOCTL_NOTIF_SET_FLAGS      SECCOMP_IOW(4, __u64)
#define SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP (1UL << 0)
#endif

enum { PAUSE_US = 100 };

/* Returns the listener, or -1. */
static int stop_shmget(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, nr)),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_shmget, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof(code) / sizeof(code[0]), .filter = code};
    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
    return (int)syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program);
}

/* What the child says, plus one, and that it may go on. */
struct handshake {
    _Atomic int listener, taken;
};

static void become(char **argv, struct handshake *handshake)
{
    handshake->listener = stop_shmget() + 1;
    while (!handshake->taken)
        usleep(PAUSE_US);
    execvp(argv[0], argv);
    _exit(127);
}

static int take_listener(pid_t child, struct handshake *handshake)
{
    int pidfd = pidfd_open(child, 0);
    while (!handshake->listener)
        usleep(PAUSE_US);
    int listener = pidfd_getfd(pidfd, handshake->listener - 1, 0);
    handshake->taken = 1;
    return listener;
}

int main(int argc, char **argv)
{
    struct handshake *handshake =
        mmap(NULL, sizeof(*handshake), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (argc < 2 || handshake == MAP_FAILED)
        return 64;
    pid_t child = fork();
    if (child == 0)
        become(argv + 1, handshake);
    int listener = take_listener(child, handshake);
    if (listener < 0)
        return 1;
    ioctl(listener, SECCOMP_IOCTL_NOTIF_SET_FLAGS, SECCOMP_USER_NOTIF_FD_SYNC_WAKE_UP);
    for (;;) {
        struct seccomp_notif stopped = {0};
        if (ioctl(listener, SECCOMP_IOCTL_NOTIF_RECV, &stopped) < 0) {
            if (errno == EINTR)
                continue;
            return 0;
        }
        struct seccomp_notif_resp response = {.id = stopped.id, .error = -EINVAL};
        ioctl(listener, SECCOMP_IOCTL_NOTIF_SEND, &response);
    }
}
