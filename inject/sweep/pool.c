/* pool.c - see pool.h. */
#include "inject/sweep/pool.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "inject/rule_parse.h"
#include "inject/sweep/blame.h"
#include "inject/sweep/environment.h"
#include "inject/sweep/trial_plan.h"

#include <errno.h>
#include <poll.h>
#include <semaphore.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { JOBS_MAX = 64, POLL_MS = 200, BLAME_SLOTS = 64 };

/* What workers and the sweep share. */
struct shared {
    _Atomic size_t next; /* trial to begin */
    sem_t turns;
    _Atomic bool stop;
};

struct message {
    size_t index; /* of the trial */
    struct seen seen;
};

/* What a worker shares with the first process of a trial's world, which may be a copy of it. */
struct desk {
    struct message message;
    struct turn turn;
};

struct crew {
    const struct pool *pool;
    struct shared *shared;
    pid_t pids[JOBS_MAX];
    int sockets[JOBS_MAX]; /* -1 when the worker has ended */
    unsigned count;
    size_t done;
};

/* NULL when there is no memory; until it is unmapped. */
static void *share(size_t size)
{
    void *memory = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    return memory == MAP_FAILED ? NULL : memory;
}

/* --- a worker --- */

static int set_rule(const struct pool *pool, struct trial_plan_memory *memory, const struct trial *trial)
{
    char text[RULE_TEXT_MAX];
    struct rule rule;
    struct rule_error error;
    bool blames = trial->mode == MODE_environment;
    trial_plan_memory_clear(memory, blames ? BLAME_SLOTS : 0, pool->seed);
    memory->plan->engine = pool->target->engine;
    if (blames)
        blame_watch(memory->plan);
    if (!trial_plan_rule(pool->result, trial, text))
        return 0;
    int r = rule_parse(text, &rule, &error);
    return r < 0 ? r : plan_add(memory->plan, &rule);
}

static void run_trial(const struct pool *pool, struct trial_runner *runner, struct trial_plan_memory *memory,
                      struct turn *turn, const struct trial *trial, struct seen *seen)
{
    struct trial_setting setting = {
        .restart = trial->mode == MODE_crash_before || trial->mode == MODE_crash_after,
        .diagnose = pool->diagnose,
        .environment = trial->setting ? environment_find(trial->setting) : NULL,
        .plan = memory->plan,
        .turn = turn,
    };
    struct blame blame = {.record = pool->record, .plan = memory->plan, .seen = &seen->blame};
    const struct trial_sink sink = {.take = blame_take, .context = &blame};
    memset(seen, 0, sizeof(*seen));
    seen->error = set_rule(pool, memory, trial);
    if (seen->error >= 0)
        trial_run(runner, &setting, sink, seen);
}

static int work(const struct pool *pool, struct shared *shared, int socket)
{
    struct trial_plan_memory memory;
    struct trial_runner *runner;
    int r = trial_plan_memory_new(BLAME_SLOTS, &memory);
    if (r == 0)
        r = trial_runner_new(pool->target, &runner);
    struct desk *desk = r == 0 ? share(sizeof(*desk)) : NULL;
    if (!desk)
        return r < 0 ? r : -ENOMEM;
    struct message *message = &desk->message;
    desk->turn = (struct turn){.free = &shared->turns, .socket = socket};
    for (;;) {
        turn_take(&desk->turn);
        if (shared->stop || (message->index = atomic_fetch_add(&shared->next, 1)) >= pool->count)
            break;
        run_trial(pool, runner, &memory, &desk->turn, &pool->trials[message->index], &message->seen);
        turn_end(&desk->turn);
        if (send(socket, message, sizeof(*message), MSG_NOSIGNAL) < 0)
            break;
    }
    turn_end(&desk->turn);
    return 0;
}

/* A session of its own: signals from the terminal are for the sweep. */
static _Noreturn void become_worker(const struct crew *crew, int socket)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setsid();
    _exit(work(crew->pool, crew->shared, socket) < 0 ? 1 : 0);
}

/* --- the sweep --- */

static int hire(struct crew *crew)
{
    int pair[2];
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
        return -errno;
    pid_t pid = fork();
    if (pid == 0)
        become_worker(crew, pair[1]);
    close(pair[1]);
    if (pid < 0) {
        int r = -errno;
        close(pair[0]);
        return r;
    }
    crew->pids[crew->count] = pid;
    crew->sockets[crew->count++] = pair[0];
    return 0;
}

static unsigned at_most(unsigned workers)
{
    return workers < JOBS_MAX ? workers : JOBS_MAX;
}

