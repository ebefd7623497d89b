/*
 * tasks.bpf.c - runs inside the kernel: lists processes with their descriptors and shared mappings, for a
 * tenth and a third of what /proc costs. Read by live_tasks.c.
 *
 * A program of an iterator runs under rcu_read_lock() (bpf_iter_run_prog()), which keeps tables of
 * descriptors and their files readable; whatever changes meanwhile reads as one or the other. Members are
 * copied out by BPF_CORE_READ() even where the verifier would let them be read: it takes it milliseconds to
 * make sure.
 */
#include "probes/bpf/kernel_types.h"
#include "probes/bpf/records.h"

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

enum { KERNEL_THREAD = 0x00200000, WORD_BITS = 8 * sizeof(unsigned long), NAME_ROOM = 256 };

/* Of the 8 pages that an iterator keeps for one answer (bpf_seq_read()). */
enum { ANSWER_ROOM = 24 * 1024 };

enum { TMPFS = 0x01021994, HUGETLBFS = 0x958458f6, MQUEUE = 0x19800202 };

const char license_text[] SEC("license") = "GPL";

/* The device of memory without a place, as in struct fd_record; set before loading. */
const volatile unsigned memory_device = 0;

static unsigned written; /* bytes about the process at hand */

#include "probes/bpf/mappings.h"

/* A number of a process as the reader's own pid namespace sees it; 0 when it is none of it. */
static int process_number(const struct task_struct *task)
{
    const struct task_struct *reader = (const void *)bpf_get_current_task();
    unsigned level = BPF_CORE_READ(reader, thread_pid, level);
    const struct pid *pid = BPF_CORE_READ(task, group_leader, thread_pid);
    int number = 0;
    if (!pid || BPF_CORE_READ(pid, level) < level)
        return 0;
    const struct upid *first = (const void *)((const char *)pid + bpf_core_field_offset(struct pid, numbers));
    bpf_probe_read_kernel(&number, sizeof(number), &first[level].nr);
    return number;
}

static unsigned same_ipc(const struct task_struct *task)
{
    const struct task_struct *reader = (const void *)bpf_get_current_task();
    return BPF_CORE_READ(task, nsproxy, ipc_ns) == BPF_CORE_READ(reader, nsproxy, ipc_ns);
}

static int current_call(struct task_struct *task)
{
    const struct pt_regs *registers = (const void *)bpf_task_pt_regs(task);
    return (int)BPF_CORE_READ(registers, CALL_MEMBER);
}

struct walk {
    struct seq_file *seq;
    struct file **files;
    unsigned long *open;
    unsigned long word; /* of `open` */
    unsigned first;     /* number of its lowest bit */
};

/* The highest bit of a ctime's nanoseconds says that somebody asked for it (I_CTIME_QUERIED). */
#define NANOSECONDS(seconds, rest) \
    ((unsigned long long)(seconds)*1000000000 + ((unsigned long long)(rest)&0x7fffffff))

/* Too large for the stack; there is one reader. */
static struct {
    struct memfd_record record;
    char name[NAME_ROOM];
} memfd;

static void write_memfd(struct walk *walk, const struct fd_record *fd, const struct file *file,
                        const struct inode *inode)
{
    struct memfd_record *record = &memfd.record;
    const struct shmem_inode_info *info =
        (const void *)((const char *)inode - bpf_core_field_offset(struct shmem_inode_info, vfs_inode));
    record->fd = *fd;
    record->fd.kind = RECORD_MEMFD;
    record->uid = BPF_CORE_READ(inode, i_uid.val);
    record->gid = BPF_CORE_READ(inode, i_gid.val);
    record->size = (unsigned long long)BPF_CORE_READ(inode, i_size);
    record->blocks = BPF_CORE_READ(inode, i_blocks);
    record->atime = NANOSECONDS(BPF_CORE_READ(inode, i_atime_sec), BPF_CORE_READ(inode, i_atime_nsec));
    record->mtime = NANOSECONDS(BPF_CORE_READ(inode, i_mtime_sec), BPF_CORE_READ(inode, i_mtime_nsec));
    record->ctime = NANOSECONDS(BPF_CORE_READ(inode, i_ctime_sec), BPF_CORE_READ(inode, i_ctime_nsec));
    record->btime = NANOSECONDS(BPF_CORE_READ(info, i_crtime.tv_sec), BPF_CORE_READ(info, i_crtime.tv_nsec));
    long length = bpf_probe_read_kernel_str(memfd.name, sizeof(memfd.name),
                                            BPF_CORE_READ(file, f_path.dentry, d_name.name));
    if (length < 0 || length > NAME_ROOM)
        return;
    record->name_length = (unsigned)length;
    bpf_seq_write(walk->seq, &memfd, sizeof(*record) + (unsigned)length);
    written += sizeof(memfd);
}

