/* argument_state.c - see argument_state.h. */
#include "inject/argument_state.h"

#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <time.h>

enum { NANOSECONDS = 1000000000 };

/* What adds to a semaphore never waits. */
static uint32_t semops_state(const struct sembuf *operations, size_t count)
{
    uint32_t state = 0;
    for (size_t index = 0; index < count; index++) {
        if (operations[index].sem_op <= 0)
            state |=
                STATE_WAITABLE | (operations[index].sem_flg & IPC_NOWAIT ? STATE_NONBLOCK : STATE_BLOCKING);
        if (operations[index].sem_flg & SEM_UNDO)
            state |= STATE_UNDO;
    }
    return state & STATE_NONBLOCK ? state & ~(uint32_t)STATE_BLOCKING : state;
}

size_t argument_size(const struct call *call, const uint64_t arguments[CALL_PARAMS_MAX], int index,
                     uint32_t states)
{
    static const struct {
        uint32_t states; /* that it tells */
        uint8_t size;
    } pointed[ROLE_COUNT] = {
        [ROLE_TIMEOUT] = {STATE_INVALID,                                                                sizeof(struct timespec)},
        [ROLE_EVENT] = {STATE_THREAD_EVENT,                                                           sizeof(struct sigevent)},
        [ROLE_QUEUE_ATTR] = {STATE_INVALID,                                                                sizeof(struct mq_attr) },
        [ROLE_FCNTL_ARGUMENT] = {STATE_WAITABLE,                                                               sizeof(struct flock)   },
        [ROLE_SEMOPS] = {STATE_BLOCKING | STATE_NONBLOCK | STATE_UNDO | STATE_WAITABLE | STATE_BEYOND, 0                      },
    };
    enum call_role role = call->params[index].role;
    if (!arguments[index] || !(pointed[role].states & states))
        return 0;
    if (role == ROLE_FCNTL_ARGUMENT && !call_is_lock_command(arguments[index - 1]))
        return 0;
    if (role != ROLE_SEMOPS)
        return pointed[role].size;
    uint64_t count = arguments[index + 1];
    return (count < SEMOPS_MAX ? count : SEMOPS_MAX) * sizeof(struct sembuf);
}

uint32_t argument_pointed_state(enum call_role role, const union argument_memory *memory, size_t size)
{
    struct timespec timeout;
    struct sigevent event;
    struct mq_attr attr;
    struct flock lock;
    switch (role) {
    case ROLE_SEMOPS: return semops_state(memory->operations, size / sizeof(struct sembuf));
    case ROLE_TIMEOUT:
        memcpy(&timeout, memory, sizeof(timeout));
        return timeout.tv_nsec < 0 || timeout.tv_nsec >= NANOSECONDS ? STATE_INVALID : 0;
    case ROLE_EVENT:
        memcpy(&event, memory, sizeof(event));
        return event.sigev_notify == SIGEV_THREAD ? STATE_THREAD_EVENT : 0;
    case ROLE_QUEUE_ATTR:
        memcpy(&attr, memory, sizeof(attr));
        return attr.mq_flags & ~O_NONBLOCK ? STATE_INVALID : 0;
    case ROLE_FCNTL_ARGUMENT:
        memcpy(&lock, memory, sizeof(lock));
        return lock.l_type != F_UNLCK ? STATE_WAITABLE : 0;
    default: return 0;
    }
}

uint32_t argument_fd_state(int flags)
{
    uint32_t state = flags & O_NONBLOCK ? STATE_NONBLOCK : STATE_BLOCKING;
    return (flags & O_ACCMODE) == O_RDONLY ? state | STATE_READ_ONLY : state;
}

/* See shmem_setattr(), shmem_fallocate(), seal_check_write() and shmem_write_begin() in the kernel. */
static int forbidding_seals(unsigned number, const uint64_t arguments[CALL_PARAMS_MAX], int64_t size)
{
    enum { WRITING = F_SEAL_WRITE | F_SEAL_FUTURE_WRITE };
    int64_t end = 0;
    switch (number) {
    case CALL_ftruncate:
        end = (int64_t)arguments[1];
        if (end < size)
            return F_SEAL_SHRINK;
        break;
    case CALL_posix_fallocate: end = (int64_t)(arguments[1] + arguments[2]); break;
    case CALL_fallocate:
        if (arguments[1] & FALLOC_FL_PUNCH_HOLE)
            return WRITING;
        end = (int64_t)(arguments[2] + arguments[3]);
        break;
    case CALL_mmap: return (arguments[3] & MAP_SHARED) && (arguments[2] & PROT_WRITE) ? WRITING : 0;
    case CALL_write: return WRITING;
    default: break;
    }
    return end > size ? F_SEAL_GROW : 0;
}

uint32_t argument_seal_state(unsigned number, const uint64_t arguments[CALL_PARAMS_MAX], int seals,
                             int64_t size)
{
    return seals > 0 && (seals & forbidding_seals(number, arguments, size)) ? STATE_SEALED : 0;
}

uint32_t argument_set_state(const union argument_memory *memory, size_t size, size_t set_size)
{
    for (size_t index = 0; index < size / sizeof(struct sembuf); index++)
        if (memory->operations[index].sem_num >= set_size)
            return STATE_BEYOND;
    return 0;
}

uint32_t argument_message_state(uint64_t length, uint64_t most)
{
    return length > most ? STATE_TOO_LONG : length < most ? STATE_TOO_SHORT : 0;
}

uint32_t argument_state(enum call_role role, uint64_t value)
{
    bool invalid = (role == ROLE_PRIORITY && (uint32_t)value >= MQ_PRIO_MAX) ||
                   (role == ROLE_CLOCK && (int)value != CLOCK_REALTIME && (int)value != CLOCK_MONOTONIC);
    return invalid ? STATE_INVALID : 0;
}
