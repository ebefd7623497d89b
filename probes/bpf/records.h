/*
 * records.h - what tasks.bpf.c hands over, in ascending order of thread: for each process a struct
 * process_record, right behind it its descriptors and then mappings of interest, and for each further thread
 * a struct thread_record. The first word of all is an enum record_kind.
 */
#pragma once

enum record_kind {
    RECORD_PROCESS = 1,
    RECORD_THREAD,
    RECORD_FD,
    RECORD_MEMFD,
    RECORD_CUT,
    RECORD_VMA,
    RECORD_ALL_VMAS
};

struct process_record {
    unsigned kind;
    int pid, parent;
    int call; /* number of the system call that its first thread is or was last in */
    unsigned uid;
    unsigned state, exit_state; /* bits, as in linux/sched.h of the kernel */
    unsigned same_ipc;          /* in the ipc namespace of the reader */
    unsigned long long start;   /* nanoseconds since the machine started */
    char comm[16];
};

struct thread_record {
    unsigned kind;
    int pid, call;
    unsigned spare;
};

/* A descriptor open to a file of tmpfs, hugetlbfs or mqueue. */
struct fd_record {
    unsigned kind;
    int fd;
    unsigned access; /* FMODE_READ 1 | FMODE_WRITE 2 */
    unsigned mode;   /* of the file */
    unsigned device; /* major << 20 | minor */
    unsigned queue;  /* on mqueue */
    unsigned long long inode;
};

/* One open to a file of tmpfs without a place, which is a memfd when it is called memfd:NAME. */
struct memfd_record {
    struct fd_record fd;
    unsigned uid, gid;
    unsigned long long size, blocks;
    unsigned long long atime, mtime, ctime, btime; /* nanoseconds since 1970 */
    unsigned spare;
    unsigned name_length; /* bytes of the name that follows, with its NUL */
};

/* A shared mapping of a file of tmpfs or hugetlbfs. */
struct vma_record {
    unsigned kind;
    unsigned access;      /* VM_READ 1 | VM_WRITE 2 | VM_EXEC 4 */
    unsigned device;      /* major << 20 | minor */
    unsigned name_length; /* bytes of the name that follows, with its NUL; 0: none was asked for */
    unsigned long long start, end, inode;
    unsigned long long page; /* of the file */
};

/*
 * Nothing but a kind: RECORD_CUT behind descriptors when an answer had no room for the rest of them,
 * RECORD_ALL_VMAS behind mappings when there are no others.
 */
struct mark_record {
    unsigned kind, spare;
};
