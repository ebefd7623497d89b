/*
 * live_tasks.c - see live_tasks.h. One read of the iterator tells of all processes; it is made when the first
 * of two threads asks, while the other waits. What was read does not change until it is forgotten.
 */
#include "probes/live_tasks.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/strbuf.h"
#include "probes/blocked.h"
#include "probes/kernel.h"
#include "probes/live_iterators.h"
#include "probes/parse.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>

/* With fewer processes, loading the program takes longer than reading /proc does. */
enum { PROCESSES_MIN = 150 };

/* Room for a thousand processes, which growing step by step would take from the kernel page by page. */
enum { TEXT_ROOM = 2 * 1024 * 1024 };

/* Of the list: not to be read, to be read by who asks first, read, not to be had. */
enum list_state { LIST_CLOSED, LIST_UNKNOWN, LIST_READ, LIST_FAILED };

struct found {
    struct process_record record;
    unsigned threads;
    bool blocked;         /* some thread may be, in a call of blocked.def */
    bool cut;             /* not all of its descriptors were told */
    bool mapped;          /* all of its mappings were told */
    size_t fds, fds_size; /* where in the text its descriptors are */
    size_t vmas, vmas_size;
};

struct live_tasks {
    int proc;
    struct live_iterators *iterators;
    pthread_mutex_t lock;
    enum list_state state;
    ARRAY(struct found) found; /* in ascending order of pid */
    struct strbuf text;
};

static int compare_found(const void *pid, const void *found)
{
    pid_t a = *(const pid_t *)pid, b = ((const struct found *)found)->record.pid;
    return a < b ? -1 : a > b;
}

static struct found *find(const struct live_tasks *tasks, pid_t pid)
{
    return tasks->found.count ? bsearch(&pid, tasks->found.items, tasks->found.count,
                                        sizeof(*tasks->found.items), compare_found)
                              : NULL;
}

/* Takes the bytes of a record off the text. False when there are not so many. */
static bool take(struct live_task_records *text, void *ret_record, size_t size)
{
    if ((size_t)(text->end - text->at) < size)
        return false;
    memcpy(ret_record, text->at, size);
    text->at += size;
    return true;
}

static unsigned kind_of(const struct live_task_records *text)
{
    unsigned kind = 0;
    struct live_task_records rest = *text;
    take(&rest, &kind, sizeof(kind));
    return kind;
}

/* A name that follows a record, whose length counts its NUL. */
static bool take_name(struct live_task_records *text, unsigned length, const char **ret_name)
{
    if (length > (size_t)(text->end - text->at))
        return false;
    *ret_name = text->at;
    text->at += length;
    return true;
}

static bool take_mark(struct live_task_records *text, unsigned kind)
{
    struct mark_record mark;
    return kind_of(text) == kind && take(text, &mark, sizeof(mark));
}

bool live_task_fds_next(struct live_task_records *fds, struct memfd_record *ret_record, const char **ret_name)
{
    bool memory = kind_of(fds) == RECORD_MEMFD;
    *ret_name = NULL;
    if (!memory)
        return kind_of(fds) == RECORD_FD && take(fds, &ret_record->fd, sizeof(ret_record->fd));
    return take(fds, ret_record, sizeof(*ret_record)) && ret_record->name_length &&
           take_name(fds, ret_record->name_length, ret_name);
}

bool live_task_vmas_next(struct live_task_records *vmas, struct vma_record *ret_record, const char **ret_name)
{
    *ret_name = NULL;
    if (kind_of(vmas) != RECORD_VMA || !take(vmas, ret_record, sizeof(*ret_record)))
        return false;
    return !ret_record->name_length || take_name(vmas, ret_record->name_length, ret_name);
}

/* A process with the descriptors and mappings behind it. */
static bool add_process(struct live_tasks *tasks, struct live_task_records *text)
{
    struct memfd_record fd;
    struct vma_record vma;
    const char *name;
    struct found *found = array_push(&tasks->found);
    if (!found || !take(text, &found->record, sizeof(found->record)))
        return false;
    found->threads = 1;
    found->blocked = blocked_call(found->record.call);
    const char *first = text->at;
    while (live_task_fds_next(text, &fd, &name))
        ;
    found->fds = (size_t)(first - tasks->text.text);
    found->fds_size = (size_t)(text->at - first);
    found->cut = take_mark(text, RECORD_CUT);
    first = text->at;
    while (live_task_vmas_next(text, &vma, &name))
        ;
    found->vmas = (size_t)(first - tasks->text.text);
    found->vmas_size = (size_t)(text->at - first);
    found->mapped = take_mark(text, RECORD_ALL_VMAS);
    return true;
}

/* A thread may have a lower number than its process: only at the end all processes are known. */
static bool add_tasks(struct live_tasks *tasks)
{
    struct live_task_records text = {tasks->text.text, tasks->text.text + tasks->text.length};
    ARRAY(struct thread_record) threads = {0};
    bool read = true;
    while (read && text.at < text.end) {
        bool process = kind_of(&text) == RECORD_PROCESS;
        struct thread_record *thread = process ? NULL : array_push(&threads);
        read = process ? add_process(tasks, &text) : thread && take(&text, thread, sizeof(*thread));
    }
    array_each(&threads, thread)
    {
        struct found *found = find(tasks, thread->pid);
        if (!found)
            continue;
        found->threads++;
        found->blocked |= blocked_call(thread->call);
    }
    array_free(&threads);
    return read;
}

static uint64_t start_ticks(const struct process_record *record)
{
    return record->start / (UINT64_C(1000000000) / (uint64_t)sysconf(_SC_CLK_TCK));
}

