/* collector.c - see collector.h. */
#include "inspector/dashboard/collector.h"

#include "common/cleanup.h"
#include "common/clock.h"
#include "common/thread.h"
#include "inspector/contents.h"
#include "inspector/dashboard/stillness.h"
#include "inspector/sandbox.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/limits.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

/* How long the end of a collection is waited for. */
enum { PATIENCE_SECONDS = 1 };

/* How often limits are read for the header. */
static const uint64_t limits_step = UINT64_C(10000000000);

struct collector {
    struct kernel *kernel;
    pthread_t thread;
    pthread_mutex_t lock; /* guards all below */
    pthread_cond_t wake;
    struct wish wish;
    bool now, stop;
    bool ready; /* there is something to take: */
    int error;  /* of the last collection, or */
    struct sample sample;
    uint64_t limits_read; /* when, by the time of the snapshot */
    pthread_t taker;
};

void sample_free(struct sample *sample)
{
    snapshot_free(sample->snapshot);
    limits_free(sample->limits);
    free(sample->contents);
    *sample = (struct sample){0};
}

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

/* Told by a signal, since the sandbox lets nothing be written. */
static void deliver(struct collector *collector, struct sample sample, int error)
{
    sample_free(&collector->sample);
    collector->sample = sample;
    collector->error = error;
    collector->ready = true;
    pthread_kill(collector->taker, COLLECTOR_SIGNAL);
}

/* The object may be gone by now. */
static char *dump(struct collector *collector, const struct snapshot *snapshot, const struct wish *wish)
{
    enum { DUMPED = 4096 };
    struct peek_range range = {.offset = wish->offset, .length = DUMPED};
    const struct object *object = snapshot_find_identity(snapshot, &wish->subject);
    if (!object)
        return strdup("it is gone, or was set anew (as by IPC_SET): close this and look again");
    char *text = NULL;
    size_t length;
    FILE *out = open_memstream(&text, &length);
    if (!out)
        return NULL;
    contents_print(collector->kernel, snapshot, object, &range, out);
    fclose(out);
    return text;
}

static int collect(struct collector *collector, const struct wish *wish, struct sample *ret_sample)
{
    struct request request = {
        .kinds = wish->kinds, .needs = wish->needs, .all_namespaces = wish->all_namespaces};
    struct sample sample = {0};
    if (wish->limits)
        limits_request(&request);
    int r = snapshot_collect(collector->kernel, &request, &sample.snapshot);
    if (r < 0)
        return r;
    sample.kinds = request.kinds;
    sample.needs = request.needs;
    if (wish->limits || sample.snapshot->time >= collector->limits_read + limits_step) {
        r = limits_read(collector->kernel, sample.snapshot, &sample.limits);
        collector->limits_read = sample.snapshot->time;
    }
    sample.subject = wish->subject;
    if (r == 0 && wish->contents)
        sample.contents = dump(collector, sample.snapshot, wish);
    if (r < 0)
        sample_free(&sample);
    else
        *ret_sample = sample;
    return r;
}

static void *collector_run(void *argument)
{
    struct collector *collector = argument;
    struct timespec start = {0};
    struct stillness stillness = {0};
    unsigned flags = collector->wish.all_namespaces ? SANDBOX_NAMESPACES : 0;
    /* Where this kernel has no seccomp, the thread that started us says so. */
    int r = sandbox_enter(flags | SANDBOX_ONE_THREAD);
    pthread_mutex_lock(&collector->lock);
    while (wait_until_due(collector, start)) {
        struct wish wish = collector->wish;
        struct sample sample = {0};
        clock_gettime(CLOCK_MONOTONIC, &start);
        bool now = collector->now;
        collector->now = false;
        pthread_mutex_unlock(&collector->lock);
        bool still =
            !now && stillness_holds(&stillness, collector->kernel, &wish, clock_nanoseconds(CLOCK_MONOTONIC));
        if (!still) {
            stillness.walked = clock_nanoseconds(CLOCK_MONOTONIC);
            r = collect(collector, &wish, &sample);
            stillness.walk_takes = clock_nanoseconds(CLOCK_MONOTONIC) - stillness.walked;
        }
        pthread_mutex_lock(&collector->lock);
        if (!still)
            deliver(collector, sample, r);
    }
    pthread_mutex_unlock(&collector->lock);
    return NULL;
}

static void collector_free(struct collector *collector)
{
    sample_free(&collector->sample);
    kernel_close(collector->kernel);
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
    collector->taker = pthread_self();

    int r = thread_start(&collector->thread, NULL, collector_run, collector);
    if (r < 0) {
        collector_free(collector);
        return r;
    }
    *ret_collector = collector;
    return 0;
}

void collector_wish(struct collector *collector, const struct wish *wish)
{
    pthread_mutex_lock(&collector->lock);
    collector->now |= wish->contents || (wish->limits && !collector->wish.limits) ||
                      (wish->kinds & ~collector->wish.kinds) || (wish->needs & ~collector->wish.needs);
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
    pthread_mutex_lock(&collector->lock);
    int r = collector->ready ? collector->error : 0;
    if (collector->ready && r == 0) {
        *ret_sample = collector->sample;
        collector->sample = (struct sample){0};
        r = 1;
    }
    collector->ready = false;
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