static void see_file(struct walk *walk, unsigned number, const struct file *file)
{
    const struct inode *inode = BPF_CORE_READ(file, f_inode);
    const struct super_block *system = BPF_CORE_READ(inode, i_sb);
    unsigned long magic = BPF_CORE_READ(system, s_magic);
    if (magic != TMPFS && magic != HUGETLBFS && magic != MQUEUE)
        return;
    struct fd_record record = {
        .kind = RECORD_FD,
        .fd = (int)number,
        .access = BPF_CORE_READ(file, f_mode) & 3,
        .mode = BPF_CORE_READ(inode, i_mode),
        .device = BPF_CORE_READ(system, s_dev),
        .queue = magic == MQUEUE,
        .inode = BPF_CORE_READ(inode, i_ino),
    };
    if (record.device == memory_device) {
        write_memfd(walk, &record, file, inode);
        return;
    }
    bpf_seq_write(walk->seq, &record, sizeof(record));
    written += sizeof(record);
}

static int see_bit(unsigned bit, struct walk *walk)
{
    struct file *file = NULL;
    unsigned number = walk->first + bit;
    if (!(walk->word >> bit & 1))
        return 0;
    bpf_probe_read_kernel(&file, sizeof(file), walk->files + number);
    if (file)
        see_file(walk, number, file);
    return 0;
}

static int see_word(unsigned index, struct walk *walk)
{
    if (written > ANSWER_ROOM) {
        struct mark_record cut = {.kind = RECORD_CUT};
        bpf_seq_write(walk->seq, &cut, sizeof(cut));
        return 1;
    }
    walk->first = index * WORD_BITS;
    bpf_probe_read_kernel(&walk->word, sizeof(walk->word), walk->open + index);
    if (walk->word)
        bpf_loop(WORD_BITS, see_bit, walk, 0);
    return 0;
}

static void see_descriptors(struct seq_file *seq, const struct task_struct *task)
{
    const struct fdtable *table = BPF_CORE_READ(task, files, fdt);
    if (!table)
        return;
    struct walk walk = {
        .seq = seq, .files = BPF_CORE_READ(table, fd), .open = BPF_CORE_READ(table, open_fds)};
    bpf_loop((BPF_CORE_READ(table, max_fds) + WORD_BITS - 1) / WORD_BITS, see_word, &walk, 0);
}

SEC("iter/task")
int tasks(struct bpf_iter__task *context)
{
    struct task_struct *task = context->task;
    struct seq_file *seq = context->meta->seq;
    if (!task)
        return 0;
    if (BPF_CORE_READ(task, pid) != BPF_CORE_READ(task, tgid)) {
        struct thread_record thread = {
            .kind = RECORD_THREAD, .pid = process_number(task), .call = current_call(task)};
        bpf_seq_write(seq, &thread, sizeof(thread));
        return 0;
    }
    struct process_record process = {
        .kind = RECORD_PROCESS,
        .pid = process_number(task),
        .parent = process_number(BPF_CORE_READ(task, real_parent)),
        .call = -1,
        .uid = BPF_CORE_READ(task, real_cred, euid.val),
        .state = BPF_CORE_READ(task, __state),
        .exit_state = (unsigned)BPF_CORE_READ(task, exit_state),
        .same_ipc = same_ipc(task),
        .start = BPF_CORE_READ(task, start_boottime),
    };
    bpf_core_read(process.comm, sizeof(process.comm), &task->comm);
    unsigned from_kernel = BPF_CORE_READ(task, flags) & KERNEL_THREAD;
    if (!from_kernel)
        process.call = current_call(task);
    bpf_seq_write(seq, &process, sizeof(process));
    if (from_kernel)
        return 0;
    written = 0;
    see_descriptors(seq, task);
    if (see_mappings(seq, task)) {
        struct mark_record all = {.kind = RECORD_ALL_VMAS};
        bpf_seq_write(seq, &all, sizeof(all));
    }
    return 0;
}
