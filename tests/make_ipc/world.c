/* world.c - see world.h. */
#include "tests/make_ipc/world.h"

#include <stddef.h>

const char *const world[] = {
    "sysv-shm:key=0x5eed0001,size=16M,touch=4M,users=3",
    "sysv-shm:size=1M,touch=1M,users=1,removed",
    "sysv-shm:key=0x5eed0002,size=64K,touch=64K,orphan",
    "sysv-sem:key=0x5eed0003,values=1/1/1",
    "sysv-sem:key=0x5eed0004,values=1,owner=dead,waiters=2",
    "sysv-msg:key=0x5eed0005,messages=3,bytes=512",
    "sysv-msg:key=0x5eed0006,full,bytes=1024,senders=1,orphan",
    NULL,
};
