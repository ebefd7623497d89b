/* batch.h - `top -b`: plain text frames on stdout instead of a screen. */
#pragma once

#include <stdint.h>

struct dashboard;
struct kernel;

/* Writes so many frames (0: until killed), each collected anew. Returns 0 or -errno. */
int batch_run(struct dashboard *dashboard, struct kernel *kernel, uint64_t frames);
