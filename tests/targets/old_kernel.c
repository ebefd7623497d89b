/*
 * old_kernel.c - runs a command as kernels before Linux 5.19 and 6.6 would: seccomp(2) knows no
 * SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV, and its descriptors no SECCOMP_IOCTL_NOTIF_SET_FLAGS. Their numbers
 * are written out, because headers may be as old.
 */
#include <errno.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <unistd.h>

enum { WAIT_KILLABLE_RECV = 1 << 5 };

#define NOTIF_SET_FLAGS SECCOMP_IOW(4, uint64_t)
#define LOAD(field)     BPF_STMT(BPF_LD | BPF_W | BPF_ABS, offsetof(struct seccomp_data, field))
#define RETURN(value)   BPF_STMT(BPF_RET | BPF_K, value)

int main(int argc, char **argv)
{
    struct sock_filter code[] = {
        LOAD(nr),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_seccomp, 2, 0),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_ioctl, 3, 0),
        RETURN(SECCOMP_RET_ALLOW),
        LOAD(args[1]),
        BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, WAIT_KILLABLE_RECV, 3, 2),
        LOAD(args[1]),
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (unsigned)NOTIF_SET_FLAGS, 1, 0),
        RETURN(SECCOMP_RET_ALLOW),
        RETURN(SECCOMP_RET_ERRNO | EINVAL),
    };
    struct sock_fprog program = {sizeof(code) / sizeof(code[0]), code};
    if (argc < 2 || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 ||
        syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) < 0)
        return 125;
    execvp(argv[1], argv + 1);
    perror(argv[1]);
    return 127;
}
