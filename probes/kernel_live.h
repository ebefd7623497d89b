/* kernel_live.h - what the files behind the live kernel share. Private to them. */
#pragma once

#include "probes/kernel.h"

struct live_tasks;

struct live {
    struct kernel kernel;
    int root;          /* / */
    int proc;          /* /proc */
    bool elsewhere;    /* the collecting thread has entered another ipc namespace */
    int mqueue;        /* our own mqueue file system, -1 when there is none to be had */
    int mqueue_error;  /* why, errno */
    pid_t self;        /* our own pid in /proc; 0 when that shows another pid namespace, without us */
    int ipc_namespace; /* our own, to return to; -1 when other namespaces were not asked for */
    bool text_maps;
    struct {
        uint32_t major, minor;
    } memory[8]; /* devices of memory without a file system, none when it may not be found out */
    size_t memory_count;
    struct live_tasks *tasks; /* NULL when /proc is all there is */
};

static inline struct live *live_of(struct kernel *kernel)
{
    return (struct live *)kernel;
}

int live_vmas(struct kernel *kernel, pid_t pid, unsigned classes,
              int (*see)(void *argument, const struct vma *vma), void *argument);
int live_fds(struct kernel *kernel, pid_t pid, unsigned classes,
             int (*see)(void *argument, const struct fd *fd), void *argument);
int live_shm_files(struct kernel *kernel, const char *mount,
                   int (*see)(void *argument, const struct shm_file *file), void *argument);
int live_queue_files(struct kernel *kernel, bool read_text,
                     int (*see)(void *argument, const struct queue_file *file), void *argument);
int live_unix_sockets(struct kernel *kernel, int (*see)(void *argument, const struct unix_socket *socket),
                      void *argument);

int live_memory(struct kernel *kernel, pid_t pid, uint64_t address, void *buffer, size_t length);
int live_string(struct kernel *kernel, pid_t pid, uint64_t address, char *buffer, size_t room);

int live_file_bytes(struct kernel *kernel, const char *path, const struct file_status *same, uint64_t offset,
                    void *buffer, size_t length, size_t *ret_length);
int live_message(struct kernel *kernel, int msqid, size_t number, void *buffer, size_t room,
                 int64_t *ret_type, size_t *ret_length);
int live_pipe_bytes(struct kernel *kernel, pid_t pid, int fd, void *buffer, size_t room, size_t *ret_length);
int live_resident(struct kernel *kernel, pid_t pid, uint64_t address, bool *ret_resident);

/* A duplicate of a process's descriptor, or -errno. */
int live_duplicate(struct kernel *kernel, pid_t pid, int fd);

/* Opens the mqueue file system of the ipc namespace that the thread is in. A descriptor or -errno. */
int live_open_mqueue(void);

/* True when this kernel answers PROCMAP_QUERY. */
bool live_has_procmap_query(int proc);

/* Finds out `memory`. */
void live_find_memory(struct live *live);

/* True for a device of `memory`, and for any when they are not known. */
bool live_is_memory(const struct live *live, uint32_t major, uint32_t minor);

/* The class of a mapping or descriptor by its name, but by its device too where a file could bear that name.
 */
unsigned live_vma_class(const struct live *live, const struct vma *vma);
unsigned live_fd_class(const struct live *live, const struct fd *fd);

/* Status of a path below an open folder; flags as for statx(2). */
int live_status(int folder, const char *path, int flags, struct file_status *ret_status);
