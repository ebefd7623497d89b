/*
 * kernel_replay.c - a kernel that answers from a recording (kernel_record.c). What was not recorded is
 * absent, as if it had vanished. A recording is hostile: paths are made here, never taken from it, and links
 * are not followed.
 */
#include "common/cleanup.h"
#include "common/file.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "probes/kernel.h"
#include "probes/parse.h"
#include "probes/record_text.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

/* Errors end below this, as in the kernel (MAX_ERRNO). */
enum { ERROR_MAX = 4096 };

/* Whose ipc namespace the calling thread is in: answers differ there. */
static _Thread_local pid_t entered;

struct replay {
    struct kernel kernel;
    int folder;
};

static struct replay *replay_of(struct kernel *kernel)
{
    return (struct replay *)kernel;
}

/* Opens folder by folder, so that no link is followed on the way. */
static int open_file(int folder, const char *path)
{
    AUTO_CLOSE int parent = -1;
    char part[NAME_MAX + 1];
    for (const char *slash; (slash = strchr(path, '/')); path = slash + 1) {
        size_t length = (size_t)(slash - path);
        if (length >= sizeof(part)) {
            errno = ENAMETOOLONG;
            return -1;
        }
        memcpy(part, path, length);
        part[length] = '\0';
        int next = openat(parent < 0 ? folder : parent, length ? part : ".",
                          O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (next < 0)
            return -1;
        cleanup_close(&parent);
        parent = next;
    }
    return openat(parent < 0 ? folder : parent, path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC);
}

static int read_file(int folder, const char *path, struct strbuf *buffer)
{
    AUTO_CLOSE int fd = open_file(folder, path);
    struct stat status;
    if (fd < 0)
        return errno == ENOTDIR || errno == ELOOP || errno == ENAMETOOLONG || errno == ENXIO ? -ENOENT
                                                                                             : -errno;
    if (fstat(fd, &status) < 0 || !S_ISREG(status.st_mode))
        return -ENOENT;
    return file_read_all(fd, buffer);
}

/* The recorded answer, the recorded error, or -ENOENT. */
static int answer(struct kernel *kernel, struct strbuf *buffer, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int answer(struct kernel *kernel, struct strbuf *buffer, const char *format, ...)
{
    struct replay *replay = replay_of(kernel);
    char name[PATH_MAX], path[PATH_MAX + 64];
    AUTO_STRBUF struct strbuf text = {0};
    va_list arguments;
    va_start(arguments, format);
    int length = vsnprintf(name, sizeof(name), format, arguments);
    va_end(arguments);
    if (length < 0 || length >= (int)sizeof(name) || !record_path_is_inside(name))
        return -ENOENT;
    if (entered)
        snprintf(path, sizeof(path), "ipc/%d/%s", entered, name);
    else
        snprintf(path, sizeof(path), "%s", name);
    int r = read_file(replay->folder, path, buffer);
    if (r != -ENOENT)
        return r;
    size_t end = strlen(path);
    snprintf(path + end, sizeof(path) - end, ".error");
    uint64_t error;
    struct scan scan;
    if (read_file(replay->folder, path, &text) < 0)
        return -ENOENT;
    scan = scan_text(strbuf_text(&text));
    return scan_decimal(&scan, &error) && error && error < ERROR_MAX ? -(int)error : -ENOENT;
}

static int replay_read(struct kernel *kernel, const char *path, struct strbuf *buffer)
{
    return answer(kernel, buffer, "%s", path);
}

static int replay_link(struct kernel *kernel, const char *path, struct strbuf *buffer)
{
    return answer(kernel, buffer, "%s.link", path);
}

/* An answer of one line of numbers. */
static int answer_one(int r, const struct strbuf *text, const struct record_form *form, void *ret_answer)
{
    struct scan scan = scan_bytes(strbuf_text(text), text->length), line;
    AUTO_STRBUF struct strbuf rest = {0};
    if (r < 0)
        return r;
    return scan_line(&scan, &line) && record_read(line, form, ret_answer, &rest) ? 0 : -EINVAL;
}

static int replay_stat(struct kernel *kernel, const char *path, struct file_status *ret_status)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct file_status status = {0};
    int r = answer(kernel, &text, "%s.stat", path);
    r = answer_one(r, &text, &record_status, &status);
    if (r == 0)
        *ret_status = status;
    return r;
}

static int replay_fs(struct kernel *kernel, const char *path, struct file_system *ret)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct file_system system = {0};
    int r = answer(kernel, &text, "%s.fs", path);
    r = answer_one(r, &text, &record_file_system, &system);
    if (r == 0)
        *ret = system;
    return r;
}

