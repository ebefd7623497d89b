/* list_calls.h - prints the table of calls: errors with their guards, engines, system calls. */
#pragma once

#include <stdbool.h>

/* On stdout, as text or as a JSON array. Returns 0 or -ENOMEM. */
int list_calls(bool json);
