/*
 * kernel_types.h - part of tasks.bpf.c: types of the kernel with the members that are used. The loader finds
 * where this kernel has them, and fails where it has none, unless bpf_core_field_exists() was asked first.
 */
#pragma once

#define KERNEL_TYPE __attribute__((preserve_access_index))

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

struct file;

struct vm_area_struct {
    unsigned long vm_start, vm_end;
    struct mm_struct *vm_mm;
    unsigned long vm_flags, vm_pgoff;
    struct file *vm_file;
} KERNEL_TYPE;

struct maple_tree {
    void *ma_root;
} KERNEL_TYPE;

/* Of these, only where the members are and how many there is room for is used. */
struct maple_range_64 {
    unsigned long pivot[15];
    void *slot[16];
} KERNEL_TYPE;

struct maple_arange_64 {
    unsigned long pivot[9];
    void *slot[10];
} KERNEL_TYPE;

enum maple_type { maple_leaf_64 = 1, maple_arange_64 = 3 };

/* Functions that programs may call. */
enum special_kfunc_type { KF_bpf_rdonly_cast };

struct mm_struct {
    struct maple_tree mm_mt;
    int map_count;
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
    struct mm_struct *mm;
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