static int read_numbers(int r, const struct strbuf *text, pid_t **ret_numbers, size_t *ret_count)
{
    if (r < 0)
        return r;
    AUTO_FREE pid_t *numbers = calloc(text->length / 2 + 1, sizeof(*numbers));
    if (!numbers)
        return -ENOMEM;
    size_t count = 0;
    struct scan scan = scan_bytes(strbuf_text(text), text->length), line;
    while (scan_line(&scan, &line)) {
        uint64_t number;
        if (scan_decimal(&line, &number) && number > 0 && number <= INT_MAX)
            numbers[count++] = (pid_t)number;
    }
    *ret_numbers = take_ptr(numbers);
    *ret_count = count;
    return 0;
}

static int replay_pids(struct kernel *kernel, pid_t **ret_pids, size_t *ret_count)
{
    AUTO_STRBUF struct strbuf text = {0};
    int r = answer(kernel, &text, "proc/pids");
    return read_numbers(r, &text, ret_pids, ret_count);
}

static int replay_tids(struct kernel *kernel, pid_t pid, pid_t **ret_tids, size_t *ret_count)
{
    AUTO_STRBUF struct strbuf text = {0};
    int r = answer(kernel, &text, "proc/%d/tids", pid);
    return read_numbers(r, &text, ret_tids, ret_count);
}

/* Hands each line of an answer on; a line that does not parse is passed over, as a parser of /proc would. */
struct lines {
    struct strbuf text;
    struct strbuf rest;
    struct scan scan;
    int error; /* what the answer ended with */
};

static void lines_free(struct lines *lines)
{
    strbuf_free(&lines->text);
    strbuf_free(&lines->rest);
}

#define AUTO_LINES __attribute__((cleanup(lines_free)))

static bool next_line(struct lines *lines, const struct record_form *form, void *ret_answer)
{
    struct scan line;
    uint64_t error;
    while (scan_line(&lines->scan, &line)) {
        if (record_read(line, form, ret_answer, &lines->rest))
            return true;
        if (scan_literal(&line, RECORDING_ERROR) && scan_decimal(&line, &error) && error && error < ERROR_MAX)
            lines->error = -(int)error;
    }
    return false;
}

/* A class is that of the name, or the live kernel knew that it was but a file of such a name. */
static bool is_class_of(unsigned found, unsigned of_name, unsigned file, const char *name)
{
    return found && (found == of_name || (found == file && *name == '/'));
}

static int replay_vmas(struct kernel *kernel, pid_t pid, unsigned classes,
                       int (*see)(void *argument, const struct vma *vma), void *argument)
{
    AUTO_LINES struct lines lines = {0};
    int r = answer(kernel, &lines.text, "proc/%d/vmas", pid);
    lines.scan = scan_bytes(strbuf_text(&lines.text), lines.text.length);
    for (struct vma vma = {0}; r == 0 && next_line(&lines, &record_vma, &vma);) {
        vma.name = strbuf_text(&lines.rest);
        if (is_class_of(vma.vma_class, vma_classify(vma.name), VMA_FILE, vma.name) &&
            vma_wanted(&vma, classes) && vma.end >= vma.start)
            r = see(argument, &vma);
    }
    return r < 0 ? r : lines.error;
}

