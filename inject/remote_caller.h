/*
 * remote_caller.h - what guards ask about the process that is stopped in a call: whether it has handlers, and
 * whether what the call is about may be another user's.
 */
#pragma once

#include "inject/decide.h"

#include <sys/types.h>

/* STATE_HANDLER when the process has a handler for a signal. */
uint32_t remote_handler_state(pid_t pid);

/* STATE_FOREIGN unless the object a call is about is known to be there, and the caller's. */
uint32_t remote_object_state(pid_t tid, const struct facts *facts);

/* True when the process may signal everybody. */
bool remote_may_kill(pid_t pid);
