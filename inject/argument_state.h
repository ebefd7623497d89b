/*
 * argument_state.h - what arguments, and the memory they point to, tell guards. Pure: shared by the shim and
 * shmoo, who each read that memory in their own way.
 */
#pragma once

#include "inject/calls.h"

#include <sys/ipc.h>
#include <sys/sem.h>
#include <sys/types.h>

/* Operations of a semop(2) that are looked at; the kernel's limit (SEMOPM) is 500, and programs use a
 * handful.
 */
enum { SEMOPS_MAX = 64 };

/* Room for what an argument points to, aligned for all of it. */
union argument_memory {
    struct sembuf operations[SEMOPS_MAX];
    int64_t words[SEMOPS_MAX];
    char bytes[SEMOPS_MAX * sizeof(int64_t)];
};

/* STATE_ bits that the status flags of a descriptor tell. */
enum { FD_FLAG_STATES = STATE_NONBLOCK | STATE_BLOCKING | STATE_READ_ONLY };

/* STATE_ bits that the size of a queue's messages tells. */
enum { MESSAGE_STATES = STATE_TOO_LONG | STATE_TOO_SHORT };

/* STATE_ bits that the mapping at an address tells. */
enum { MAPPING_STATES = STATE_FILE_MAPPING | STATE_READ_MAPPING };

/* Bytes behind a pointer argument that tell one of `states`, or 0. Never more than fit. */
size_t argument_size(const struct call *call, const uint64_t arguments[CALL_PARAMS_MAX], int index,
                     uint32_t states);

/* STATE_ bits that those bytes tell. */
uint32_t argument_pointed_state(enum call_role role, const union argument_memory *memory, size_t size);

/* STATE_ bits that the status flags of a descriptor tell, as F_GETFL gives them. */
uint32_t argument_fd_state(int flags);

/* STATE_SEALED when the seals of a file of that size, as F_GET_SEALS gives them or -1, forbid the call. */
uint32_t argument_seal_state(unsigned number, const uint64_t arguments[CALL_PARAMS_MAX], int seals,
                             int64_t size);

/* STATE_BEYOND when one of the operations is on a semaphore that a set of that size does not have. */
uint32_t argument_set_state(const union argument_memory *memory, size_t size, size_t set_size);

/* STATE_ bits that the length of a message, or of the room for one, tells: queues take and give up to `most`.
 */
uint32_t argument_message_state(uint64_t length, uint64_t most);

/* STATE_ bits that the number itself tells. */
uint32_t argument_state(enum call_role role, uint64_t value);