static int replay_fds(struct kernel *kernel, pid_t pid, unsigned classes,
                      int (*see)(void *argument, const struct fd *fd), void *argument)
{
    AUTO_LINES struct lines lines = {0};
    int r = answer(kernel, &lines.text, "proc/%d/fds", pid);
    lines.scan = scan_bytes(strbuf_text(&lines.text), lines.text.length);
    for (struct fd fd = {0}; r == 0 && next_line(&lines, &record_fd, &fd);) {
        fd.link = strbuf_text(&lines.rest);
        if (is_class_of(fd.fd_class, fd_classify(fd.link), FD_FILE, fd.link) && fd.fd_class & classes &&
            fd.fd >= 0)
            r = see(argument, &fd);
    }
    return r < 0 ? r : lines.error;
}

static int replay_shm_files(struct kernel *kernel, const char *mount,
                            int (*see)(void *argument, const struct shm_file *file), void *argument)
{
    AUTO_LINES struct lines lines = {0};
    int r = answer(kernel, &lines.text, "%s/files", mount);
    lines.scan = scan_bytes(strbuf_text(&lines.text), lines.text.length);
    for (struct shm_file file = {0}; r == 0 && next_line(&lines, &record_shm_file, &file);) {
        file.path = strbuf_text(&lines.rest);
        if (file.head_length <= sizeof(file.head))
            r = see(argument, &file);
    }
    return r < 0 ? r : lines.error;
}

static int replay_queue_files(struct kernel *kernel, bool read_text,
                              int (*see)(void *argument, const struct queue_file *file), void *argument)
{
    AUTO_LINES struct lines lines = {0};
    (void)read_text;
    int r = answer(kernel, &lines.text, "dev/mqueue/files");
    lines.scan = scan_bytes(strbuf_text(&lines.text), lines.text.length);
    for (struct queue_file file = {0}; r == 0 && next_line(&lines, &record_queue, &file);) {
        file.name = strbuf_text(&lines.rest);
        r = see(argument, &file);
    }
    return r < 0 ? r : lines.error;
}

static int replay_unix_sockets(struct kernel *kernel,
                               int (*see)(void *argument, const struct unix_socket *socket), void *argument)
{
    AUTO_LINES struct lines lines = {0};
    int r = answer(kernel, &lines.text, "net/unix");
    lines.scan = scan_bytes(strbuf_text(&lines.text), lines.text.length);
    for (struct unix_socket socket = {0}; r == 0 && next_line(&lines, &record_socket, &socket);) {
        socket.name = strbuf_text(&lines.rest);
        socket.name_length = lines.rest.length;
        r = see(argument, &socket);
    }
    return r < 0 ? r : lines.error;
}

static int replay_semaphores(struct kernel *kernel, int semid, size_t count, struct semaphore *ret_semaphores)
{
    AUTO_LINES struct lines lines = {0};
    int r = answer(kernel, &lines.text, "proc/sysvipc/sem.%d", semid);
    lines.scan = scan_bytes(strbuf_text(&lines.text), lines.text.length);
    for (size_t i = 0; r == 0 && i < count; i++)
        if (!next_line(&lines, &record_semaphore, &ret_semaphores[i]))
            return -EINVAL;
    return r;
}

static int replay_queue_limit(struct kernel *kernel, int msqid, uint64_t *ret_bytes)
{
    AUTO_STRBUF struct strbuf text = {0};
    int r = answer(kernel, &text, "proc/sysvipc/msg.%d", msqid);
    struct scan scan = scan_bytes(strbuf_text(&text), text.length);
    return r < 0 ? r : scan_decimal(&scan, ret_bytes) ? 0 : -EINVAL;
}

static int replay_pipe(struct kernel *kernel, pid_t pid, int fd, struct pipe_state *ret_state)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct pipe_state state = {0};
    int r = answer(kernel, &text, "proc/%d/fd/%d.pipe", pid, fd);
    r = answer_one(r, &text, &record_pipe, &state);
    if (r == 0)
        *ret_state = state;
    return r;
}

