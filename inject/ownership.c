/*
 * ownership.c - see ownership.h. The kernel lets owners remove and use what is theirs (ipcperms() in
 * ipc/util.c, check_sticky() in fs/namei.c). What is not there may be another's on another machine.
 */
#include "inject/ownership.h"

#include <fcntl.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Owner and maker come first in all of them. */
union descriptions {
    struct ipc_perm owner;
    struct shmid_ds segment;
    struct semid_ds set;
    struct msqid_ds queue;
};

static const char *folder_of(unsigned call, const char *name)
{
    if (strncmp(name, "/dev/shm/", strlen("/dev/shm/")) == 0)
        return "";
    return call == CALL_mq_unlink ? "/dev/mqueue/" : call == CALL_sem_unlink ? "/dev/shm/sem." : "/dev/shm/";
}

/* Returns the end, or NULL when it does not fit; snprintf(3) is not safe in a signal handler. */
static char *append(char *at, const char *end, const char *text)
{
    return at ? memccpy(at, text, '\0', (size_t)(end - at)) : NULL;
}

bool ownership_path(unsigned call, const char *root, const char *name, char path[OWNERSHIP_PATH_SIZE])
{
    const char *end = path + OWNERSHIP_PATH_SIZE;
    const char *folder = folder_of(call, name);
    if (*folder)
        name += strspn(name, "/");
    const char *const parts[] = {root, folder, name};
    char *at = path;
    for (size_t index = 0; index < sizeof(parts) / sizeof(parts[0]); index++) {
        at = append(at, end, parts[index]);
        at = at ? at - 1 : NULL;
    }
    return at;
}

uint32_t ownership_of_file(const char *path, uid_t user)
{
    struct stat status;
    bool there = fstatat(AT_FDCWD, path, &status, AT_SYMLINK_NOFOLLOW) == 0;
    return there && status.st_uid == user ? 0 : STATE_FOREIGN;
}

static bool describe(ownership_syscall *make, const struct facts *facts, union descriptions *description)
{
    int id = (int)facts->arguments[0];
    switch (facts->call) {
    case CALL_shmat:
    case CALL_shmctl: return make(SYS_shmctl, id, IPC_STAT, &description->segment) == 0;
    case CALL_semop:
    case CALL_semtimedop:
    case CALL_semctl: return make(SYS_semctl, id, 0, IPC_STAT, &description->set) == 0;
    default: return make(SYS_msgctl, id, IPC_STAT, &description->queue) == 0;
    }
}

uint32_t ownership_of_id(ownership_syscall *make, const struct facts *facts, uid_t user)
{
    union descriptions description = {0};
    if (!describe(make, facts, &description))
        return STATE_FOREIGN;
    return description.owner.uid == user || description.owner.cuid == user ? 0 : STATE_FOREIGN;
}
