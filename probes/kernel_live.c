/*
 * kernel_live.c - the running machine behind kernel.h: files, processes and single calls. Mappings,
 * descriptors, file systems and sockets have files of their own (live_*.c).
 */
#include "probes/kernel_live.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/file.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/live_tasks.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>

static int live_read(struct kernel *kernel, const char *path, struct strbuf *buffer)
{
    AUTO_CLOSE int fd = openat(live_of(kernel)->root, path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    return fd < 0 ? -errno : file_read_all(fd, buffer);
}

static int live_link(struct kernel *kernel, const char *path, struct strbuf *buffer)
{
    char target[PATH_MAX];
    ssize_t length = readlinkat(live_of(kernel)->root, path, target, sizeof(target));
    if (length < 0)
        return -errno;
    strbuf_add(buffer, target, (size_t)length);
    return buffer->failed ? -ENOMEM : 0;
}

static uint64_t statx_time(const struct statx_timestamp *time)
{
    return time->tv_sec < 0 ? 0 : (uint64_t)time->tv_sec * UINT64_C(1000000000) + time->tv_nsec;
}

int live_status(int folder, const char *path, int flags, struct file_status *ret_status)
{
    /* What is known here will do: a server of files that does not answer must not keep us. */
    enum { FLAGS = AT_NO_AUTOMOUNT | AT_STATX_DONT_SYNC };
    struct statx status;
    if (statx(folder, path, flags | FLAGS, STATX_BASIC_STATS | STATX_BTIME, &status) < 0)
        return -errno;
    *ret_status = (struct file_status){
        .inode = status.stx_ino,
        .size = status.stx_size,
        .used = status.stx_blocks * 512,
        .atime = statx_time(&status.stx_atime),
        .mtime = statx_time(&status.stx_mtime),
        .ctime = statx_time(&status.stx_ctime),
        .btime = status.stx_mask & STATX_BTIME ? statx_time(&status.stx_btime) : 0,
        .major = status.stx_dev_major,
        .minor = status.stx_dev_minor,
        .mode = status.stx_mode,
        .nlink = status.stx_nlink,
        .uid = status.stx_uid,
        .gid = status.stx_gid,
    };
    return 0;
}

static int live_stat(struct kernel *kernel, const char *path, struct file_status *ret_status)
{
    return live_status(live_of(kernel)->root, path, 0, ret_status);
}

static int live_file_system(struct kernel *kernel, const char *path, struct file_system *ret)
{
    AUTO_CLOSE int fd = openat(live_of(kernel)->root, path, O_PATH | O_CLOEXEC);
    struct statfs system;
    if (fd < 0 || fstatfs(fd, &system) < 0)
        return -errno;
    uint64_t block = (uint64_t)system.f_bsize;
    *ret = (struct file_system){
        .type = (uint64_t)system.f_type,
        .size = system.f_blocks * block,
        .used = (system.f_blocks - system.f_bfree) * block,
        .inodes = system.f_files,
        .inodes_used = system.f_files - system.f_ffree,
    };
    return 0;
}

static int compare_pids(const void *left, const void *right)
{
    pid_t a = *(const pid_t *)left, b = *(const pid_t *)right;
    return a < b ? -1 : a > b;
}

static pid_t pid_of_name(const char *name)
{
    pid_t pid = 0;
    for (; *name >= '0' && *name <= '9' && pid < 100000000; name++)
        pid = pid * 10 + (*name - '0');
    return *name ? 0 : pid;
}

static int numbered_entries(int folder, const char *path, pid_t **ret_pids, size_t *ret_count)
{
    int fd = openat(folder, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    AUTO_DIR DIR *dir = fdopendir(fd);
    if (!dir) {
        close(fd);
        return -ENOMEM;
    }
    ARRAY(pid_t) pids = {0};
    for (struct dirent *entry; (entry = readdir(dir));) {
        pid_t pid = pid_of_name(entry->d_name);
        pid_t *slot = pid ? array_push(&pids) : NULL;
        if (pid && !slot) {
            array_free(&pids);
            return -ENOMEM;
        }
        if (slot)
            *slot = pid;
    }
    if (pids.count)
        qsort(pids.items, pids.count, sizeof(*pids.items), compare_pids);
    *ret_pids = pids.items;
    *ret_count = pids.count;
    return 0;
}

static void live_begin(struct kernel *kernel)
{
    if (live_of(kernel)->tasks)
        live_tasks_begin(live_of(kernel)->tasks);
}

static void live_end(struct kernel *kernel)
{
    if (live_of(kernel)->tasks)
        live_tasks_end(live_of(kernel)->tasks);
}

static int live_pids(struct kernel *kernel, pid_t **ret_pids, size_t *ret_count)
{
    struct live_tasks *tasks = live_of(kernel)->tasks;
    int r = tasks ? live_tasks_pids(tasks, ret_pids, ret_count) : -ENOTSUP;
    if (r != -ENOTSUP)
        return r;
    return numbered_entries(live_of(kernel)->proc, ".", ret_pids, ret_count);
}

static int live_tids(struct kernel *kernel, pid_t pid, pid_t **ret_tids, size_t *ret_count)
{
    char path[32];
    struct stat status;
    snprintf(path, sizeof(path), "%d/task", pid);
    /* The folder has a link for each thread (proc_task_getattr()); most processes have one and need no
     * listing. */
    bool single = fstatat(live_of(kernel)->proc, path, &status, 0) == 0 && status.st_nlink == 3;
    pid_t *tids = single ? malloc(sizeof(*tids)) : NULL;
    if (tids) {
        *tids = pid;
        *ret_tids = tids;
        *ret_count = 1;
        return 0;
    }
    return numbered_entries(live_of(kernel)->proc, path, ret_tids, ret_count);
}

static int live_glance(struct kernel *kernel, pid_t pid, struct glance *ret_glance)
{
    struct live_tasks *tasks = live_of(kernel)->tasks;
    return tasks ? live_tasks_glance(tasks, pid, ret_glance) : -ENOTSUP;
}

union semun {
    unsigned short *array;
};

static int live_semaphores(struct kernel *kernel, int semid, size_t count, struct semaphore *ret_semaphores)
{
    (void)kernel;
    AUTO_FREE unsigned short *values = calloc(count + 1, sizeof(*values));
    AUTO_FREE struct semaphore *found = calloc(count + 1, sizeof(*found));
    if (!values || !found)
        return -ENOMEM;
    if (semctl(semid, 0, GETALL, (union semun){.array = values}) < 0)
        return -errno;
    for (size_t i = 0; i < count; i++) {
        found[i].value = values[i];
        found[i].pid = semctl(semid, (int)i, GETPID);
        found[i].ncnt = semctl(semid, (int)i, GETNCNT);
        found[i].zcnt = semctl(semid, (int)i, GETZCNT);
        if (found[i].pid < 0 || found[i].ncnt < 0 || found[i].zcnt < 0)
            return -errno;
    }
    memcpy(ret_semaphores, found, count * sizeof(*found));
    return 0;
}

static int live_queue_limit(struct kernel *kernel, int msqid, uint64_t *ret_bytes)
{
    (void)kernel;
    struct msqid_ds queue;
    if (msgctl(msqid, IPC_STAT, &queue) < 0)
        return -errno;
    *ret_bytes = queue.msg_qbytes;
    return 0;
}

/* A duplicate of the descriptor is asked rather than /proc/PID/fd/N opened: an open of a FIFO wakes its peer.
 */
static int live_pipe(struct kernel *kernel, pid_t pid, int fd, struct pipe_state *ret_state)
{
    AUTO_CLOSE int copy = live_duplicate(kernel, pid, fd);
    if (copy < 0)
        return copy;
    int fill, capacity = fcntl(copy, F_GETPIPE_SZ);
    if (capacity < 0 || ioctl(copy, FIONREAD, &fill) < 0)
        return -errno;
    *ret_state = (struct pipe_state){.fill = (uint64_t)fill, .capacity = (uint64_t)capacity};
    return 0;
}

static int live_enter_ipc(struct kernel *kernel, pid_t pid)
{
    struct live *live = live_of(kernel);
    if (live->ipc_namespace < 0)
        return -ENOTSUP;
    char path[32];
    snprintf(path, sizeof(path), "%d/ns/ipc", pid);
    AUTO_CLOSE int fd = pid ? openat(live->proc, path, O_RDONLY | O_CLOEXEC) : -1;
    if ((pid && fd < 0) || setns(pid ? fd : live->ipc_namespace, CLONE_NEWIPC) < 0)
        return -errno;
    live->elsewhere = pid != 0;
    return 0;
}

static int live_clock(struct kernel *kernel, struct kernel_clock *ret_clock)
{
    (void)kernel;
    uint64_t now = clock_nanoseconds(CLOCK_REALTIME), up = clock_nanoseconds(CLOCK_BOOTTIME);
    /* Whole seconds, as btime of /proc/stat: what it is added to must come out the same every time. */
    uint64_t boot = now > up ? (now - up) / UINT64_C(1000000000) * UINT64_C(1000000000) : 0;
    *ret_clock = (struct kernel_clock){.now = now, .boot = boot};
    return 0;
}

/* Root of a user namespace of its own may not look into processes of others. */
static bool is_machine_root(struct kernel *kernel)
{
    AUTO_STRBUF struct strbuf map = {0};
    uint64_t first, outside, count;
    if (geteuid() != 0 || live_read(kernel, "proc/self/uid_map", &map) < 0)
        return false;
    struct scan scan = scan_text(strbuf_text(&map));
    scan_blanks(&scan);
    bool read = scan_decimal(&scan, &first);
    scan_blanks(&scan);
    read = read && scan_decimal(&scan, &outside);
    scan_blanks(&scan);
    return read && scan_decimal(&scan, &count) && !first && !outside && count == UINT32_MAX;
}

/* The link is about the reader, but in numbers of the mount's pid namespace (proc_self_get_link()). */
static pid_t own_pid_in_proc(int proc)
{
    char target[16];
    ssize_t length = readlinkat(proc, "self", target, sizeof(target) - 1);
    if (length < 0)
        return 0;
    target[length] = '\0';
    return pid_of_name(target);
}

static void live_close(struct kernel *kernel)
{
    struct live *live = live_of(kernel);
    if (live->tasks)
        live_tasks_close(live->tasks);
    cleanup_close(&live->root);
    cleanup_close(&live->proc);
    cleanup_close(&live->mqueue);
    cleanup_close(&live->ipc_namespace);
    free(live);
}

static const struct kernel_ops live_ops = {
    .begin = live_begin,
    .end = live_end,
    .read = live_read,
    .link = live_link,
    .stat = live_stat,
    .file_system = live_file_system,
    .pids = live_pids,
    .tids = live_tids,
    .glance = live_glance,
    .vmas = live_vmas,
    .fds = live_fds,
    .shm_files = live_shm_files,
    .queue_files = live_queue_files,
    .unix_sockets = live_unix_sockets,
    .semaphores = live_semaphores,
    .queue_limit = live_queue_limit,
    .pipe = live_pipe,
    .memory = live_memory,
    .string = live_string,
    .file_bytes = live_file_bytes,
    .message = live_message,
    .pipe_bytes = live_pipe_bytes,
    .resident = live_resident,
    .enter_ipc = live_enter_ipc,
    .clock = live_clock,
    .close = live_close,
};

int kernel_open_live(const struct kernel_live_options *options, struct kernel **ret_kernel)
{
    struct live *live = calloc(1, sizeof(*live));
    if (!live)
        return -ENOMEM;
    *live = (struct live){.kernel.ops = &live_ops, .root = -1, .proc = -1, .mqueue = -1, .ipc_namespace = -1};
    AUTO_KERNEL struct kernel *kernel = &live->kernel;
    live->root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    if (live->root < 0)
        return -errno;
    live->proc = openat(live->root, "proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (live->proc < 0)
        return -errno;
    live->text_maps = options->text_maps || !live_has_procmap_query(live->proc);
    live_find_memory(live);
    live->mqueue = live_open_mqueue();
    live->mqueue_error = live->mqueue < 0 ? -live->mqueue : 0;
    if (options->all_namespaces)
        live->ipc_namespace = openat(live->proc, "self/ns/ipc", O_RDONLY | O_CLOEXEC);
    struct file_status status;
    if (live_status(live->proc, "self/ns/ipc", 0, &status) == 0)
        kernel->ipc_namespace = status.inode;
    kernel->sees_all = is_machine_root(kernel);
    live->self = own_pid_in_proc(live->proc);
    kernel->foreign_pids = live->self != getpid();
    if (options->glances && live->memory_count)
        live_tasks_open(live->proc, live->memory[0].major << 20 | live->memory[0].minor, &live->tasks);
    *ret_kernel = take_ptr(kernel);
    return 0;
}
