/*
 * kernel_record.c - a kernel that passes everything on to another and writes the answers down, for
 * kernel_replay.c: text files below one folder, named after what was asked. Of memory there is what was asked
 * for to tell waits: words, lists of what a call waits for, and paths. Command lines are left out unless they
 * were asked for.
 */
#include "common/cleanup.h"
#include "common/file.h"
#include "common/strbuf.h"
#include "probes/kernel.h"
#include "probes/record_text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Whose ipc namespace the calling thread is in: answers differ there. */
static _Thread_local pid_t entered;

struct recorder {
    struct kernel kernel;
    struct kernel *inner;
    int folder;
    bool with_arguments;
    atomic_int error;
};

static struct recorder *recorder_of(struct kernel *kernel)
{
    return (struct recorder *)kernel;
}

static int make_folders(int folder, const char *path)
{
    char part[PATH_MAX];
    for (const char *slash = path; (slash = strchr(slash, '/')); slash++) {
        size_t length = (size_t)(slash - path);
        if (length >= sizeof(part))
            return -ENAMETOOLONG;
        memcpy(part, path, length);
        part[length] = '\0';
        if (length && mkdirat(folder, part, 0700) < 0 && errno != EEXIST)
            return -errno;
    }
    return 0;
}

static int write_file(int folder, const char *path, const char *bytes, size_t length)
{
    enum { FLAGS = O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC };
    AUTO_CLOSE int fd = openat(folder, path, FLAGS, 0600);
    if (fd < 0 && errno == ENOENT) {
        int r = make_folders(folder, path);
        if (r < 0)
            return r;
        fd = openat(folder, path, FLAGS, 0600);
    }
    if (fd < 0)
        return -errno;
    return file_write_all(fd, bytes, length);
}

/* Writes the answer, or the error in its place, and hands `r` on. What is absent is left absent. */
static int keep(struct recorder *recorder, int r, const char *bytes, size_t length, const char *format, ...)
    __attribute__((format(printf, 5, 6)));

static int keep(struct recorder *recorder, int r, const char *bytes, size_t length, const char *format, ...)
{
    char name[PATH_MAX], path[PATH_MAX + 64], number[16];
    va_list arguments;
    if (r == -ENOENT || r == -ESRCH)
        return r;
    va_start(arguments, format);
    int needed = vsnprintf(name, sizeof(name), format, arguments);
    va_end(arguments);
    if (needed < 0 || needed >= (int)sizeof(name) || !record_path_is_inside(name))
        return r;
    if (entered)
        snprintf(path, sizeof(path), "ipc/%d/%s%s", entered, name, r < 0 ? ".error" : "");
    else
        snprintf(path, sizeof(path), "%s%s", name, r < 0 ? ".error" : "");
    if (r < 0) {
        length = (size_t)snprintf(number, sizeof(number), "%d\n", -r);
        bytes = number;
    }
    /* A process may hold a file whose path is too long here, or goes through a name that is a file here. */
    int written = write_file(recorder->folder, path, bytes, length);
    if (written < 0 && written != -ENAMETOOLONG && written != -ENOTDIR && written != -EISDIR)
        recorder->error = written;
    return r;
}

static int keep_buffer(struct recorder *recorder, int r, const struct strbuf *buffer, const char *name)
{
    if (buffer->failed)
        return -ENOMEM;
    return keep(recorder, r, strbuf_text(buffer), buffer->length, "%s", name);
}

/* Lines that were seen before an error count; the error is a line behind them. */
static int keep_lines(struct recorder *recorder, int r, struct strbuf *lines, const char *name)
{
    if (r < 0 && lines->length) {
        if (r != -ENOENT && r != -ESRCH)
            strbuf_add_format(lines, RECORDING_ERROR "%d\n", -r);
        int kept = keep_buffer(recorder, 0, lines, name);
        return kept < 0 ? kept : r;
    }
    return keep_buffer(recorder, r, lines, name);
}

static bool is_command_line(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash && strcmp(slash, "/cmdline") == 0;
}

static int record_text_file(struct kernel *kernel, const char *path, struct strbuf *buffer)
{
    struct recorder *recorder = recorder_of(kernel);
    size_t before = buffer->length;
    int r = recorder->inner->ops->read(recorder->inner, path, buffer);
    if (is_command_line(path) && !recorder->with_arguments)
        return r;
    return keep(recorder, r, strbuf_text(buffer) + before, buffer->length - before, "%s", path);
}

