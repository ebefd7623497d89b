/* semop_state.h - what the operations of a semop(2) tell guards. Pure: shared by the shim and shmoo. */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/types.h>

/* Operations looked at; the kernel's limit (SEMOPM) is 500, and programs use a handful. */
enum { SEMOPS_MAX = 64 };

/* STATE_ bits. */
uint32_t semop_state(const struct sembuf *operations, size_t count);
