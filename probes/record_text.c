/* record_text.c - see record_text.h. Each form is a table of members; one writer and one reader serve all. */
#include "probes/record_text.h"

#include "common/array.h"
#include "common/escape.h"
#include "common/scan.h"
#include "common/strbuf.h"

#include <inttypes.h>
#include <string.h>

#define MEMBER(type, member)                                \
    {                                                       \
        offsetof(type, member), sizeof(((type *)0)->member) \
    }

#define STATUS_MEMBERS(type, prefix)                                                        \
    MEMBER(type, prefix inode), MEMBER(type, prefix size), MEMBER(type, prefix used),       \
        MEMBER(type, prefix atime), MEMBER(type, prefix mtime), MEMBER(type, prefix ctime), \
        MEMBER(type, prefix btime), MEMBER(type, prefix major), MEMBER(type, prefix minor), \
        MEMBER(type, prefix mode), MEMBER(type, prefix nlink), MEMBER(type, prefix uid),    \
        MEMBER(type, prefix gid)

static const struct record_member status_members[] = {STATUS_MEMBERS(struct file_status, )};

static const struct record_member vma_members[] = {
    MEMBER(struct vma, start),  MEMBER(struct vma, end),       MEMBER(struct vma, offset),
    MEMBER(struct vma, inode),  MEMBER(struct vma, major),     MEMBER(struct vma, minor),
    MEMBER(struct vma, access), MEMBER(struct vma, vma_class),
};

static const struct record_member fd_members[] = {
    MEMBER(struct fd, fd),
    MEMBER(struct fd, access),
    MEMBER(struct fd, fd_class),
    STATUS_MEMBERS(struct fd, status.),
};

static const struct record_member shm_file_members[] = {
    MEMBER(struct shm_file, error),           MEMBER(struct shm_file, head_length),
    MEMBER(struct shm_file, head_words[0]),   MEMBER(struct shm_file, head_words[1]),
    MEMBER(struct shm_file, head_words[2]),   MEMBER(struct shm_file, head_words[3]),
    STATUS_MEMBERS(struct shm_file, status.),
};

static const struct record_member queue_members[] = {
    MEMBER(struct queue_file, error),           MEMBER(struct queue_file, messages),
    MEMBER(struct queue_file, maxmsg),          MEMBER(struct queue_file, msgsize),
    MEMBER(struct queue_file, text_read),       MEMBER(struct queue_file, bytes),
    MEMBER(struct queue_file, signal),          MEMBER(struct queue_file, notify_pid),
    STATUS_MEMBERS(struct queue_file, status.),
};

static const struct record_member socket_members[] = {
    MEMBER(struct unix_socket, inode),         MEMBER(struct unix_socket, peer),
    MEMBER(struct unix_socket, type),          MEMBER(struct unix_socket, state),
    MEMBER(struct unix_socket, receive_queue), MEMBER(struct unix_socket, send_queue),
    MEMBER(struct unix_socket, vfs_inode),     MEMBER(struct unix_socket, vfs_device),
    MEMBER(struct unix_socket, uid),
};

static const struct record_member semaphore_members[] = {
    MEMBER(struct semaphore, value),
    MEMBER(struct semaphore, pid),
    MEMBER(struct semaphore, ncnt),
    MEMBER(struct semaphore, zcnt),
};

static const struct record_member pipe_members[] = {
    MEMBER(struct pipe_state, fill),
    MEMBER(struct pipe_state, capacity),
};

static const struct record_member file_system_members[] = {
    MEMBER(struct file_system, type),        MEMBER(struct file_system, size),
    MEMBER(struct file_system, used),        MEMBER(struct file_system, inodes),
    MEMBER(struct file_system, inodes_used),
};

static const struct record_member clock_members[] = {
    MEMBER(struct kernel_clock, now),
    MEMBER(struct kernel_clock, boot),
};

#define FORM(name) const struct record_form record_##name = {name##_members, COUNT_OF(name##_members)}

FORM(status);
FORM(vma);
FORM(fd);
FORM(shm_file);
FORM(queue);
FORM(socket);
FORM(semaphore);
FORM(pipe);
FORM(file_system);
FORM(clock);

bool record_path_is_inside(const char *path)
{
    if (*path == '/')
        return false;
    for (const char *at = path; at; at = strchr(at, '/')) {
        at += *at == '/';
        if (strncmp(at, "..", 2) == 0 && (at[2] == '/' || !at[2]))
            return false;
    }
    return true;
}

static uint64_t load(const void *answer, const struct record_member *member)
{
    uint64_t number = 0;
    memcpy(&number, (const char *)answer + member->offset, member->size);
    return number;
}

void record_write(struct strbuf *buffer, const struct record_form *form, const void *answer, const char *text,
                  size_t length)
{
    for (size_t i = 0; i < form->count; i++)
        strbuf_add_format(buffer, "%s%" PRIu64, i ? " " : "", load(answer, &form->members[i]));
    if (text) {
        strbuf_add_char(buffer, ' ');
        escape_bytes(buffer, text, length, NULL);
    }
    strbuf_add_char(buffer, '\n');
}

static bool store(void *answer, const struct record_member *member, uint64_t number)
{
    if (member->size < sizeof(number) && number >> (member->size * 8))
        return false;
    memcpy((char *)answer + member->offset, &number, member->size);
    return true;
}

bool record_read(struct scan line, const struct record_form *form, void *ret_answer, struct strbuf *ret_text)
{
    for (size_t i = 0; i < form->count; i++) {
        uint64_t number;
        if ((i && !scan_char(&line, ' ')) || !scan_decimal(&line, &number) ||
            !store(ret_answer, &form->members[i], number))
            return false;
    }
    strbuf_clear(ret_text);
    if (!scan_char(&line, ' '))
        return scan_done(&line);
    AUTO_STRBUF struct strbuf escaped = {0};
    strbuf_add(&escaped, line.at, (size_t)(line.end - line.at));
    return !escaped.failed && escape_decode(ret_text, strbuf_text(&escaped)) == 0;
}