static int record_link(struct kernel *kernel, const char *path, struct strbuf *buffer)
{
    struct recorder *recorder = recorder_of(kernel);
    size_t before = buffer->length;
    int r = recorder->inner->ops->link(recorder->inner, path, buffer);
    return keep(recorder, r, strbuf_text(buffer) + before, buffer->length - before, "%s.link", path);
}

static int record_stat(struct kernel *kernel, const char *path, struct file_status *ret_status)
{
    struct recorder *recorder = recorder_of(kernel);
    AUTO_STRBUF struct strbuf text = {0};
    int r = recorder->inner->ops->stat(recorder->inner, path, ret_status);
    if (r == 0)
        record_write(&text, &record_status, ret_status, NULL, 0);
    return keep(recorder, r, strbuf_text(&text), text.length, "%s.stat", path);
}

static int record_fs(struct kernel *kernel, const char *path, struct file_system *ret)
{
    struct recorder *recorder = recorder_of(kernel);
    AUTO_STRBUF struct strbuf text = {0};
    int r = recorder->inner->ops->file_system(recorder->inner, path, ret);
    if (r == 0)
        record_write(&text, &record_file_system, ret, NULL, 0);
    return keep(recorder, r, strbuf_text(&text), text.length, "%s.fs", path);
}

static int keep_numbers(struct recorder *recorder, int r, const pid_t *numbers, size_t count,
                        const char *name)
{
    AUTO_STRBUF struct strbuf text = {0};
    for (size_t i = 0; r == 0 && i < count; i++)
        strbuf_add_format(&text, "%d\n", numbers[i]);
    return keep_buffer(recorder, r, &text, name);
}

static int record_pids(struct kernel *kernel, pid_t **ret_pids, size_t *ret_count)
{
    struct recorder *recorder = recorder_of(kernel);
    int r = recorder->inner->ops->pids(recorder->inner, ret_pids, ret_count);
    return keep_numbers(recorder, r, r == 0 ? *ret_pids : NULL, r == 0 ? *ret_count : 0, "proc/pids");
}

static int record_tids(struct kernel *kernel, pid_t pid, pid_t **ret_tids, size_t *ret_count)
{
    struct recorder *recorder = recorder_of(kernel);
    char name[64];
    snprintf(name, sizeof(name), "proc/%d/tids", pid);
    int r = recorder->inner->ops->tids(recorder->inner, pid, ret_tids, ret_count);
    return keep_numbers(recorder, r, r == 0 ? *ret_tids : NULL, r == 0 ? *ret_count : 0, name);
}

/* Everything is asked of the inner kernel and written; the caller sees the classes it wanted. */
struct passing {
    struct strbuf text;
    unsigned classes;
    union {
        int (*vma)(void *argument, const struct vma *vma);
        int (*fd)(void *argument, const struct fd *fd);
        int (*shm_file)(void *argument, const struct shm_file *file);
        int (*queue)(void *argument, const struct queue_file *file);
        int (*socket)(void *argument, const struct unix_socket *socket);
    } see;
    void *argument;
};

static int pass_vma(void *argument, const struct vma *vma)
{
    struct passing *passing = argument;
    record_write(&passing->text, &record_vma, vma, vma->name, strlen(vma->name));
    return vma_wanted(vma, passing->classes) ? passing->see.vma(passing->argument, vma) : 0;
}

static int record_vmas(struct kernel *kernel, pid_t pid, unsigned classes,
                       int (*see)(void *argument, const struct vma *vma), void *argument)
{
    struct recorder *recorder = recorder_of(kernel);
    char name[64];
    struct passing passing = {.classes = classes, .see.vma = see, .argument = argument};
    snprintf(name, sizeof(name), "proc/%d/vmas", pid);
    int r = recorder->inner->ops->vmas(recorder->inner, pid, UINT_MAX, pass_vma, &passing);
    r = keep_lines(recorder, r, &passing.text, name);
    strbuf_free(&passing.text);
    return r;
}

static int pass_fd(void *argument, const struct fd *fd)
{
    struct passing *passing = argument;
    record_write(&passing->text, &record_fd, fd, fd->link, strlen(fd->link));
    return fd->fd_class & passing->classes ? passing->see.fd(passing->argument, fd) : 0;
}

