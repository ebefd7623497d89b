/*
 * kernel.h - the only door to the running kernel: /proc, mounts, System V calls, socket diagnostics. Three
 * rooms lie behind it: the live machine (kernel_live.c), a recording of one (kernel_replay.c), and a recorder
 * that writes down whatever passes (kernel_record.c). Reading through it changes nothing on the machine.
 *
 * Every operation returns 0 or -errno. A process or object that vanished is -ENOENT or -ESRCH. Operations
 * may be called from several threads at once, except enter_ipc(), which concerns the calling thread alone.
 */
#pragma once

#include "probes/object.h"
#include "probes/process.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct kernel;
struct strbuf;

/* Classes of shared mappings, told by the name the kernel gives them. */
enum vma_class {
    VMA_SYSV = 1,  /* /SYSVxxxxxxxx */
    VMA_ZERO = 2,  /* /dev/zero, of huge pages /anon_hugepage: MAP_SHARED | MAP_ANONYMOUS */
    VMA_MEMFD = 4, /* /memfd:name */
    VMA_FILE = 8,  /* any other file */
    VMA_SHM = 16,  /* only to ask for: of those VMA_FILE that are on tmpfs or hugetlbfs will do */
};

/* A mapping whose writes others can see (VM_MAYSHARE), also when it is read-only. */
struct vma {
    uint64_t start, end; /* addresses */
    uint64_t offset;     /* in the file, bytes */
    uint64_t inode;
    uint32_t major, minor;
    uint8_t access;    /* EDGE_READ | … */
    uint8_t vma_class; /* enum vma_class */
    bool brief;        /* a file without its name, which is in /proc/PID/map_files */
    const char
        *name; /* as in /proc/PID/maps, raw bytes without the maps file's own escapes; NUL-terminated */
};

/* Classes of descriptors, told by what /proc/PID/fd/N points to. */
enum fd_class {
    FD_PIPE = 1,
    FD_SOCKET = 2,
    FD_EVENTFD = 4,
    FD_MEMFD = 8,
    FD_QUEUE = 16, /* "/name": a POSIX queue, or a file of the root folder */
    FD_SHM = 32,   /* a path below some /dev/shm */
    FD_FILE = 64,  /* any other path */
};

struct file_status {
    uint64_t inode;
    uint64_t size, used;                 /* bytes */
    uint64_t atime, mtime, ctime, btime; /* nanoseconds since 1970; 0 when not told */
    uint32_t major, minor;
    uint32_t mode; /* with the file type */
    uint32_t nlink;
    uid_t uid;
    gid_t gid;
};

struct fd {
    int fd;
    uint8_t access;   /* EDGE_READ | EDGE_WRITE */
    uint8_t fd_class; /* enum fd_class; FD_SHM is any file of tmpfs when it is brief */
    bool brief;       /* no link, and of the status the device, inode and mode only: see collection_fd() */
    const char *link; /* raw bytes */
    struct file_status status;
};

/* A file of a shared memory file system. */
struct shm_file {
    const char *path; /* below the mount point, no leading slash, raw bytes */
    struct file_status status;
    int error;          /* errno of a failed read of `head`, or 0 */
    size_t head_length; /* bytes of `head` that are there */
    union {             /* first bytes of a semaphore, see glibc_semaphore.h; other contents stay outside */
        unsigned char head[32];
        uint64_t head_words[4];
    };
};

/*
 * A file of an mqueue file system. Bytes queued and the registration are known only when its text was read,
 * and that read sets the queue's atime and ctime (mqueue_read_file() in ipc/mqueue.c); mq_getattr() does not.
 */
struct queue_file {
    const char *name; /* raw bytes */
    struct file_status status;
    int error; /* errno of a failed open, or 0 */
    uint64_t messages, maxmsg, msgsize;
    uint8_t text_read; /* 0 or 1 */
    uint64_t bytes;
    int32_t signal, notify_pid; /* notify_pid 0: nobody is registered */
};

