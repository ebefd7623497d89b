/*
 * tasks.bpf.c - runs inside the kernel: lists processes with their descriptors for a tenth of what /proc
 * costs. Read by live_tasks.c. Only the members that are used are declared; the loader finds where this
 * kernel has them, and fails where it has none.
 *
 * A program of an iterator runs under rcu_read_lock() (bpf_iter_run_prog()), which keeps tables of
 * descriptors and their files readable; whatever changes meanwhile reads as one or the other. Members are
 * copied out by BPF_CORE_READ() even where the verifier would let them be read: it takes it milliseconds to
 * make sure.
 */
#include "probes/bpf/records.h"

#include <linux/bpf.h>

#include <bpf/bpf_core_read.h>
#include <bpf/bpf_helpers.h>

#define KERNEL_TYPE __attribute__((preserve_access_index))

enum { KERNEL_THREAD = 0x00200000, WORD_BITS = 8 * sizeof(unsigned long), NAME_ROOM = 256 };

/* Of the 8 pages that an iterator keeps for one answer (bpf_seq_read()). */
enum { ANSWER_ROOM = 24 * 1024 };

enum { TMPFS = 0x01021994, HUGETLBFS = 0x958458f6, MQUEUE = 0x19800202 };

struct seq_file;

struct bpf_iter_meta {
    struct seq_file *seq;
};

struct upid {
    int nr;
    void *namespace;
};

struct pid {
    unsigned int level;
    struct upid numbers[1];
} KERNEL_TYPE;

struct cred {
    struct {
        unsigned int val;
    } euid;
} KERNEL_TYPE;

struct nsproxy {
    void *ipc_ns;
} KERNEL_TYPE;

struct timespec64 {
    long long tv_sec;
    long tv_nsec;
} KERNEL_TYPE;

struct super_block {
    unsigned int s_dev;
    unsigned long s_magic;
} KERNEL_TYPE;

struct inode {
    unsigned short i_mode;
    struct {
        unsigned int val;
    } i_uid, i_gid;
    struct super_block *i_sb;
    unsigned long i_ino;
    long long i_size;
    long long i_atime_sec, i_mtime_sec, i_ctime_sec;
    unsigned int i_atime_nsec, i_mtime_nsec, i_ctime_nsec;
    unsigned long long i_blocks;
} KERNEL_TYPE;

struct shmem_inode_info {
    struct timespec64 i_crtime;
    struct inode vfs_inode;
} KERNEL_TYPE;

struct qstr {
    const unsigned char *name;
} KERNEL_TYPE;

struct dentry {
    struct qstr d_name;
} KERNEL_TYPE;

struct path {
    struct dentry *dentry;
} KERNEL_TYPE;

struct file {
    unsigned int f_mode;
    struct path f_path;
    struct inode *f_inode;
} KERNEL_TYPE;

struct fdtable {
    unsigned int max_fds;
    struct file **fd;
    unsigned long *open_fds;
} KERNEL_TYPE;

struct files_struct {
    struct fdtable *fdt;
} KERNEL_TYPE;

struct task_struct {
    unsigned int __state;
    unsigned int flags;
    int exit_state;
    int pid, tgid;
    struct task_struct *real_parent, *group_leader;
    struct pid *thread_pid;
    const struct cred *real_cred;
    struct files_struct *files;
    struct nsproxy *nsproxy;
    unsigned long long start_boottime;
    char comm[16];
} KERNEL_TYPE;

struct bpf_iter__task {
    struct bpf_iter_meta *meta;
    struct task_struct *task;
};

#if defined(SHMOO_x86_64)
struct pt_regs {
    unsigned long orig_ax;
} KERNEL_TYPE;
#define CALL_MEMBER orig_ax
#elif defined(SHMOO_aarch64)
struct pt_regs {
    int syscallno;
} KERNEL_TYPE;
#define CALL_MEMBER syscallno
#endif

const char license_text[] SEC("license") = "GPL";

/* The device of memory without a place, as in struct fd_record; set before loading. */
const volatile unsigned memory_device = 0;

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
    unsigned written;   /* bytes */
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
    walk->written += sizeof(memfd);
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
    walk->written += sizeof(record);
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
    if (walk->written > ANSWER_ROOM) {
        struct cut_record cut = {.kind = RECORD_CUT};
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
    if (!from_kernel)
        see_descriptors(seq, task);
    return 0;
}
