/*
 * flawed_shrunk_map.c - takes as much shared memory as it can get: half of it when there is no room. Flaw: it
 * forgets how much that was.
 */
#include "tests/targets/flawed.h"

#include <string.h>
#include <sys/mman.h>

enum { ROOM_MAX = 4 << 20, ROOM_MIN = 1 << 20 };

static char *map_room(size_t *size)
{
    for (size_t length = *size; length >= ROOM_MIN; length /= 2) {
        void *room = mmap(NULL, length, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
        if (room == MAP_FAILED)
            continue;
#ifdef SOUND
        *size = length;
#endif
        return room;
    }
    return NULL;
}

int main(void)
{
    size_t size = ROOM_MAX;
    char *room = map_room(&size);
    if (!room)
        return complain("mmap");
    room[size - 1] = 'x';
    puts("filled");
    return 0;
}
