/* world.c - see world.h. */
#include "tests/make_ipc/world.h"

#include <stddef.h>

const char *const world[] = {
    "sysv-shm:key=0x5eed0001,size=16M,touch=4M,users=3,comm=renderer",
    "sysv-shm:size=1M,touch=1M,users=1,removed",
    "sysv-shm:key=0x5eed0002,size=64K,touch=64K,orphan",
    "sysv-sem:key=0x5eed0003,values=1/1/1",
    "sysv-sem:key=0x5eed0004,values=1,owner=dead,waiters=2,undo,comm=ledger",
    "sysv-msg:key=0x5eed0005,messages=3,bytes=512",
    "sysv-msg:key=0x5eed0006,full,bytes=1024,senders=1,orphan,comm=logger",
    "posix-shm:name=/ring,size=8M,touch=2M,users=2,comm=camera",
    "posix-shm:name=/cache/pages,size=1M,touch=1M,orphan",
    "posix-shm:name=/frames,size=4M,touch=4M,unlinked,users=1,comm=camera",
    "posix-shm:name=/evil\\x1b[31m\\x0aname,size=4K,touch=4K",
    "posix-sem:name=/turn,value=1,users=2",
    "posix-sem:name=/gate,value=1,owner=dead,waiters=2,comm=gatekeeper",
    "posix-mq:name=/jobs,messages=2,users=1,receivers=0",
    "posix-mq:name=/full,full,senders=1,orphan,comm=dispatcher",
    "posix-mq:name=/idle,receivers=1,comm=worker",
    "memfd:name=wayland,size=256K,touch=64K,users=2,comm=compositor",
    "anon-shm:size=2M,touch=512K,users=3,comm=prefork",
    "file-shm:name=/tmp/app.db-shm,size=32K,touch=32K,users=2,comm=database",
    "pipe:fill=1000,readers=1,writers=1",
    "pipe:full,writing=1,both,readers=0",
    "fifo:name=/tmp/control.fifo,opening=read",
    "fifo:name=/tmp/log.fifo,fill=100",
    "unix:fill=300",
    "unix:name=/tmp/server.socket,clients=2,comm=server",
    "eventfd:value=3,users=2",
    "eventfd:reading=1",
    "futex:name=/locks,type=mutex,owner=dead,waiters=2,comm=trader",
    "lock:name=/tmp/app.lock,type=flock,waiters=1",
    "lock:name=/tmp/app.db,type=posix,start=100,length=10,waiters=1",
    "signal:pending=3",
    NULL,
};
