/*
 * mappings.h - part of tasks.bpf.c: shared mappings of a process. The kernel keeps mappings in a maple tree
 * (linux 6.1, lib/maple_tree.c), which is read here without its lock: rcu_read_lock() keeps nodes readable,
 * and a mapping that is freed reads as another one. So each has to be one of this process, in order, and end
 * where the tree says, and there must be as many as the process has; else nothing is said, and /proc tells.
 *
 * bpf_iter_task_vma_new() would walk in the kernel's own way, but locks and copies each mapping: with 120 of
 * them, of which 5 are shared, it took 29 us for a process and this 10, where PROCMAP_QUERY takes 37.
 */
#pragma once

#include "probes/bpf/kernel_types.h"
#include "probes/bpf/records.h"

#include <stdbool.h>

enum { MAPPING_ACCESS = 7, MAPPING_MAY_SHARE = 0x80 }; /* VM_READ | VM_WRITE | VM_EXEC, VM_MAYSHARE */

/* A node is aligned to its size, and what leads to it has its type in the bits that are free. */
enum { NODE_SIZE = 256, NODE_TYPE_SHIFT = 3, NODE_TYPE_MASK = 15, NODE_WORDS = NODE_SIZE / 8 };

/* Enough for the mappings that vm.max_map_count allows. */
enum { TREE_LEVELS = 8, SLOTS_MAX = 1 << 18 };

/* As in the tree's nodes: where pivots and slots begin, and how many slots there are. */
#define NODE_PIVOT(type) (bpf_core_field_offset(struct type, pivot) / 8)
#define NODE_SLOT(type)  (bpf_core_field_offset(struct type, slot) / 8)
#define NODE_SLOTS(type) (bpf_core_field_size(struct type, slot) / 8)

struct level {
    unsigned long words[NODE_WORDS]; /* a copy of the node */
    unsigned long last;              /* highest address below it */
    unsigned next;                   /* slot to be looked at */
    unsigned leaf;
};

/*
 * One at a time: there is one reader. "Used", or the compiler takes the structure apart, and what it then
 * says of it to the kernel does not fit.
 */
static struct tree_walk {
    struct level levels[TREE_LEVELS];
    unsigned depth; /* levels in use */
    unsigned failed;
    unsigned seen;     /* mappings */
    unsigned long end; /* of the last */
    const struct mm_struct *mm;
} tree __attribute__((used));

static struct {
    struct vma_record record;
    char name[NAME_ROOM];
} shared_mapping __attribute__((used));

/*
 * Linux 6.2, which the enum tells of: makes a mapping of an address, whose members are then read in place, a
 * bad address as 0. Between such reads there is no call, so the processor has several on their way at once:
 * reading mappings is waiting for memory.
 */
extern void *bpf_rdonly_cast(const void *address, unsigned type) __ksym __weak;

/* Clear of what the verifier cannot follow. */
static inline unsigned long node_word(const struct level *level, unsigned long index)
{
    index %= NODE_WORDS;
    barrier_var(index);
    return level->words[index % NODE_WORDS];
}

static inline struct level *level_at(unsigned long depth)
{
    depth %= TREE_LEVELS;
    barrier_var(depth);
    return &tree.levels[depth % TREE_LEVELS];
}

static void enter_node(unsigned long entry, unsigned long last)
{
    unsigned type = entry >> NODE_TYPE_SHIFT & NODE_TYPE_MASK;
    struct level *level = level_at(tree.depth);
    level->last = last;
    level->next = 0;
    level->leaf = type == bpf_core_enum_value(enum maple_type, maple_leaf_64);
    tree.failed |= !level->leaf && type != bpf_core_enum_value(enum maple_type, maple_arange_64);
    tree.failed |= tree.depth + 1 >= TREE_LEVELS;
    tree.failed |=
        bpf_probe_read_kernel(level->words, NODE_SIZE, (void *)(entry & -(unsigned long)NODE_SIZE)) < 0;
    tree.depth++;
}

