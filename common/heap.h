/* heap.h - how malloc(3) takes memory from the kernel. */
#pragma once

/*
 * For a process that is going to hold megabytes for a moment: malloc takes them from one heap in large steps,
 * for which the kernel uses huge pages, and gives nothing back. Each page that is not faulted in by itself
 * saves about a microsecond, and several in a virtual machine without nested paging.
 */
void heap_expect_much(void);