/* Bytes in hexadecimal, as many as there are and fit. */
static size_t read_memory(const struct strbuf *text, unsigned char *bytes, size_t room)
{
    size_t count = 0;
    for (; count < room && count * 2 + 2 <= text->length; count++) {
        struct scan digits = scan_bytes(text->text + count * 2, 2);
        uint64_t byte;
        if (!scan_hex(&digits, &byte) || !scan_done(&digits))
            break;
        bytes[count] = (unsigned char)byte;
    }
    return count;
}

static int replay_memory(struct kernel *kernel, pid_t pid, uint64_t address, void *buffer, size_t length)
{
    AUTO_STRBUF struct strbuf text = {0};
    int r = answer(kernel, &text, "proc/%d/memory/%" PRIx64 "+%zu", pid, address, length);
    if (r < 0)
        return r;
    return read_memory(&text, buffer, length) == length ? 0 : -EINVAL;
}

static int replay_string(struct kernel *kernel, pid_t pid, uint64_t address, char *buffer, size_t room)
{
    AUTO_STRBUF struct strbuf text = {0};
    int r = answer(kernel, &text, "proc/%d/memory/%" PRIx64 ".string", pid, address);
    if (r < 0)
        return r;
    size_t length = read_memory(&text, (unsigned char *)buffer, room);
    if (length == room)
        return -ENAMETOOLONG;
    buffer[length] = '\0';
    return 0;
}

static int replay_enter_ipc(struct kernel *kernel, pid_t pid)
{
    AUTO_STRBUF struct strbuf text = {0};
    entered = 0;
    int r = pid ? answer(kernel, &text, "ipc/%d/entered", pid) : 0;
    if (r == 0)
        entered = pid;
    return r;
}

static int replay_clock(struct kernel *kernel, struct kernel_clock *ret_clock)
{
    AUTO_STRBUF struct strbuf text = {0};
    struct kernel_clock clock = {0};
    int r = answer(kernel, &text, "clock");
    r = answer_one(r, &text, &record_clock, &clock);
    if (r == 0)
        *ret_clock = clock;
    return r;
}

static void replay_close(struct kernel *kernel)
{
    struct replay *replay = replay_of(kernel);
    cleanup_close(&replay->folder);
    free(replay);
}

static const struct kernel_ops replay_ops = {
    .read = replay_read,
    .link = replay_link,
    .stat = replay_stat,
    .file_system = replay_fs,
    .pids = replay_pids,
    .tids = replay_tids,
    .vmas = replay_vmas,
    .fds = replay_fds,
    .shm_files = replay_shm_files,
    .queue_files = replay_queue_files,
    .unix_sockets = replay_unix_sockets,
    .semaphores = replay_semaphores,
    .queue_limit = replay_queue_limit,
    .pipe = replay_pipe,
    .memory = replay_memory,
    .string = replay_string,
    .enter_ipc = replay_enter_ipc,
    .clock = replay_clock,
    .close = replay_close,
};

int kernel_open_recording(const char *folder, struct kernel **ret_kernel)
{
    AUTO_CLOSE int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    AUTO_STRBUF struct strbuf head = {0};
    if (fd < 0)
        return -errno;
    int r = read_file(fd, RECORDING_FILE, &head);
    if (r < 0 && r != -ENOENT)
        return r;
    if (strncmp(strbuf_text(&head), RECORDING_HEAD, strlen(RECORDING_HEAD)) != 0)
        return -EINVAL;
    struct replay *replay = calloc(1, sizeof(*replay));
    if (!replay)
        return -ENOMEM;
    replay->kernel.ops = &replay_ops;
    parse_number_after(strbuf_text(&head), "ipc_namespace", 10, &replay->kernel.ipc_namespace);
    uint64_t sees_all = 0, foreign_pids = 0;
    parse_number_after(strbuf_text(&head), "sees_all", 10, &sees_all);
    parse_number_after(strbuf_text(&head), "foreign_pids", 10, &foreign_pids);
    replay->kernel.sees_all = sees_all != 0;
    replay->kernel.foreign_pids = foreign_pids != 0;
    replay->folder = take_fd(&fd);
    *ret_kernel = &replay->kernel;
    return 0;
}
