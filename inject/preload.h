/* preload.h - where the shim is, and the environment that loads it into a command. */
#pragma once

#include <limits.h>

/*
 * The path of the shim: beside the program when run from the build folder, in libexec when installed.
 * Returns 0, -ENOENT, or -EINVAL when the path has a space or colon, which ld.so(8) cannot be told.
 */
int preload_find(char ret_path[PATH_MAX]);

struct strbuf;

/*
 * Adds the value of LD_PRELOAD that loads the shim beside what this process was given. `sanitizer` is a
 * library that must come first, or "". Memory that is out shows in list->failed.
 */
void preload_libraries(const char *shim, const char *sanitizer, struct strbuf *list);

/*
 * Sets LD_PRELOAD and the plan's variable of this process, and opens the plan for it to inherit: for a child
 * that is about to become the command. Returns 0 or -errno.
 */
int preload_set(const char *shim, const char *sanitizer, const char *plan_path);
