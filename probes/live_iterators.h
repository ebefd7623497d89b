/* live_iterators.h - loads the program of bpf/tasks.bpf.c and reads what it lists. Private to live_tasks.c.
 */
#pragma once

struct live_iterators;
struct strbuf;

/*
 * Loads it, which takes a few milliseconds and privileges. `memory_device` is the device of memory without a
 * file system, as in struct fd_record. -ENOTSUP when the build, the kernel or the user lacks something.
 */
int live_iterators_open(unsigned memory_device, struct live_iterators **ret_iterators);
void live_iterators_close(struct live_iterators *iterators);

/* Appends the records of all tasks. One caller at a time. */
int live_iterators_read(struct live_iterators *iterators, struct strbuf *buffer);
