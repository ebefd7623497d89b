/*
 * source_namespaces.h - which ipc namespaces and shared memory file systems there are to look at: our own,
 * and with all_namespaces those of every process.
 */
#pragma once

struct collection;

/* Fills ipc_views and shm_mounts. */
int source_namespaces_find(struct collection *collection);
