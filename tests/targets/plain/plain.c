/*
 * plain.c - a program that needs no glibc: linked with musl, statically. Prints what two calls give.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/shm.h>

int main(void)
{
    int unlinked = shm_unlink("/shmoo-no-such");
    printf("%d %s\n", unlinked, strerror(errno));
    int id = shmget(IPC_PRIVATE, 4096, 0600);
    printf("%d %s\n", id < 0, id < 0 ? strerror(errno) : "made");
    return id >= 0 && shmctl(id, IPC_RMID, NULL) < 0;
}
