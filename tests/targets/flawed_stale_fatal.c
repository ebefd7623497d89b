/*
 * flawed_stale_fatal.c - keeps its state in a shared memory object. Flaw: gives up when there is one already,
 * so after one crash it never starts again.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <sys/mman.h>

static const char state_name[] = "/flawed-state";

static int open_state(void)
{
#ifdef SOUND
    shm_unlink(state_name);
#endif
    return shm_open(state_name, O_RDWR | O_CREAT | O_EXCL, 0600);
}

static int run(int fd)
{
    int state = 1;
    if (pwrite(fd, &state, sizeof(state), 0) != sizeof(state))
        return complain("pwrite");
    if (pread(fd, &state, sizeof(state), 0) != sizeof(state))
        return complain("pread");
    printf("state %d\n", state);
    return 0;
}

int main(void)
{
    int fd = open_state();
    if (fd < 0)
        return complain("shm_open");
    int status = run(fd);
    if (shm_unlink(state_name) < 0)
        status = complain("shm_unlink");
    return status;
}
