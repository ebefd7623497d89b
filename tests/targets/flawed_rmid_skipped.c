/*
 * flawed_rmid_skipped.c - draws in a System V segment that is to vanish with its last user. Flaw: it is
 * marked for removal only once it is attached, so when that fails it stays.
 */
#include "tests/targets/flawed.h"

#include <sys/ipc.h>
#include <sys/shm.h>

enum { SIZE = 64 };

static int mark_for_removal(int id)
{
    return shmctl(id, IPC_RMID, NULL) < 0 ? complain("shmctl") : 0;
}

static char *attach_canvas(int id)
{
    char *canvas = shmat(id, NULL, 0);
    if (canvas == (void *)-1) {
        complain("shmat");
#ifdef SOUND
        mark_for_removal(id);
#endif
        return NULL;
    }
    return mark_for_removal(id) ? NULL : canvas;
}

int main(void)
{
    int id = shmget(IPC_PRIVATE, SIZE, IPC_CREAT | 0600);
    if (id < 0)
        return complain("shmget");
    char *canvas = attach_canvas(id);
    if (!canvas)
        return 1;
    memset(canvas, '*', SIZE - 1);
    puts(canvas);
    shmdt(canvas);
    return 0;
}
