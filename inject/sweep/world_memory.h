/* world_memory.h - how much memory the processes of a trial's world have, told by /proc/PID/statm. */
#pragma once

#include <stdint.h>

/* Bytes of all but the first process; what they share is counted once, as much as the largest has of it. */
uint64_t world_memory(void);
