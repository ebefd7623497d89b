/*
 * diff_load.h - the two lists that `shmoo diff` compares. A recording and this machine become a list first,
 * so that all are compared as `list --json` writes them.
 */
#pragma once

#include <jansson.h>

/*
 * Loads both: each is the name of a file or of a recording, or "-" for this machine. Enters the sandbox once
 * all recordings and machines are open, as nothing can be prepared in it. Returns 0 or STATUS_FAILED, said on
 * stderr.
 */
int diff_load(const char *left, const char *right, json_t **ret_left, json_t **ret_right);
