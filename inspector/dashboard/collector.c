/* collector.c - see collector.h. */
#include "inspector/dashboard/collector.h"

#include "common/cleanup.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <time.h>

/* How long the end of a collection is waited for. */
enum { PATIENCE_SECONDS = 1 };

struct collector {
    struct kernel *kernel;
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t wake;
    struct wish wish;
    bool now, stop;
    int error; /* of the last collection, not taken yet */
    struct sample sample;
    int fd;
};

static struct timespec after(struct timespec start, uint64_t nanoseconds)
{
    uint64_t sum = (uint64_t)start.tv_nsec + nanoseconds % UINT64_C(1000000000);
    start.tv_sec += (time_t)(nanoseconds / UINT64_C(1000000000) + sum / UINT64_C(1000000000));
    start.tv_nsec = (long)(sum % UINT64_C(1000000000));
    return start;
}

static bool is_later(struct timespec a, struct timespec b)
{
    return a.tv_sec != b.tv_sec ? a.tv_sec > b.tv_sec : a.tv_nsec >= b.tv_nsec;
}

/* Waits until the next collection is due. False when there is to be none. The lock is held. */
static bool wait_until_due(struct collector *collector, struct timespec start)
{
    for (;;) {
        struct timespec now, due = after(start, collector->wish.interval);
        clock_gettime(CLOCK_MONOTONIC, &now);
        if (collector->stop)
            return false;
        if (collector->now || (!collector->wish.paused && is_later(now, due)))
            return true;
        if (collector->wish.paused)
            pthread_cond_wait(&collector->wake, &collector->lock);
        else
            pthread_cond_timedwait(&collector->wake, &collector->lock, &due);
    }
}

static void deliver(struct collector *collector, struct sample sample, int error)
{
    uint64_t one = 1;
    snapshot_free(collector->sample.snapshot);
    collector->sample = sample;
    collector->error = error;
    /* The counter cannot overflow: it is reset by each take. */
    ssize_t written = write(collector->fd, &one, sizeof(one));
    (void)written;
}

static void *collector_run(void *argument)
{
    struct collector *collector = argument;
    struct timespec start = {0};
    pthread_mutex_lock(&collector->lock);
    while (wait_until_due(collector, start)) {
        clock_gettime(CLOCK_MONOTONIC, &start);
        struct request request = {.kinds = collector->wish.kinds,
                                  .needs = collector->wish.needs,
                                  .all_namespaces = collector->wish.all_namespaces};
        struct sample sample = {.needs = request.needs};
        collector->now = false;
        pthread_mutex_unlock(&collector->lock);
        int r = snapshot_collect(collector->kernel, &request, &sample.snapshot);
        pthread_mutex_lock(&collector->lock);
        deliver(collector, sample, r);
    }
    pthread_mutex_unlock(&collector->lock);
    return NULL;
}

static void collector_free(struct collector *collector)
{
    snapshot_free(collector->sample.snapshot);
    kernel_close(collector->kernel);
    cleanup_close(&collector->fd);
    pthread_cond_destroy(&collector->wake);
    pthread_mutex_destroy(&collector->lock);
    free(collector);
}

int collector_start(struct kernel *kernel, const struct wish *wish, struct collector **ret_collector)
{
    struct collector *collector = calloc(1, sizeof(*collector));
    if (!collector) {
        kernel_close(kernel);
        return -ENOMEM;
    }
    pthread_condattr_t attributes;
    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(&collector->wake, &attributes);
    pthread_condattr_destroy(&attributes);
    pthread_mutex_init(&collector->lock, NULL);
    collector->kernel = kernel;
    collector->wish = *wish;
    collector->now = true;
    collector->fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);

    /* Signals are the main thread's business. */
    sigset_t all, before;
    sigfillset(&all);
    pthread_sigmask(SIG_BLOCK, &all, &before);
    int r = collector->fd < 0 ? errno : pthread_create(&collector->thread, NULL, collector_run, collector);
    pthread_sigmask(SIG_SETMASK, &before, NULL);
    if (r) {
        collector_free(collector);
        return -r;
    }
    *ret_collector = collector;
    return 0;
}

int collector_fd(const struct collector *collector)
{
    return collector->fd;
}

void collector_wish(struct collector *collector, const struct wish *wish)
{
    pthread_mutex_lock(&collector->lock);
    collector->now |= (wish->kinds & ~collector->wish.kinds) || (wish->needs & ~collector->wish.needs);
    collector->wish = *wish;
    pthread_cond_signal(&collector->wake);
    pthread_mutex_unlock(&collector->lock);
}

void collector_now(struct collector *collector)
{
    pthread_mutex_lock(&collector->lock);
    collector->now = true;
    pthread_cond_signal(&collector->wake);
    pthread_mutex_unlock(&collector->lock);
}

int collector_take(struct collector *collector, struct sample *ret_sample)
{
    uint64_t count;
    pthread_mutex_lock(&collector->lock);
    ssize_t got = read(collector->fd, &count, sizeof(count));
    int r = got < 0 ? 0 : collector->error;
    if (got > 0 && r == 0) {
        *ret_sample = collector->sample;
        collector->sample = (struct sample){0};
        r = 1;
    }
    pthread_mutex_unlock(&collector->lock);
    return r;
}

void collector_stop(struct collector *collector)
{
    struct timespec now;
    pthread_mutex_lock(&collector->lock);
    collector->stop = true;
    pthread_cond_signal(&collector->wake);
    pthread_mutex_unlock(&collector->lock);
    clock_gettime(CLOCK_REALTIME, &now);
    now.tv_sec += PATIENCE_SECONDS;
    if (pthread_timedjoin_np(collector->thread, NULL, &now) == 0)
        collector_free(collector);
    else
        pthread_detach(collector->thread);
}