static int record_fds(struct kernel *kernel, pid_t pid, unsigned classes,
                      int (*see)(void *argument, const struct fd *fd), void *argument)
{
    struct recorder *recorder = recorder_of(kernel);
    char name[64];
    struct passing passing = {.classes = classes, .see.fd = see, .argument = argument};
    snprintf(name, sizeof(name), "proc/%d/fds", pid);
    int r = recorder->inner->ops->fds(recorder->inner, pid, UINT_MAX, pass_fd, &passing);
    r = keep_lines(recorder, r, &passing.text, name);
    strbuf_free(&passing.text);
    return r;
}

static int pass_shm_file(void *argument, const struct shm_file *file)
{
    struct passing *passing = argument;
    record_write(&passing->text, &record_shm_file, file, file->path, strlen(file->path));
    return passing->see.shm_file(passing->argument, file);
}

static int record_shm_files(struct kernel *kernel, const char *mount,
                            int (*see)(void *argument, const struct shm_file *file), void *argument)
{
    struct recorder *recorder = recorder_of(kernel);
    struct passing passing = {.see.shm_file = see, .argument = argument};
    int r = recorder->inner->ops->shm_files(recorder->inner, mount, pass_shm_file, &passing);
    char name[PATH_MAX];
    if (snprintf(name, sizeof(name), "%s/files", mount) < (int)sizeof(name))
        r = keep_lines(recorder, r, &passing.text, name);
    strbuf_free(&passing.text);
    return r;
}

static int pass_queue(void *argument, const struct queue_file *file)
{
    struct passing *passing = argument;
    record_write(&passing->text, &record_queue, file, file->name, strlen(file->name));
    return passing->see.queue(passing->argument, file);
}

static int record_queue_files(struct kernel *kernel, bool read_text,
                              int (*see)(void *argument, const struct queue_file *file), void *argument)
{
    struct recorder *recorder = recorder_of(kernel);
    struct passing passing = {.see.queue = see, .argument = argument};
    int r = recorder->inner->ops->queue_files(recorder->inner, read_text, pass_queue, &passing);
    r = keep_lines(recorder, r, &passing.text, "dev/mqueue/files");
    strbuf_free(&passing.text);
    return r;
}

static int pass_socket(void *argument, const struct unix_socket *socket)
{
    struct passing *passing = argument;
    record_write(&passing->text, &record_socket, socket, socket->name_length ? socket->name : NULL,
                 socket->name_length);
    return passing->see.socket(passing->argument, socket);
}

static int record_unix_sockets(struct kernel *kernel,
                               int (*see)(void *argument, const struct unix_socket *socket), void *argument)
{
    struct recorder *recorder = recorder_of(kernel);
    struct passing passing = {.see.socket = see, .argument = argument};
    int r = recorder->inner->ops->unix_sockets(recorder->inner, pass_socket, &passing);
    r = keep_lines(recorder, r, &passing.text, "net/unix");
    strbuf_free(&passing.text);
    return r;
}

static int record_semaphores(struct kernel *kernel, int semid, size_t count, struct semaphore *ret_semaphores)
{
    struct recorder *recorder = recorder_of(kernel);
    AUTO_STRBUF struct strbuf text = {0};
    int r = recorder->inner->ops->semaphores(recorder->inner, semid, count, ret_semaphores);
    for (size_t i = 0; r == 0 && i < count; i++)
        record_write(&text, &record_semaphore, &ret_semaphores[i], NULL, 0);
    return keep(recorder, r, strbuf_text(&text), text.length, "proc/sysvipc/sem.%d", semid);
}

static int record_queue_limit(struct kernel *kernel, int msqid, uint64_t *ret_bytes)
{
    struct recorder *recorder = recorder_of(kernel);
    char text[32];
    int r = recorder->inner->ops->queue_limit(recorder->inner, msqid, ret_bytes);
    int length = r == 0 ? snprintf(text, sizeof(text), "%" PRIu64 "\n", *ret_bytes) : 0;
    return keep(recorder, r, text, (size_t)length, "proc/sysvipc/msg.%d", msqid);
}

static int record_pipe_state(struct kernel *kernel, pid_t pid, int fd, struct pipe_state *ret_state)
{
    struct recorder *recorder = recorder_of(kernel);
    AUTO_STRBUF struct strbuf text = {0};
    int r = recorder->inner->ops->pipe(recorder->inner, pid, fd, ret_state);
    if (r == 0)
        record_write(&text, &record_pipe, ret_state, NULL, 0);
    return keep(recorder, r, strbuf_text(&text), text.length, "proc/%d/fd/%d.pipe", pid, fd);
}

