/*
 * mapping.h - what the memory at an address is a mapping of, as far as guards ask. Shared by the shim, which
 * asks about itself, and shmoo, which asks about another process: each brings its way into the kernel. Takes
 * no memory and no lock.
 */
#pragma once

#include <stdint.h>

/* syscall(2), or what stands for it in a process whose syscall(2) is wrapped. */
typedef long mapping_syscall(long number, ...);

/* STATE_FILE_MAPPING or STATE_READ_MAPPING, or 0; `proc` is the folder of the process, as "/proc/self". */
uint32_t mapping_state(mapping_syscall *call, const char *proc, uint64_t address);
