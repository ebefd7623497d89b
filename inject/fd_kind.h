/*
 * fd_kind.h - what a descriptor is, told from its link in /proc/PID/fd. Pure; shared by the shim and shmoo.
 */
#pragma once

#include "inject/rule.h"

/* f_type of a message queue's file system, from ipc/mqueue.c: no header has it. */
enum { FD_MQUEUE_MAGIC = 0x19800202 };

/* FD_ bit for a link text; a plain path is FD_OTHER: only fstat(2) tells a FIFO, only statfs(2) a message
 * queue. */
uint32_t fd_kind_of_link(const char *link);

/*
 * The name of the object as programs give it to libc: "/dev/shm/ring" is "/ring", "/dev/shm/sem.jobs" is
 * "/jobs". Shortens `path` in place and returns where the name starts in it.
 */
char *fd_object_name(char *path);

/* The same for a link text, which says " (deleted)" when the name has been unlinked since. */
char *fd_link_name(char *link);

/* The word for one FD_ bit, or NULL. */
const char *fd_kind_name(uint32_t kind);

/* The FD_ bits of "pipe", "fifo", ..., and of the sets "ipc" and "any"; 0 when there is no such kind. */
uint32_t fd_kind_find(const char *name, size_t length);
