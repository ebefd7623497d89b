/* clock.h - the time as one number. */
#pragma once

#include <stdint.h>
#include <time.h>

/* Nanoseconds: of CLOCK_REALTIME since 1970, of CLOCK_MONOTONIC since some moment before. */
uint64_t clock_nanoseconds(clockid_t clock);
