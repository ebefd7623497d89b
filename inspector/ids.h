/*
 * ids.h - names of users and groups, remembered once looked up. The lookup is libc's; where it would need a
 * connection that the sandbox refuses (nscd, sssd), an id has no name.
 */
#pragma once

#include <stdbool.h>
#include <sys/types.h>

/* The raw name, or NULL when there is none. It lasts until the program ends. Not thread-safe. */
const char *user_name(uid_t uid);
const char *group_name(gid_t gid);

/* The id of a name, or false. */
bool user_find(const char *name, uid_t *ret_uid);
bool group_find(const char *name, gid_t *ret_gid);
