/*
 * kind_sysv_shm.c - System V segments: rows of /proc/sysvipc/shm, and mappings called /SYSVxxxxxxxx whose
 * inode is the shmid (newseg() in ipc/shm.c) on a device they share with every other ipc namespace and with
 * memfds.
 */
#include "common/scan.h"
#include "probes/source_sysvipc.h"

#include <unistd.h>

/* In the mode once IPC_RMID was called (SHM_DEST in linux/shm.h). */
enum { SHM_DEST_BIT = 01000 };

static const struct sysv_table table = {
    .path = "proc/sysvipc/shm",
    .space = SPACE_SYSV_SHM,
    .time_column = 13,
    .columns = {{FIELD_KEY, SYSV_SKIP},
                {FIELD_ID, SYSV_NUMBER},
                {FIELD_MODE, SYSV_NUMBER},
                {FIELD_SIZE, SYSV_NUMBER},
                {FIELD_CPID, SYSV_NUMBER},
                {FIELD_LPID, SYSV_NUMBER},
                {FIELD_NATTCH, SYSV_NUMBER},
                {FIELD_OWNER, SYSV_NUMBER},
                {FIELD_GROUP, SYSV_NUMBER},
                {FIELD_CREATOR, SYSV_NUMBER},
                {FIELD_CGROUP, SYSV_NUMBER},
                {FIELD_ATIME, SYSV_SECONDS},
                {FIELD_DTIME, SYSV_SECONDS},
                {FIELD_CTIME, SYSV_SECONDS},
                {FIELD_RSS, SYSV_NUMBER},
                {FIELD_SWAP, SYSV_NUMBER}},
};

/*
 * Of huge pages the kernel multiplies the number of small ones by how many make a huge one
 * (shm_add_rss_swap() since linux 6.7): then as much as there can be is all that is known.
 */
static void limit_resident(struct object *object)
{
    uint64_t page = (uint64_t)sysconf(_SC_PAGESIZE);
    uint64_t most = (object->fields[FIELD_SIZE].number + page - 1) / page * page;
    if (object->fields[FIELD_RSS].number > most)
        object_set(object, FIELD_RSS, most);
}

static void finish_row(struct collection *collection, struct object *object, const int64_t *numbers)
{
    (void)collection;
    limit_resident(object);
    object_set(object, FIELD_USED, object->fields[FIELD_RSS].number + object->fields[FIELD_SWAP].number);
    if (numbers[2] & SHM_DEST_BIT)
        object_set_word(object, FIELD_STATE, "removed");
}

static int enumerate(struct collection *collection)
{
    return sysv_enumerate(collection, &kind_sysv_shm, &table, finish_row);
}

/*
 * Who has left its ipc namespace by unshare(2) still maps segments of that one, and the name of a mapping has
 * the key. A removed segment has lost it, in the table alone.
 */
static bool has_key_of(const struct object *object, const char *name)
{
    struct scan scan = scan_text(name);
    uint64_t key, known = object->fields[FIELD_KEY].number;
    return !known || !scan_literal(&scan, "/SYSV") || !scan_hex(&scan, &key) || key == known;
}

static struct object *claim_vma(struct collection *collection, const struct holder *holder,
                                const struct vma *vma)
{
    struct object *object = sysv_find(collection, SPACE_SYSV_SHM, holder, vma->inode);
    return object && has_key_of(object, vma->name) ? object : NULL;
}

const struct kind kind_sysv_shm = {
    .name = "sysv-shm",
    .summary = "System V shared memory segments",
    .vmas = VMA_SYSV,
    .enumerate = enumerate,
    .claim_vma = claim_vma,
};
