/*
 * test_live_tasks.c - what the kernel's iterator tells of processes is what /proc tells: snapshots made both
 * ways are the same, as far as they are about the children made here. Needs what probes/live_tasks.h needs,
 * and is skipped without.
 */
#include "tests/unit/recording.h"

#include "probes/edge.h"

#include <errno.h>
#include <mqueue.h>
#include <pthread.h>
#include <signal.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/wait.h>

/* More than live_tasks.c has to have for it to pay. */
enum { CHILDREN = 210, MANY = 400, PAGE = 4096 };

static pid_t children[CHILDREN];
static int semaphores, ready[2];

static bool open_memfds(void)
{
    int plain = memfd_create("plain", 0), odd = memfd_create("with (deleted)\n\\", MFD_ALLOW_SEALING);
    int huge = memfd_create("huge", MFD_HUGETLB); /* not every machine has such pages */
    (void)huge;
    return plain >= 0 && odd >= 0 && ftruncate(plain, 12345) == 0 && write(plain, "x", 1) == 1 &&
           dup2(odd, 900) == 900;
}

/* One with a name, and one that lost it. */
static bool open_shm(const char *name, bool unlinked)
{
    char path[64];
    snprintf(path, sizeof(path), "/live_tasks.%s.%d", name, getpid());
    int fd = shm_open(path, O_RDWR | O_CREAT, 0600);
    return fd >= 0 && ftruncate(fd, 4096) == 0 && (!unlinked || shm_unlink(path) == 0);
}

static bool open_lost_queue(void)
{
    char name[64];
    struct mq_attr attributes = {.mq_maxmsg = 2, .mq_msgsize = 8};
    snprintf(name, sizeof(name), "/live_tasks.%d", getpid());
    return mq_open(name, O_RDONLY | O_CREAT, 0600, &attributes) >= 0 && mq_unlink(name) == 0;
}

/* More descriptors than an answer of the iterator has room for. */
static bool open_many(void)
{
    for (int i = 0; i < MANY; i++)
        if (memfd_create("one of many memory files", 0) < 0)
            return false;
    return true;
}

static void *wait_for_semaphore(void *argument)
{
    struct sembuf down = {.sem_op = -1};
    semop(semaphores, &down, 1);
    return argument;
}

static bool start_waiter(void)
{
    pthread_t thread;
    return pthread_create(&thread, NULL, wait_for_semaphore, NULL) == 0;
}

static bool change_user(void)
{
    return memfd_create("of another user", 0) >= 0 && setgid(1001) == 0 && setuid(1000) == 0 &&
           prctl(PR_SET_NAME, "odd) name\n(") == 0;
}

static char *map_shared(int fd, size_t pages, int access)
{
    int flags = MAP_SHARED | (fd < 0 ? MAP_ANONYMOUS : 0);
    char *address = mmap(NULL, pages * PAGE, access, flags, fd, 0);
    return address == MAP_FAILED ? NULL : address;
}

/* Attached read-only too, and in three parts. */
static bool attach_removed_segment(void)
{
    int id = shmget(IPC_PRIVATE, 5 * PAGE, 0600);
    char *address = shmat(id, NULL, 0), *other = shmat(id, NULL, SHM_RDONLY);
    return address != (void *)-1 && other != (void *)-1 && shmctl(id, IPC_RMID, NULL) == 0 &&
           mprotect(address + PAGE, PAGE, PROT_READ) == 0;
}

/* Mapped and no longer open, the first without a name, and then the second page of it. */
static bool map_lost_shm(void)
{
    char path[64];
    snprintf(path, sizeof(path), "/live_tasks.mapped (deleted).%d", getpid());
    int fd = shm_open(path, O_RDWR | O_CREAT, 0600);
    if (fd < 0 || ftruncate(fd, 4 * PAGE) < 0 || !map_shared(fd, 4, PROT_READ) || shm_unlink(path) < 0 ||
        mmap(NULL, PAGE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, PAGE) == MAP_FAILED)
        return false;
    return close(fd) == 0;
}

static bool map_memfds(void)
{
    int plain = memfd_create("mapped\n", 0), huge = memfd_create("huge mapped", MFD_HUGETLB);
    if (huge >= 0 && ftruncate(huge, 2 << 20) == 0)
        map_shared(huge, (2 << 20) / PAGE, PROT_READ); /* fails where no such pages are set aside */
    return ftruncate(plain, 3 * PAGE) == 0 && map_shared(plain, 3, PROT_READ | PROT_EXEC) &&
           close(plain) == 0;
}

/* With a process of its own that dies with it. */
static bool share_memory(void)
{
    char *address = map_shared(-1, 6, PROT_READ | PROT_WRITE);
    pid_t other = address && munmap(address + 2 * PAGE, PAGE) == 0 ? fork() : -1;
    if (other == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        for (;;)
            pause();
    }
    return other > 0;
}

