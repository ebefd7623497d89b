/*
 * parse.h - pure parsers of the kernel's text formats, each for one line or file. They trust nothing: what
 * does not fit gives false, and what they return points into the text or is a number.
 */
#pragma once

#include "probes/kernel.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct process;
struct scan;

/* A line of /proc/PID/maps; true only for shared mappings (VM_MAYSHARE). The name is raw up to the line's
 * end. */
bool parse_maps_line(struct scan line, struct vma *ret_vma, const char **ret_name, size_t *ret_name_length);

/* Undoes the one escape that maps knows, \012 for a newline. Writes at most length + 1 bytes. */
void parse_maps_name(const char *name, size_t length, char *ret_name);

/* /proc/PID/stat: state, parent, threads, start (in clock ticks since boot) and comm, which points into it.
 */
bool parse_stat(const char *text, size_t length, struct process *ret_process, uint64_t *ret_start_ticks);

/* The letter that stat has for a thread with these bits in __state and exit_state (linux/sched.h). */
char parse_task_state(unsigned state, unsigned exit_state);

/* The numbers of a line of /proc/sysvipc/{shm,sem,msg}; the third is octal. How many were read; 0: no row. */
size_t parse_sysvipc_line(struct scan line, int64_t *ret_numbers, size_t room);

/* The number after "NAME:" on a line of its own, as in fdinfo, status and meminfo. */
bool parse_number_after(const char *text, const char *name, unsigned base, uint64_t *ret_number);

/* /proc/PID/status: the signal sets and the queue. */
struct signal_state {
    uint64_t pending, shared_pending, blocked, ignored, caught;
    uint64_t queued, queue_limit;
};
bool parse_signals(const char *text, struct signal_state *ret_signals);

/* A line of /proc/locks. */
struct lock_line {
    uint64_t number;
    bool waiting;
    char type[8]; /* "POSIX", "FLOCK", "OFDLCK", "LEASE", … */
    bool write;
    pid_t pid; /* -1 for OFD locks; 0 when the process is outside this pid namespace */
    uint32_t major, minor;
    uint64_t inode, start, end; /* end UINT64_MAX for EOF */
};
bool parse_lock_line(struct scan line, struct lock_line *ret_lock);

/* A line of the fdinfo of an epoll instance: "tfd: 5 events: 19 data: 5 pos:0 ino:2a sdev:e", the inode 0
 * where it is not told (linux before 4.13). */
struct epoll_line {
    int fd;
    uint32_t events; /* EPOLLIN | … */
    uint64_t inode;
};
bool parse_epoll_line(struct scan line, struct epoll_line *ret_watched);

/* A line of /proc/PID/mountinfo; the mount point is unescaped into `point`. */
struct mount_line {
    uint32_t major, minor;
    char type[32];
    char options[256];
    char point[4096];
};
bool parse_mount_line(struct scan line, struct mount_line *ret_mount);

/* The number in "ipc:[4026531839]", "pipe:[7]", "socket:[9]". */
bool parse_bracketed(const char *link, uint64_t *ret_number);

/* The text of an mqueue file, as in mq_overview(7). */
bool parse_queue_text(const char *text, struct queue_file *ret_file);

/* A short container id out of /proc/PID/cgroup: docker, containerd, podman, kubernetes, lxc; else false. */
bool parse_container(const char *text, const char **ret_id, size_t *ret_length);
