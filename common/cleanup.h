/*
 * cleanup.h - scoped cleanup: `AUTO_FREE char *p = NULL;` frees p when it leaves scope.
 * A pointer handed on is taken out of scope's hands with take_ptr(), a descriptor with take_fd().
 */
#pragma once

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define CLEANUP(function) __attribute__((cleanup(function)))

static inline void cleanup_free(void *pointer)
{
    free(*(void **)pointer);
}

static inline void cleanup_close(const int *fd)
{
    if (*fd >= 0)
        close(*fd);
}

static inline void cleanup_closedir(DIR **dir)
{
    if (*dir)
        closedir(*dir);
}

static inline void cleanup_fclose(FILE **file)
{
    if (*file)
        fclose(*file);
}

#define AUTO_FREE   CLEANUP(cleanup_free)
#define AUTO_CLOSE  CLEANUP(cleanup_close)
#define AUTO_DIR    CLEANUP(cleanup_closedir)
#define AUTO_FCLOSE CLEANUP(cleanup_fclose)

static inline int take_fd(int *fd)
{
    int taken = *fd;
    *fd = -1;
    return taken;
}

#define take_ptr(pointer)                             \
    ({                                                \
        __typeof__(pointer) *take_from_ = &(pointer); \
        __typeof__(pointer) taken_ = *take_from_;     \
        *take_from_ = NULL;                           \
        taken_;                                       \
    })