/* Hexadecimal, after what was asked for. */
static int keep_memory(struct recorder *recorder, int r, const void *bytes, size_t length, const char *name)
{
    AUTO_STRBUF struct strbuf text = {0};
    for (size_t i = 0; r == 0 && i < length; i++)
        strbuf_add_format(&text, "%02x", ((const unsigned char *)bytes)[i]);
    strbuf_add_char(&text, '\n');
    return keep_buffer(recorder, r, &text, name);
}

static int record_memory(struct kernel *kernel, pid_t pid, uint64_t address, void *buffer, size_t length)
{
    struct recorder *recorder = recorder_of(kernel);
    char name[96];
    snprintf(name, sizeof(name), "proc/%d/memory/%" PRIx64 "+%zu", pid, address, length);
    int r = recorder->inner->ops->memory(recorder->inner, pid, address, buffer, length);
    return keep_memory(recorder, r, buffer, length, name);
}

static int record_string(struct kernel *kernel, pid_t pid, uint64_t address, char *buffer, size_t room)
{
    struct recorder *recorder = recorder_of(kernel);
    char name[96];
    snprintf(name, sizeof(name), "proc/%d/memory/%" PRIx64 ".string", pid, address);
    int r = recorder->inner->ops->string(recorder->inner, pid, address, buffer, room);
    return keep_memory(recorder, r, buffer, r == 0 ? strlen(buffer) : 0, name);
}

static int record_enter_ipc(struct kernel *kernel, pid_t pid)
{
    struct recorder *recorder = recorder_of(kernel);
    int r = recorder->inner->ops->enter_ipc(recorder->inner, pid);
    entered = 0;
    keep(recorder, r, "0\n", 2, "ipc/%d/entered", pid);
    if (r == 0)
        entered = pid;
    return r;
}

static int record_clock_state(struct kernel *kernel, struct kernel_clock *ret_clock)
{
    struct recorder *recorder = recorder_of(kernel);
    AUTO_STRBUF struct strbuf text = {0};
    int r = recorder->inner->ops->clock(recorder->inner, ret_clock);
    if (r == 0)
        record_write(&text, &record_clock, ret_clock, NULL, 0);
    return keep_buffer(recorder, r, &text, "clock");
}

static void record_close(struct kernel *kernel)
{
    struct recorder *recorder = recorder_of(kernel);
    kernel_close(recorder->inner);
    close(recorder->folder);
    free(recorder);
}

static const struct kernel_ops record_ops = {
    .read = record_text_file,
    .link = record_link,
    .stat = record_stat,
    .file_system = record_fs,
    .pids = record_pids,
    .tids = record_tids,
    .vmas = record_vmas,
    .fds = record_fds,
    .shm_files = record_shm_files,
    .queue_files = record_queue_files,
    .unix_sockets = record_unix_sockets,
    .semaphores = record_semaphores,
    .queue_limit = record_queue_limit,
    .pipe = record_pipe_state,
    .memory = record_memory,
    .string = record_string,
    .enter_ipc = record_enter_ipc,
    .clock = record_clock_state,
    .close = record_close,
};

int kernel_open_recorder(struct kernel *inner, int folder, bool with_arguments, struct kernel **ret_kernel)
{
    AUTO_CLOSE int own = fcntl(folder, F_DUPFD_CLOEXEC, 3);
    if (own < 0)
        return -errno;
    struct recorder *recorder = calloc(1, sizeof(*recorder));
    if (!recorder)
        return -ENOMEM;
    recorder->kernel = *inner;
    recorder->kernel.ops = &record_ops;
    recorder->inner = inner;
    recorder->folder = take_fd(&own);
    recorder->with_arguments = with_arguments;
    *ret_kernel = &recorder->kernel;
    return 0;
}

int kernel_recorder_finish(struct kernel *kernel)
{
    struct recorder *recorder = recorder_of(kernel);
    AUTO_STRBUF struct strbuf head = {0};
    strbuf_add_string(&head, RECORDING_HEAD);
    strbuf_add_format(&head, "ipc_namespace: %" PRIu64 "\nsees_all: %d\nforeign_pids: %d\n",
                      kernel->ipc_namespace, kernel->sees_all, kernel->foreign_pids);
    if (recorder->error)
        return recorder->error;
    return head.failed ? -ENOMEM : write_file(recorder->folder, RECORDING_FILE, head.text, head.length);
}
