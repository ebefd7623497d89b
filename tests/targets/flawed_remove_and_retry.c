/*
 * flawed_remove_and_retry.c - removes what an earlier run left and makes its object anew. Flaw: it tries for
 * ever, also when the object is another user's and cannot be removed.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <sys/mman.h>

static const char pad_name[] = "/flawed-pad";

static int make_pad(void)
{
    for (int tries = 0;; tries++) {
        int fd = shm_open(pad_name, O_RDWR | O_CREAT | O_EXCL, 0600);
        if (fd >= 0 || errno != EEXIST)
            return fd;
#ifdef SOUND
        if (tries == 2)
            return fd;
#endif
        shm_unlink(pad_name);
    }
}

int main(void)
{
    int fd = make_pad();
    if (fd < 0)
        return complain("shm_open");
    int status = pwrite(fd, "note", 4, 0) == 4 ? 0 : complain("pwrite");
    if (shm_unlink(pad_name) < 0)
        status = complain("shm_unlink");
    puts("noted");
    return status;
}
