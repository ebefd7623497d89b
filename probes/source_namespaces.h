/*
 * source_namespaces.h - which ipc namespaces and shared memory file systems there are to look at: our own,
 * and with all_namespaces those of every process.
 */
#pragma once

struct collection;
struct ipc_view;

/* Fills ipc_views and shm_mounts. */
int source_namespaces_find(struct collection *collection);

/*
 * Calls `look` in each ipc namespace that is looked at; it may ask the kernel about that namespace alone.
 * What it fails with, but for -ENOMEM, is a gap of that source and place.
 */
typedef int ipc_look_fn(struct collection *collection, const struct ipc_view *view, void *argument);
int source_namespaces_each(struct collection *collection, const char *source, const char *place,
                           ipc_look_fn *look, void *argument);