/*
 * Another pid or time namespace behind /proc than our own would make the numbers differ: what is said of
 * ourselves tells.
 */
static bool agrees_with_proc(const struct live_tasks *tasks)
{
    AUTO_STRBUF struct strbuf text = {0};
    AUTO_CLOSE int fd = openat(tasks->proc, "self/stat", O_RDONLY | O_CLOEXEC);
    struct process process;
    uint64_t ticks;
    if (fd < 0 || file_read_all(fd, &text) < 0 ||
        !parse_stat(strbuf_text(&text), text.length, &process, &ticks))
        return false;
    const struct found *ourselves = find(tasks, getpid());
    return ourselves && strtol(text.text, NULL, 10) == getpid() &&
           process.parent == ourselves->record.parent && start_ticks(&ourselves->record) == ticks;
}

static bool read_tasks(struct live_tasks *tasks)
{
    tasks->found.count = 0;
    strbuf_clear(&tasks->text);
    strbuf_reserve(&tasks->text, TEXT_ROOM);
    return live_iterators_read(tasks->iterators, &tasks->text) == 0 && tasks->text.length &&
           add_tasks(tasks) && agrees_with_proc(tasks);
}

static bool know_tasks(struct live_tasks *tasks)
{
    pthread_mutex_lock(&tasks->lock);
    if (tasks->state == LIST_UNKNOWN)
        tasks->state = read_tasks(tasks) ? LIST_READ : LIST_FAILED;
    bool known = tasks->state == LIST_READ;
    pthread_mutex_unlock(&tasks->lock);
    return known;
}

int live_tasks_pids(struct live_tasks *tasks, pid_t **ret_pids, size_t *ret_count)
{
    if (!know_tasks(tasks))
        return -ENOTSUP;
    pid_t *pids = calloc(tasks->found.count, sizeof(*pids));
    if (!pids)
        return -ENOMEM;
    for (size_t i = 0; i < tasks->found.count; i++)
        pids[i] = tasks->found.items[i].record.pid;
    *ret_pids = pids;
    *ret_count = tasks->found.count;
    return 0;
}

int live_tasks_glance(struct live_tasks *tasks, pid_t pid, struct glance *ret_glance)
{
    const struct found *found = know_tasks(tasks) ? find(tasks, pid) : NULL;
    if (!found)
        return -ENOTSUP;
    const struct process_record *record = &found->record;
    *ret_glance = (struct glance){
        .process = {.pid = pid,
                    .parent = record->parent,
                    .uid = record->uid,
                    .state = parse_task_state(record->state, record->exit_state),
                    .threads = found->threads,
                    .comm = value_string(record->comm, strnlen(record->comm, sizeof(record->comm)))},
        .start_ticks = start_ticks(record),
        .blocked = found->blocked,
        .same_ipc = record->same_ipc,
    };
    return 0;
}

bool live_tasks_fds(struct live_tasks *tasks, pid_t pid, struct live_task_records *ret_fds)
{
    const struct found *found = know_tasks(tasks) ? find(tasks, pid) : NULL;
    if (!found || found->cut)
        return false;
    const char *first = tasks->text.text + found->fds;
    *ret_fds = (struct live_task_records){first, first + found->fds_size};
    return true;
}

bool live_tasks_vmas(struct live_tasks *tasks, pid_t pid, struct live_task_records *ret_vmas)
{
    const struct found *found = know_tasks(tasks) ? find(tasks, pid) : NULL;
    if (!found || !found->mapped)
        return false;
    const char *first = tasks->text.text + found->vmas;
    *ret_vmas = (struct live_task_records){first, first + found->vmas_size};
    return true;
}

void live_tasks_begin(struct live_tasks *tasks)
{
    tasks->state = LIST_UNKNOWN;
}

void live_tasks_end(struct live_tasks *tasks)
{
    tasks->state = LIST_CLOSED;
}

/* Names of mapped files that are not listed are in map_files, for it alone (proc_map_files_get_link()). */
static bool has_admin_capability(void)
{
    struct __user_cap_header_struct header = {.version = _LINUX_CAPABILITY_VERSION_3};
    struct __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3];
    return syscall(SYS_capget, &header, data) == 0 && data[0].effective & 1u << CAP_SYS_ADMIN;
}

/*
 * A /proc has a link for each process (proc_root_getattr()). Who may use BPF but not look into processes
 * should be told so by /proc.
 */
static bool is_worth_it(int proc)
{
    struct stat status;
    AUTO_CLOSE int fd = openat(proc, "1/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return fd >= 0 && fstat(proc, &status) == 0 && status.st_nlink >= PROCESSES_MIN && has_admin_capability();
}

int live_tasks_open(int proc, unsigned memory_device, struct live_tasks **ret_tasks)
{
    if (!is_worth_it(proc))
        return -ENOTSUP;
    AUTO_FREE struct live_tasks *tasks = calloc(1, sizeof(*tasks));
    if (!tasks)
        return -ENOMEM;
    tasks->proc = proc;
    pthread_mutex_init(&tasks->lock, NULL);
    int r = live_iterators_open(memory_device, &tasks->iterators);
    if (r < 0)
        return r;
    *ret_tasks = take_ptr(tasks);
    return 0;
}

void live_tasks_close(struct live_tasks *tasks)
{
    live_iterators_close(tasks->iterators);
    pthread_mutex_destroy(&tasks->lock);
    array_free(&tasks->found);
    strbuf_free(&tasks->text);
    free(tasks);
}