static void write_mapping(struct seq_file *seq, const struct vm_area_struct *mapping)
{
    struct vma_record *record = &shared_mapping.record;
    const struct file *file = BPF_CORE_READ(mapping, vm_file);
    const struct inode *inode = BPF_CORE_READ(file, f_inode);
    const struct super_block *system = BPF_CORE_READ(inode, i_sb);
    unsigned long magic = BPF_CORE_READ(system, s_magic);
    long length = 0;
    if (!file || (magic != TMPFS && magic != HUGETLBFS))
        return;
    record->kind = RECORD_VMA;
    record->access = BPF_CORE_READ(mapping, vm_flags) & MAPPING_ACCESS;
    record->device = BPF_CORE_READ(system, s_dev);
    record->start = BPF_CORE_READ(mapping, vm_start);
    record->end = BPF_CORE_READ(mapping, vm_end);
    record->page = BPF_CORE_READ(mapping, vm_pgoff);
    record->inode = BPF_CORE_READ(inode, i_ino);
    if (magic == HUGETLBFS || record->device == memory_device)
        length = bpf_probe_read_kernel_str(shared_mapping.name, NAME_ROOM,
                                           BPF_CORE_READ(file, f_path.dentry, d_name.name));
    bool there = BPF_CORE_READ(mapping, vm_mm) == tree.mm && BPF_CORE_READ(mapping, vm_end) == tree.end;
    if (length < 0 || length > NAME_ROOM || !there || record->end != tree.end) {
        tree.failed = 1;
        return;
    }
    record->name_length = (unsigned)length;
    bpf_seq_write(seq, &shared_mapping, sizeof(*record) + (unsigned)length);
    written += sizeof(*record) + (unsigned)length;
    tree.failed |= written > ANSWER_ROOM;
}

static void see_mapping(struct seq_file *seq, unsigned long address, unsigned long last)
{
    const struct vm_area_struct *mapping =
        bpf_rdonly_cast((const void *)address, bpf_core_type_id_kernel(struct vm_area_struct));
    if (mapping->vm_mm != tree.mm || mapping->vm_end - 1 != last || mapping->vm_start < tree.end) {
        tree.failed = 1;
        return;
    }
    tree.end = last + 1;
    tree.seen++;
    if (mapping->vm_flags & MAPPING_MAY_SHARE)
        write_mapping(seq, (const void *)address);
}

/* A pivot is the last address of its slot; the last slot has none, or one that is zero. */
static int see_slot(unsigned index, struct seq_file **seq)
{
    (void)index;
    struct level *level = level_at(tree.depth - 1);
    unsigned slot = level->next++, leaf = level->leaf;
    unsigned slots = leaf ? NODE_SLOTS(maple_range_64) : NODE_SLOTS(maple_arange_64);
    unsigned long pivot =
        node_word(level, slot + (leaf ? NODE_PIVOT(maple_range_64) : NODE_PIVOT(maple_arange_64)));
    unsigned long entry =
        node_word(level, slot + (leaf ? NODE_SLOT(maple_range_64) : NODE_SLOT(maple_arange_64)));
    unsigned long last = level->last;
    if (slot + 1 < slots && (pivot || !slot) && pivot < last)
        last = pivot;
    else
        tree.depth--;
    if (leaf && entry)
        see_mapping(*seq, entry, last);
    if (!leaf)
        enter_node(entry, last);
    return tree.failed || !tree.depth;
}

/* True when all were written. */
static bool see_mappings(struct seq_file *seq, const struct task_struct *task)
{
    const struct mm_struct *mm = BPF_CORE_READ(task, mm);
    if (!bpf_core_field_exists(mm->mm_mt) ||
        !bpf_core_enum_value_exists(enum special_kfunc_type, KF_bpf_rdonly_cast))
        return false;
    if (!mm)
        return true;
    tree.mm = mm;
    tree.depth = tree.failed = tree.seen = 0;
    tree.end = 0;
    enter_node((unsigned long)BPF_CORE_READ(mm, mm_mt.ma_root), -1UL);
    bpf_loop(SLOTS_MAX, see_slot, &seq, 0);
    return !tree.failed && !tree.depth && (int)tree.seen == BPF_CORE_READ(mm, map_count);
}
