/* limits_shmem.h - what the Shmem of /proc/meminfo is made of. Private to limits. */
#pragma once

struct kernel;
struct limits;
struct snapshot;

/* Fills in shmem and its parts. Returns 0 or -ENOMEM. */
int limits_explain_shmem(struct kernel *kernel, const struct snapshot *snapshot, struct limits *limits);