/* A unix socket as sock_diag(7) tells it. */
struct unix_socket {
    uint64_t inode, peer;               /* peer is 0 without one */
    uint8_t type;                       /* SOCK_STREAM, … */
    uint8_t state;                      /* TCP_LISTEN 10, TCP_ESTABLISHED 1, TCP_CLOSE 7 */
    uint32_t receive_queue, send_queue; /* bytes; of a listener: connections waiting, and the backlog */
    uint64_t vfs_inode;
    uint32_t vfs_device;
    uid_t uid;
    const char *name; /* raw bytes, a leading NUL for an abstract one */
    size_t name_length;
};

struct pipe_state {
    uint64_t fill, capacity; /* bytes */
};

struct file_system {
    uint64_t type;       /* f_type of statfs(2) */
    uint64_t size, used; /* bytes; size 0 is no limit */
    uint64_t inodes, inodes_used;
};

struct kernel_clock {
    uint64_t now;  /* nanoseconds since 1970 */
    uint64_t boot; /* when the machine started, likewise, in whole seconds */
};

struct glance {
    struct process process; /* but for its start, its namespaces and what NEED_COMMANDS adds */
    uint64_t start_ticks;   /* as in /proc/PID/stat */
    bool blocked;           /* a thread may be blocked in a call of blocked.def; otherwise none is */
    bool same_ipc;          /* it is in the reader's ipc namespace */
};

struct kernel_ops {
    /*
     * A new look at the machine begins, and ends: what is asked in it may be answered as of its beginning. No
     * other thread asks anything at these moments. Optional.
     */
    void (*begin)(struct kernel *kernel);
    void (*end)(struct kernel *kernel);

    /* Appends a whole text file; the path is relative to /, e.g. "proc/1/stat". */
    int (*read)(struct kernel *kernel, const char *path, struct strbuf *buffer);
    int (*link)(struct kernel *kernel, const char *path, struct strbuf *buffer);
    int (*stat)(struct kernel *kernel, const char *path, struct file_status *ret_status);
    int (*file_system)(struct kernel *kernel, const char *path, struct file_system *ret);

    /* All pids below /proc, ascending; the caller frees the array. */
    int (*pids)(struct kernel *kernel, pid_t **ret_pids, size_t *ret_count);
    /* All threads of a process, likewise. */
    int (*tids)(struct kernel *kernel, pid_t pid, pid_t **ret_tids, size_t *ret_count);

    /*
     * What is known of a process without a look into /proc; it lasts until the look ends. Optional,
     * and -ENOTSUP when nothing is known: /proc tells then.
     */
    int (*glance)(struct kernel *kernel, pid_t pid, struct glance *ret_glance);

    /*
     * Each calls `see` for everything there is; what `see` is given lasts until it returns. A negative return
     * of `see` ends it and is passed on. Classes are masks of what to look at.
     */
    int (*vmas)(struct kernel *kernel, pid_t pid, unsigned classes,
                int (*see)(void *argument, const struct vma *vma), void *argument);
    int (*fds)(struct kernel *kernel, pid_t pid, unsigned classes,
               int (*see)(void *argument, const struct fd *fd), void *argument);
    int (*shm_files)(struct kernel *kernel, const char *mount,
                     int (*see)(void *argument, const struct shm_file *file), void *argument);
    int (*queue_files)(struct kernel *kernel, bool read_text,
                       int (*see)(void *argument, const struct queue_file *file), void *argument);
    int (*unix_sockets)(struct kernel *kernel, int (*see)(void *argument, const struct unix_socket *socket),
                        void *argument);

    /* Values, pids and waiter counts of a System V semaphore set. */
    int (*semaphores)(struct kernel *kernel, int semid, size_t count, struct semaphore *ret_semaphores);
    /* Bytes a System V queue may hold (msg_qbytes). */
    int (*queue_limit)(struct kernel *kernel, int msqid, uint64_t *ret_bytes);
    /* How full the pipe behind a process's descriptor is. */
    int (*pipe)(struct kernel *kernel, pid_t pid, int fd, struct pipe_state *ret_state);
    /* Bytes of a process's memory, all of them or -errno. */
    int (*memory)(struct kernel *kernel, pid_t pid, uint64_t address, void *buffer, size_t length);
    /* The string there with its NUL; -ENAMETOOLONG when there is not room for it. */
    int (*string)(struct kernel *kernel, pid_t pid, uint64_t address, char *buffer, size_t room);

