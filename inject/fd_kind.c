/* fd_kind.c - see fd_kind.h. */
#include "inject/fd_kind.h"

#include "common/link_name.h"

#include <string.h>

static const struct {
    const char *start;
    uint32_t kind;
} links[] = {
    {"pipe:[",                FD_PIPE    },
    {"socket:[",              FD_SOCKET  },
    {"/dev/shm/",             FD_SHM     },
    {"/memfd:",               FD_MEMFD   },
    {"anon_inode:[eventfd]",  FD_EVENTFD },
    {"anon_inode:[signalfd]", FD_SIGNALFD},
    {"anon_inode:[pidfd]",    FD_PIDFD   },
    {"pidfd:",                FD_PIDFD   },
};

static const struct {
    const char *name;
    uint32_t kinds;
} names[] = {
    {"pipe",     FD_PIPE    },
    {"fifo",     FD_FIFO    },
    {"socket",   FD_SOCKET  },
    {"shm",      FD_SHM     },
    {"memfd",    FD_MEMFD   },
    {"mq",       FD_MQ      },
    {"eventfd",  FD_EVENTFD },
    {"signalfd", FD_SIGNALFD},
    {"pidfd",    FD_PIDFD   },
    {"other",    FD_OTHER   },
    {"ipc",      FD_IPC     },
    {"any",      FD_ANY     },
};

uint32_t fd_kind_of_link(const char *link)
{
    for (size_t index = 0; index < sizeof(links) / sizeof(links[0]); index++)
        if (strncmp(link, links[index].start, strlen(links[index].start)) == 0)
            return links[index].kind;
    return FD_OTHER;
}

char *fd_object_name(char *path)
{
    static const char shm[] = "/dev/shm/";
    static const char sem[] = "/dev/shm/sem.";
    char *name = path;
    if (strncmp(path, sem, sizeof(sem) - 1) == 0) {
        name = path + sizeof(sem) - 2;
        *name = '/';
    } else if (strncmp(path, shm, sizeof(shm) - 1) == 0) {
        name = path + sizeof(shm) - 2;
    }
    return name;
}

char *fd_link_name(char *link)
{
    if (*link == '/')
        link[link_name_length(link)] = '\0';
    return fd_object_name(link);
}

const char *fd_kind_name(uint32_t kind)
{
    for (size_t index = 0; index < sizeof(names) / sizeof(names[0]); index++)
        if (names[index].kinds == kind)
            return names[index].name;
    return NULL;
}

uint32_t fd_kind_find(const char *name, size_t length)
{
    for (size_t index = 0; index < sizeof(names) / sizeof(names[0]); index++)
        if (strlen(names[index].name) == length && memcmp(names[index].name, name, length) == 0)
            return names[index].kinds;
    return 0;
}
