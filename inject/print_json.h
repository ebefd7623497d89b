/* print_json.h - JSON on standard output, for people too. */
#pragma once

#include <jansson.h>

/* Prints and gives back a value, which may be NULL when memory was out. Returns 0, -EIO or -ENOMEM. */
int print_json(json_t *json);