    /*
     * Contents, for whoever asks to see them; NULL where there are none, in a recording. They leave times,
     * counts, pids and messages as they are, and take no memory for pages that nobody wrote to.
     */
    /* Bytes of the regular file at a path, if it is the one of that device and inode. Holes are zeros. */
    int (*file_bytes)(struct kernel *kernel, const char *path, const struct file_status *same,
                      uint64_t offset, void *buffer, size_t length, size_t *ret_length);
    /* A copy of the message of that number in a System V queue; -ENOMSG after the last. */
    int (*message)(struct kernel *kernel, int msqid, size_t number, void *buffer, size_t room,
                   int64_t *ret_type, size_t *ret_length);
    /* The first bytes queued in the pipe behind a process's descriptor, which must be open for reading. */
    int (*pipe_bytes)(struct kernel *kernel, pid_t pid, int fd, void *buffer, size_t room,
                      size_t *ret_length);
    /* Whether the page at an address of a process is in memory, and in its page table. */
    int (*resident)(struct kernel *kernel, pid_t pid, uint64_t address, bool *ret_resident);

    /* Makes the calling thread see another process's ipc namespace; pid 0 returns to its own. */
    int (*enter_ipc)(struct kernel *kernel, pid_t pid);

    int (*clock)(struct kernel *kernel, struct kernel_clock *ret_clock);
    void (*close)(struct kernel *kernel);
};

struct kernel {
    const struct kernel_ops *ops;
    uint64_t ipc_namespace; /* inode of the reader's own; 0 when not known */
    bool sees_all;          /* the reader is root of the whole machine: hidepid= hides nothing from it */
    bool foreign_pids;      /* /proc is of another pid namespace than the reader: it numbers them otherwise */
};

struct kernel_live_options {
    bool text_maps;      /* read /proc/PID/maps even where PROCMAP_QUERY works */
    bool all_namespaces; /* prepare what other ipc namespaces need */
    bool glances;        /* look at all processes at once where that can be had and pays; see live_tasks.h */
};

/* The running machine. */
int kernel_open_live(const struct kernel_live_options *options, struct kernel **ret_kernel);

/* Answers from a recording. -EINVAL when the folder is not one. */
int kernel_open_recording(const char *folder, struct kernel **ret_kernel);

/*
 * Passes everything on to `inner`, which it takes over, and writes the answers below the open folder. Command
 * lines are left out unless asked for; memory contents always are, but for the words that name waiters.
 */
int kernel_open_recorder(struct kernel *inner, int folder, bool with_arguments, struct kernel **ret_kernel);

/*
 * Writes the file that makes the folder a recording, once all was asked. A recorder goes on answering when
 * the disk is full: the first error of writing is returned here, and then the folder is no recording.
 */
int kernel_recorder_finish(struct kernel *kernel);

/* Reads a file of a thread's folder, as "status". Same return as the operation `read`. */
int kernel_read_thread(struct kernel *kernel, pid_t pid, pid_t tid, const char *name, struct strbuf *text);

void kernel_close(struct kernel *kernel);

static inline void kernel_close_auto(struct kernel **kernel)
{
    if (*kernel)
        kernel_close(*kernel);
}

#define AUTO_KERNEL __attribute__((cleanup(kernel_close_auto)))

/* Whether a mapping is of the classes asked for. */
static inline bool vma_wanted(const struct vma *vma, unsigned classes)
{
    return vma->vma_class & (classes | (classes & VMA_SHM ? VMA_FILE : 0));
}

/* The class of a mapping or of a descriptor by its name, as above. */
unsigned vma_classify(const char *name);
unsigned fd_classify(const char *link);
