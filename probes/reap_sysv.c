/*
 * reap_sysv.c - looks at a System V object again, and removes it. That it is the same is told by key and
 * ctime: an id may be given out anew, and a semaphore set whose ctime changed was set up again by somebody.
 */
#include "common/array.h"
#include "common/strbuf.h"
#include "probes/reaper.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <unistd.h>

/* How many bits of an id are its index: 15, or 24 with ipcmni_extend (IPCMNI_SHIFT in ipc/util.h). */
static const int index_masks[] = {0x7fff, 0xffffff};

union semun {
    struct semid_ds *set;
};

static int id_of(const struct object *object)
{
    return (int)object->fields[FIELD_ID].number;
}

/* Errors in which it is not there any more. */
static int refuse_errno(const struct reaping *reaping, int error)
{
    if (error == EINVAL || error == EIDRM)
        return reap_refuse(reaping, -ENOENT, "gone already");
    strbuf_add_string(reaping->why, strerror(error));
    return -error;
}

bool reap_is_same(const struct object *object, const struct ipc_perm *permissions, time_t changed)
{
    return (uint32_t)permissions->__key == (uint32_t)object->fields[FIELD_KEY].number &&
           (uint64_t)changed == object->identity.generation;
}

static int refuse_successor(const struct reaping *reaping)
{
    return reap_refuse(reaping, -ESTALE,
                       "it has changed or been replaced since it was looked at; look again");
}

static bool is_at(const struct object *object, enum field field, time_t seconds)
{
    return object->fields[field].number == (uint64_t)seconds * REAP_SECOND;
}

/* Other pids than our own may be those of another pid namespace, which /proc is of. */
bool reap_segment_is_untouched(const struct object *object, const struct shmid_ds *now)
{
    bool ours = object->fields[FIELD_LPID].number == (uint64_t)getpid();
    return is_at(object, FIELD_ATIME, now->shm_atime) && is_at(object, FIELD_DTIME, now->shm_dtime) &&
           (!ours || now->shm_lpid == getpid());
}

static bool queue_is_untouched(const struct object *object, const struct msqid_ds *now)
{
    return is_at(object, FIELD_STIME, now->msg_stime) && is_at(object, FIELD_RTIME, now->msg_rtime) &&
           object->fields[FIELD_MESSAGES].number == now->msg_qnum;
}

/* IPC_STAT needs read permission, which an owner may lack; the index may always be asked. */
static int stat_segment(int id, struct shmid_ds *ret)
{
    if (shmctl(id, IPC_STAT, ret) == 0)
        return 0;
    int error = errno;
    for (size_t i = 0; i < COUNT_OF(index_masks) && error == EACCES; i++)
        if (shmctl(id & index_masks[i], SHM_STAT_ANY, ret) == id)
            return 0;
    return error;
}

static int stat_set(int id, struct semid_ds *ret)
{
    union semun argument = {.set = ret};
    if (semctl(id, 0, IPC_STAT, argument) == 0)
        return 0;
    int error = errno;
    for (size_t i = 0; i < COUNT_OF(index_masks) && error == EACCES; i++)
        if (semctl(id & index_masks[i], 0, SEM_STAT_ANY, argument) == id)
            return 0;
    return error;
}

static int stat_queue(int id, struct msqid_ds *ret)
{
    if (msgctl(id, IPC_STAT, ret) == 0)
        return 0;
    int error = errno;
    for (size_t i = 0; i < COUNT_OF(index_masks) && error == EACCES; i++)
        if (msgctl(id & index_masks[i], MSG_STAT_ANY, ret) == id)
            return 0;
    return error;
}

int reap_segment(const struct reaping *reaping)
{
    struct shmid_ds now;
    int id = id_of(reaping->object), error = stat_segment(id, &now);
    if (error)
        return refuse_errno(reaping, error);
    if (!reap_is_same(reaping->object, &now.shm_perm, now.shm_ctime))
        return refuse_successor(reaping);
    if (now.shm_nattch && !reaping->options->force) {
        strbuf_add_format(reaping->why, "in use: %lu attachments", (unsigned long)now.shm_nattch);
        return -EBUSY;
    }
    if (!reaping->options->force && !reap_segment_is_untouched(reaping->object, &now))
        return reap_refuse_touched(reaping);
    if (!reaping->options->dry_run && shmctl(id, IPC_RMID, NULL) < 0)
        return refuse_errno(reaping, errno);
    return 0;
}

/* Queues and sets have no users that the kernel knows of, but the last ones who worked on them. */
static int refuse_worker(const struct reaping *reaping, pid_t pid)
{
    strbuf_add_format(reaping->why, "in use: pid %d, which worked on it last, is alive", pid);
    return -EBUSY;
}

static bool is_alive(const struct snapshot *snapshot, pid_t pid)
{
    for (size_t i = 0; i < snapshot->known_pid_count; i++)
        if (snapshot->known_pids[i].pid == pid)
            return snapshot->known_pids[i].start;
    return false;
}

static int refuse_workers_of_set(const struct reaping *reaping, const struct semid_ds *now)
{
    const struct object *object = reaping->object;
    for (size_t i = 0; object->semaphores && i < object->fields[FIELD_NSEMS].number; i++) {
        if (object->semaphores[i].ncnt > 0 || object->semaphores[i].zcnt > 0)
            return reap_refuse(reaping, -EBUSY, "in use: somebody waits");
        if (object->semaphores[i].pid && is_alive(reaping->snapshot, object->semaphores[i].pid))
            return refuse_worker(reaping, object->semaphores[i].pid);
    }
    if (!is_at(object, FIELD_OTIME, now->sem_otime))
        return reap_refuse_touched(reaping);
    return 0;
}

int reap_set(const struct reaping *reaping)
{
    struct semid_ds now;
    int id = id_of(reaping->object), error = stat_set(id, &now);
    if (error)
        return refuse_errno(reaping, error);
    if (!reap_is_same(reaping->object, &now.sem_perm, now.sem_ctime))
        return refuse_successor(reaping);
    int r = reaping->options->force ? 0 : refuse_workers_of_set(reaping, &now);
    if (r == 0 && !reaping->options->dry_run && semctl(id, 0, IPC_RMID) < 0)
        return refuse_errno(reaping, errno);
    return r;
}

static int refuse_workers_of_queue(const struct reaping *reaping, const struct msqid_ds *now)
{
    static const enum field workers[] = {FIELD_LSPID, FIELD_LRPID};
    for (size_t i = 0; i < COUNT_OF(workers); i++)
        if (snapshot_verdict(reaping->snapshot, reaping->object, workers[i]) == VERDICT_ALIVE)
            return refuse_worker(reaping, (pid_t)reaping->object->fields[workers[i]].number);
    if (!queue_is_untouched(reaping->object, now))
        return reap_refuse_touched(reaping);
    return 0;
}

int reap_queue(const struct reaping *reaping)
{
    struct msqid_ds now;
    int id = id_of(reaping->object), error = stat_queue(id, &now);
    if (error)
        return refuse_errno(reaping, error);
    if (!reap_is_same(reaping->object, &now.msg_perm, now.msg_ctime))
        return refuse_successor(reaping);
    int r = reaping->options->force ? 0 : refuse_workers_of_queue(reaping, &now);
    if (r == 0 && !reaping->options->dry_run && msgctl(id, IPC_RMID, NULL) < 0)
        return refuse_errno(reaping, errno);
    return r;
}
