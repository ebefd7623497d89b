/* semop_state.c - see semop_state.h. */
#include "inject/semop_state.h"

#include "inject/calls.h"

uint32_t semop_state(const struct sembuf *operations, size_t count)
{
    uint32_t state = STATE_BLOCKING;
    for (size_t index = 0; index < count; index++) {
        if (operations[index].sem_flg & IPC_NOWAIT)
            state = (state & ~(uint32_t)STATE_BLOCKING) | STATE_NONBLOCK;
        if (operations[index].sem_flg & SEM_UNDO)
            state |= STATE_UNDO;
    }
    return state;
}