/* More mappings than an answer of the iterator has room for, none next to what follows it in the file. */
static bool map_many(void)
{
    int fd = memfd_create("mapped often", 0);
    if (ftruncate(fd, 2 * MANY * PAGE) < 0)
        return false;
    for (int i = 0; i < 2 * MANY; i++)
        if (mmap(NULL, PAGE, PROT_READ, i % 4 ? MAP_SHARED : MAP_PRIVATE, fd, i * PAGE) == MAP_FAILED)
            return false;
    return true;
}

static bool map_all(int number)
{
    return attach_removed_segment() && map_lost_shm() && map_memfds() && share_memory() &&
           (number != 6 || map_many());
}

static bool behave(int number)
{
    switch (number % 7) {
    case 0: return open_memfds();
    case 1: return open_shm("named", false) && open_shm("lost", true);
    case 2: return open_lost_queue();
    case 3: return start_waiter();
    case 4: return change_user();
    case 5: return number != 5 || open_many();
    default: return map_all(number);
    }
}

static void child_run(int number)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    bool right = behave(number);
    if (write(ready[1], right ? "y" : "n", 1) != 1)
        _exit(1);
    for (;;)
        pause();
}

static int start_children(void **state)
{
    (void)state;
    semaphores = semget(IPC_PRIVATE, 1, 0600);
    if (semaphores < 0 || pipe(ready) < 0)
        return -1;
    for (int i = 0; i < CHILDREN; i++) {
        children[i] = fork();
        if (children[i] == 0)
            child_run(i);
        if (children[i] < 0)
            return -1;
    }
    char answer;
    for (int i = 0; i < CHILDREN; i++)
        if (read(ready[0], &answer, 1) != 1 || answer != 'y')
            return -1;
    return 0;
}

static int end_children(void **state)
{
    (void)state;
    for (int i = 0; i < CHILDREN; i++) {
        char name[64];
        kill(children[i], SIGKILL);
        waitpid(children[i], NULL, 0);
        snprintf(name, sizeof(name), "/live_tasks.named.%d", children[i]);
        shm_unlink(name);
    }
    return semctl(semaphores, 0, IPC_RMID);
}

static bool is_child(pid_t pid)
{
    for (int i = 0; i < CHILDREN; i++)
        if (children[i] == pid)
            return true;
    return false;
}

/* A child, or what a child has forked. */
static bool is_ours(const struct process *process)
{
    return is_child(process->pid) || is_child(process->parent);
}

static void print_process(struct strbuf *text, const struct process *process)
{
    strbuf_add_format(text, "%d parent=%d uid=%u threads=%u state=%c start=%" PRIu64 " ipc=%" PRIu64,
                      process->pid, process->parent, process->uid, process->threads, process->state,
                      process->start, process->ipc_namespace);
    print_value(text, "comm", process->comm);
    strbuf_add_char(text, '\n');
}

/* The children, and the objects that nobody else has. */
static size_t print_children(struct strbuf *text, const struct snapshot *snapshot)
{
    size_t printed = 0;
    for (size_t i = 0; i < snapshot->process_count; i++)
        if (is_ours(&snapshot->processes[i]))
            print_process(text, &snapshot->processes[i]);
    for (size_t i = 0; i < snapshot->object_count; i++) {
        size_t count, theirs = 0;
        const struct edge *edges = snapshot_edges(snapshot, snapshot->objects[i], &count);
        for (size_t j = 0; j < count; j++)
            theirs += is_ours(&snapshot->processes[edges[j].process]);
        if (!count || theirs < count)
            continue;
        print_one(text, snapshot, snapshot->objects[i]);
        printed++;
    }
    assert_false(text->failed);
    return printed;
}

static size_t look(struct kernel *kernel, uint64_t wanted, struct strbuf *text)
{
    struct request request = {.kinds = wanted, .needs = NEED_ALL & ~(unsigned)NEED_COMMANDS};
    struct snapshot *snapshot = collect_from(kernel, &request);
    size_t printed = print_children(text, snapshot);
    snapshot_free(snapshot);
    return printed;
}

static uint64_t usual_kinds(void)
{
    uint64_t usual = 0;
    for (size_t i = 0; i < KIND_COUNT; i++)
        usual |= kinds[i]->noisy ? 0 : UINT64_C(1) << i;
    return usual;
}

static struct kernel *open_kernel(struct kernel_live_options options)
{
    struct kernel *kernel = NULL;
    assert_int_equal(kernel_open_live(&options, &kernel), 0);
    return kernel;
}

