/* plant.c - see plant.h. Runs in the first process of a trial's world, which shares our memory. */
#include "inject/sweep/plant.h"

#include "common/cleanup.h"
#include "inject/calls.h"
#include "inject/calls_headers.h"

#include <errno.h>
#include <limits.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* Who owns nothing else: nobody, in Linux and in Debian. */
enum { OTHER_USER = 65534, FILL = 0xa5, FILE_BYTES = 64 * 1024, MESSAGE_BYTES = 16 };

static const char world_files[] = "/dev/shm/";
static const char world_tmp[] = "/tmp/";

struct planting {
    bool private_tmp;
    bool filled;
    mode_t mode;
};

static bool write_fill(int fd)
{
    char fill[FILE_BYTES];
    memset(fill, FILL, sizeof(fill));
    return write(fd, fill, sizeof(fill)) == sizeof(fill);
}

static bool plant_file(const char *path, const struct planting *planting)
{
    AUTO_CLOSE int fd = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, planting->mode);
    return fd >= 0 && (!planting->filled || write_fill(fd));
}

/* Whether the trial's world has that path for itself. Paths may come from a file. */
static bool in_world(const char *path, const struct planting *planting)
{
    if (strstr(path, ".."))
        return false;
    return strncmp(path, world_files, strlen(world_files)) == 0 ||
           (planting->private_tmp && strncmp(path, world_tmp, strlen(world_tmp)) == 0);
}

static bool plant_path(const struct made *made, const struct planting *planting)
{
    return in_world(made->name, planting) && plant_file(made->name, planting);
}

/* Names of objects have one slash or none. */
static const char *plain_name(const struct made *made)
{
    return made->name + (*made->name == '/');
}

static bool plant_shm(const struct made *made, const struct planting *planting)
{
    char path[PATH_MAX];
    snprintf(path, sizeof(path), "%s%s", world_files, plain_name(made));
    return in_world(path, planting) && plant_file(path, planting);
}

static bool plant_fifo(const struct made *made, const struct planting *planting)
{
    return in_world(made->name, planting) && mkfifo(made->name, planting->mode) == 0;
}

static bool plant_semaphore(const struct made *made, const struct planting *planting)
{
    sem_t *semaphore = sem_open(made->name, O_CREAT | O_EXCL, planting->mode,
                                planting->filled ? (unsigned)made->number + 1 : 0);
    return semaphore != SEM_FAILED && sem_close(semaphore) == 0;
}

static bool plant_queue(const struct made *made, const struct planting *planting)
{
    char name[NAME_MAX + 2];
    char fill[MESSAGE_BYTES];
    memset(fill, FILL, sizeof(fill));
    snprintf(name, sizeof(name), "/%s", plain_name(made));
    mqd_t queue = mq_open(name, O_RDWR | O_CREAT | O_EXCL, planting->mode, NULL);
    if (queue == (mqd_t)-1)
        return false;
    bool good = !planting->filled || mq_send(queue, fill, sizeof(fill), 0) == 0;
    return mq_close(queue) == 0 && good;
}

static bool fill_segment(int id, size_t size)
{
    void *memory = shmat(id, NULL, 0);
    if (memory == (void *)-1)
        return false;
    memset(memory, FILL, size < FILE_BYTES ? size : FILE_BYTES);
    return shmdt(memory) == 0;
}

static bool plant_segment(const struct made *made, const struct planting *planting)
{
    size_t size = planting->filled ? made->number : 1;
    int id = shmget((key_t)made->key, size, IPC_CREAT | IPC_EXCL | (int)planting->mode);
    return id >= 0 && (!planting->filled || fill_segment(id, size));
}

/* The first semop(2) is what tells that a set is ready: sem_otime. */
static bool plant_set(const struct made *made, const struct planting *planting)
{
    int id = semget((key_t)made->key, (int)made->number, IPC_CREAT | IPC_EXCL | (int)planting->mode);
    bool good = id >= 0;
    for (unsigned short number = 0; good && planting->filled && number < made->number; number++)
        good = semop(id, &(struct sembuf){number, 1, 0}, 1) == 0;
    return good;
}

static bool plant_messages(const struct made *made, const struct planting *planting)
{
    struct {
        long type;
        char text[MESSAGE_BYTES];
    } message = {.type = 1};
    int id = msgget((key_t)made->key, IPC_CREAT | IPC_EXCL | (int)planting->mode);
    memset(message.text, FILL, sizeof(message.text));
    return id >= 0 && (!planting->filled || msgsnd(id, &message, sizeof(message.text), IPC_NOWAIT) == 0);
}

static bool (*const planters[CALL_COUNT])(const struct made *made, const struct planting *planting) = {
    [CALL_shm_open] = plant_shm,    [CALL_open] = plant_path,      [CALL_openat] = plant_path,
    [CALL_mkfifo] = plant_fifo,     [CALL_mkfifoat] = plant_fifo,  [CALL_sem_open] = plant_semaphore,
    [CALL_mq_open] = plant_queue,   [CALL_shmget] = plant_segment, [CALL_semget] = plant_set,
    [CALL_msgget] = plant_messages,
};

static unsigned plant_all(const struct learnt *learnt, const struct planting *planting)
{
    unsigned count = 0;
    array_each(&learnt->made, made)
    {
        if (planters[made->call])
            count += planters[made->call](made, planting);
    }
    return count;
}

/* For this thread only: by system call, as libc would change all that share our memory. */
static bool become_user(uid_t uid)
{
    return syscall(SYS_setresuid, -1, uid, -1) == 0;
}

/* The owner of a folder may remove anything in it, sticky or not. */
static void give_folders(const struct learnt *learnt, uid_t uid)
{
    static const char *const folders[] = {"/dev/shm", "/dev/mqueue", "/tmp"};
    for (size_t index = 0; index < COUNT_OF(folders) - !learnt->private_tmp; index++)
        if (lchown(folders[index], uid, (gid_t)-1) < 0)
            return;
}

static unsigned plant_foreign(const struct learnt *learnt)
{
    const struct planting others = {.private_tmp = learnt->private_tmp, .mode = 0600};
    const struct planting closed = {.private_tmp = learnt->private_tmp, .mode = 0};
    uid_t self = geteuid();
    if (self != 0 || !become_user(OTHER_USER))
        return plant_all(learnt, &closed);
    unsigned count = plant_all(learnt, &others);
    become_user(self);
    give_folders(learnt, OTHER_USER);
    return count;
}

unsigned plant_objects(const struct learnt *learnt, enum plant plant)
{
    const struct planting planting = {
        .private_tmp = learnt->private_tmp, .filled = plant == PLANT_FILLED, .mode = 0600};
    return plant == PLANT_FOREIGN ? plant_foreign(learnt) : plant_all(learnt, &planting);
}

int plant_obey(enum plant plant)
{
    static const int powers[] = {CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH, CAP_FOWNER,
                                 CAP_CHOWN,        CAP_IPC_OWNER,       CAP_SYS_ADMIN};
    if (plant != PLANT_FOREIGN || geteuid() != 0)
        return 0;
    for (size_t index = 0; index < COUNT_OF(powers); index++)
        if (prctl(PR_CAPBSET_DROP, powers[index]) < 0)
            return -errno;
    return 0;
}
