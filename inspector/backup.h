/*
 * backup.h - keeps what an object was, in two new files of a folder: NAME.json, what `list --json` tells of
 * it and where its messages are, and NAME.data, its bytes or those of its messages. The form is in
 * shmoo-rm(1).
 */
#pragma once

struct kernel;
struct object;
struct snapshot;
struct strbuf;

/* Opens the folder, made for its owner alone if it is not there. A descriptor, or STATUS_FAILED negated,
 * said. */
int backup_open(const char *path);

struct backup_of {
    struct kernel *kernel;
    const struct snapshot *snapshot;
    const struct object *object;
    int folder;
    /* Removes the object once it is saved; a queue is a copy with the identity it has now. */
    int (*remove)(void *argument, const struct object *object);
    void *argument;
};

/*
 * Saves and removes. Returns 0, or -errno with why appended: of what went wrong in saving, then nothing was
 * removed, or what `remove` returned. In both cases the files are gone again, unless messages of a queue are
 * in them alone.
 */
int backup_and_remove(const struct backup_of *of, struct strbuf *why);

/* Appends the name of the files, without their ends. */
void backup_name(struct strbuf *name, const char *label);