/* Whether the iterator tells of processes here. */
static bool is_quick(struct kernel *kernel)
{
    struct glance glance;
    kernel->ops->begin(kernel);
    int r = kernel->ops->glance(kernel, getpid(), &glance);
    kernel->ops->end(kernel);
    assert_int_equal(kernel->ops->glance(kernel, getpid(), &glance), -ENOTSUP);
    return r == 0;
}

static void compare(struct kernel *plain, struct kernel *quick, uint64_t wanted, size_t least)
{
    AUTO_STRBUF struct strbuf expected = {0}, found = {0};
    size_t printed = look(plain, wanted, &expected);
    assert_int_equal(look(quick, wanted, &found), printed);
    assert_true(printed >= least);
    assert_string_equal(strbuf_text(&found), strbuf_text(&expected));
}

static void the_iterator_tells_what_proc_tells(void **state)
{
    (void)state;
    AUTO_KERNEL struct kernel *plain = open_kernel((struct kernel_live_options){0});
    AUTO_KERNEL struct kernel *text = open_kernel((struct kernel_live_options){.text_maps = true});
    AUTO_KERNEL struct kernel *quick = open_kernel((struct kernel_live_options){.glances = true});
    assert_false(is_quick(plain));
    if (!is_quick(quick))
        skip();
    /* Twice: the second look must not answer from the first. */
    for (int i = 0; i < 2; i++) {
        compare(plain, quick, usual_kinds(), MANY + CHILDREN / 7 * 9 - 2);
        compare(text, quick, usual_kinds(), MANY + CHILDREN / 7 * 9 - 2);
        compare(plain, quick, everything.kinds & ~KIND_BIT(lock), MANY + CHILDREN - 10);
        assert_int_equal(kill(children[i * 20], SIGKILL), 0);
        assert_int_equal(waitpid(children[i * 20], NULL, 0), children[i * 20]);
    }
    quick->ops->begin(quick);
    struct glance glance;
    assert_int_equal(quick->ops->glance(quick, children[0], &glance), -ENOTSUP);
}

struct mappings {
    size_t count, brief;
    struct strbuf text;
};

static int add_mapping(void *argument, const struct vma *vma)
{
    struct mappings *mappings = argument;
    mappings->count++;
    mappings->brief += vma->brief;
    strbuf_add_format(&mappings->text, "%" PRIx64 "-%" PRIx64 " %" PRIx64 " %" PRIu64 " %u:%u %d %d %s\n",
                      vma->start, vma->end, vma->offset, vma->inode, vma->major, vma->minor, vma->access,
                      vma->vma_class, vma->name);
    return 0;
}

static void list_mappings(struct kernel *kernel, pid_t pid, unsigned classes, struct mappings *mappings)
{
    strbuf_clear(&mappings->text);
    mappings->count = mappings->brief = 0;
    assert_int_equal(kernel->ops->vmas(kernel, pid, classes, add_mapping, mappings), 0);
}

static void the_iterator_tells_mappings(void **state)
{
    (void)state;
    const unsigned memory = VMA_SYSV | VMA_ZERO | VMA_MEMFD;
    AUTO_KERNEL struct kernel *quick = open_kernel((struct kernel_live_options){.glances = true});
    struct mappings listed = {0}, plain = {0};
    if (!is_quick(quick))
        skip();
    quick->ops->begin(quick);
    list_mappings(quick, children[13], memory | VMA_SHM, &listed);
    if (!listed.brief)
        skip(); /* linux before 6.1 */
    assert_int_equal(listed.brief, 2);
    list_mappings(quick, children[13], memory | VMA_FILE, &listed);
    assert_int_equal(listed.brief, 0);
    /* There is no room for so many: /proc tells. */
    list_mappings(quick, children[6], memory | VMA_SHM, &listed);
    assert_int_equal(listed.brief, 0);
    assert_true(listed.count >= 2 * MANY * 3 / 4);
    list_mappings(quick, children[13], memory, &listed);
    quick->ops->end(quick);
    list_mappings(quick, children[13], memory, &plain);
    assert_true(listed.count >= 4 + 1 + 2);
    assert_string_equal(strbuf_text(&listed.text), strbuf_text(&plain.text));
    strbuf_free(&listed.text);
    strbuf_free(&plain.text);
}

/* What cannot be had is no error. */
static void proc_does_as_well(void **state)
{
    (void)state;
    AUTO_KERNEL struct kernel *quick = open_kernel((struct kernel_live_options){.glances = true});
    AUTO_STRBUF struct strbuf text = {0};
    assert_true(look(quick, usual_kinds(), &text) > CHILDREN / 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_iterator_tells_what_proc_tells),
        cmocka_unit_test(the_iterator_tells_mappings),
        cmocka_unit_test(proc_does_as_well),
    };
    return cmocka_run_group_tests(tests, start_children, end_children);
}
