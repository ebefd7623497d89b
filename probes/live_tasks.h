/*
 * live_tasks.h - all processes with their descriptors and shared mappings at once, from a BPF iterator. A
 * short cut: whatever it cannot tell is read from /proc instead, which gives the same answer for several
 * times the time. Needs root, a kernel that describes its types (/sys/kernel/btf/vmlinux) and a build that
 * found clang, bpftool and libbpf.
 */
#pragma once

#include "probes/bpf/records.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

struct glance;
struct live_tasks;

/*
 * -ENOTSUP when the machine, the build or the user lacks something, or when too few processes run to pay.
 * `memory_device` as for live_iterators_open().
 */
int live_tasks_open(int proc, unsigned memory_device, struct live_tasks **ret_tasks);
void live_tasks_close(struct live_tasks *tasks);

/*
 * A look begins, in which everything is answered as it was at the first question, and ends: nothing is known
 * before and behind it. No other thread may be asking.
 */
void live_tasks_begin(struct live_tasks *tasks);
void live_tasks_end(struct live_tasks *tasks);

/* As the operations of kernel.h; -ENOTSUP when not known. */
int live_tasks_pids(struct live_tasks *tasks, pid_t **ret_pids, size_t *ret_count);
int live_tasks_glance(struct live_tasks *tasks, pid_t pid, struct glance *ret_glance);

/* Of a process, to be taken one by one. */
struct live_task_records {
    const char *at, *end;
};

/* Descriptors open to files of tmpfs, hugetlbfs and mqueue, and no others. False when not known. */
bool live_tasks_fds(struct live_tasks *tasks, pid_t pid, struct live_task_records *ret_fds);

/* False at the end. `name` is the last part of the path of a memory file, NULL for other files. */
bool live_task_fds_next(struct live_task_records *fds, struct memfd_record *ret_record,
                        const char **ret_name);

/* Shared mappings of files of tmpfs and hugetlbfs, likewise. */
bool live_tasks_vmas(struct live_tasks *tasks, pid_t pid, struct live_task_records *ret_vmas);

/* The same for these; all of hugetlbfs have a name. */
bool live_task_vmas_next(struct live_task_records *vmas, struct vma_record *ret_record,
                         const char **ret_name);
