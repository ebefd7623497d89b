/* inline_calls.c - makes a System V segment by a system call of its own, past libc, and prints what it gives.
 */
#include <stdio.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/shm.h>
#include <sys/syscall.h>

static inline __attribute__((always_inline)) long enter_kernel(long number, long first, long second,
                                                               long third)
{
#ifdef __x86_64__
    long result;
    __asm__ volatile("syscall"
                     : "=a"(result)
                     : "a"(number), "D"(first), "S"(second), "d"(third)
                     : "rcx", "r11", "memory");
    return result;
#else
    register long x8 __asm__("x8") = number;
    register long x0 __asm__("x0") = first;
    register long x1 __asm__("x1") = second;
    register long x2 __asm__("x2") = third;
    __asm__ volatile("svc #0" : "+r"(x0) : "r"(x8), "r"(x1), "r"(x2) : "memory");
    return x0;
#endif
}

int main(void)
{
    long id = enter_kernel(SYS_shmget, IPC_PRIVATE, 4096, 0600);
    if (id < 0) {
        printf("%s\n", strerror((int)-id));
        return 0;
    }
    puts("made");
    return shmctl((int)id, IPC_RMID, NULL) < 0;
}