/* A turn that was given away is for one more of them, if trials are left. */
static void hire_for_sleeper(struct crew *crew)
{
    if (crew->count < at_most(crew->pool->sleepers) && crew->shared->next < crew->pool->count)
        hire(crew);
}

/* One that was killed has not given its turn back. */
static void bury(struct crew *crew, unsigned worker)
{
    int status = 0;
    close(crew->sockets[worker]);
    crew->sockets[worker] = -1;
    if (waitpid(crew->pids[worker], &status, 0) > 0 && WIFSIGNALED(status))
        sem_post(&crew->shared->turns);
    crew->pids[worker] = 0;
}

static void take(struct crew *crew, unsigned worker, struct message *message)
{
    const struct pool *pool = crew->pool;
    ssize_t length = recv(crew->sockets[worker], message, sizeof(*message), 0);
    if (length == sizeof(*message) && message->index < pool->count) {
        pool->take(pool->context, &pool->trials[message->index], &message->seen);
        crew->done++;
        return;
    }
    if (length == 1) {
        hire_for_sleeper(crew);
        return;
    }
    bury(crew, worker);
}

/* True when there was one. It is taken, or it would end us once it is not blocked any more. */
static bool take_signal(const struct crew *crew, int signals)
{
    struct signalfd_siginfo info;
    if (read(signals, &info, sizeof(info)) != sizeof(info))
        return false;
    *crew->pool->signal = (int)info.ssi_signo;
    return true;
}

/* Until every worker has ended. The deadline lets them finish what they have begun, a signal does not. */
static int supervise(struct crew *crew, int signals)
{
    AUTO_FREE struct message *message = malloc(sizeof(*message));
    if (!message)
        return -ENOMEM;
    for (unsigned working = crew->count; working;) {
        struct pollfd fds[JOBS_MAX + 1];
        for (unsigned index = 0; index < crew->count; index++)
            fds[index] = (struct pollfd){crew->sockets[index], POLLIN, 0};
        fds[crew->count] = (struct pollfd){signals, POLLIN, 0};
        poll(fds, crew->count + 1, POLL_MS);
        if (fds[crew->count].revents && take_signal(crew, signals))
            return -EINTR;
        if (crew->pool->deadline && clock_nanoseconds(CLOCK_MONOTONIC) > crew->pool->deadline)
            crew->shared->stop = true;
        for (unsigned index = 0, polled = crew->count; index < polled; index++)
            if (fds[index].revents)
                take(crew, index, message);
        working = 0;
        for (unsigned index = 0; index < crew->count; index++)
            working += crew->sockets[index] >= 0;
    }
    return crew->done == crew->pool->count ? 0 : crew->shared->stop ? -ETIME : -ECHILD;
}

static void dismiss(struct crew *crew)
{
    for (unsigned index = 0; index < crew->count; index++) {
        if (!crew->pids[index])
            continue;
        kill(crew->pids[index], SIGKILL);
        waitpid(crew->pids[index], NULL, 0);
        cleanup_close(&crew->sockets[index]);
    }
}

/* What ends a sweep early, but for what nohup(1) and such have it ignore. */
static void list_ending_signals(sigset_t *ret_signals)
{
    static const int ending[] = {SIGINT, SIGTERM, SIGHUP};
    sigemptyset(ret_signals);
    for (size_t index = 0; index < COUNT_OF(ending); index++) {
        struct sigaction action;
        if (sigaction(ending[index], NULL, &action) == 0 && action.sa_handler != SIG_IGN)
            sigaddset(ret_signals, ending[index]);
    }
}

int pool_run(const struct pool *pool)
{
    struct crew crew = {.pool = pool};
    sigset_t taken;
    sigset_t before;
    list_ending_signals(&taken);
    crew.shared = share(sizeof(*crew.shared));
    if (!crew.shared)
        return -ENOMEM;
    sigprocmask(SIG_BLOCK, &taken, &before);
    AUTO_CLOSE int signals = signalfd(-1, &taken, SFD_CLOEXEC | SFD_NONBLOCK);
    unsigned jobs = at_most(pool->jobs);
    int r = signals < 0 || sem_init(&crew.shared->turns, true, jobs) < 0 ? -errno : 0;
    for (unsigned index = 0; r == 0 && index < jobs && index < pool->count; index++)
        r = hire(&crew);
    if (r == 0)
        r = supervise(&crew, signals);
    dismiss(&crew);
    sigprocmask(SIG_SETMASK, &before, NULL);
    munmap(crew.shared, sizeof(*crew.shared));
    return r;
}
