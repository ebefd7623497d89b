/* batch.c - see batch.h. A frame is a line of totals, a line for each finding, and the table of `shmoo list`.
 */
#include "inspector/dashboard/batch.h"

#include "common/units.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/renderer.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/limits.h"

#include <errno.h>
#include <stdio.h>
#include <time.h>

static void print_summary(const struct model *model)
{
    char time[UNITS_TEXT_MAX];
    size_t count = 0;
    for (size_t i = 0; i < model->snapshot->object_count; i++)
        count += !model->snapshot->objects[i]->hidden;
    printf("shmoo %s: %zu objects, %zu processes, %zu findings\n",
           units_format_time(model->snapshot->time, time), count, model->snapshot->process_count,
           model->view.findings.all.count);
    array_each(&model->view.findings.all, finding)
    {
        printf("%s (%s)%s%s: %s\n", finding->rule->singular, confidence_name(finding->confidence),
               finding->object_count ? " " : "", finding->object_count ? finding->objects[0]->label : "",
               finding->reason);
    }
}

static int print_objects(const struct dashboard *dashboard)
{
    object_list objects = {0};
    int r = selection_apply(&dashboard->selection, dashboard->model.snapshot, &objects);
    struct listing listing = {.snapshot = dashboard->model.snapshot,
                              .objects = objects.items,
                              .count = objects.count,
                              .columns = &dashboard->columns,
                              .rates = dashboard->model.rates,
                              .headings = true};
    if (r == 0)
        r = render_table.render(&listing, stdout);
    array_free(&objects);
    return r;
}

static int print_frame(struct dashboard *dashboard, struct kernel *kernel)
{
    struct request request = {.kinds = dashboard->wish.kinds,
                              .needs = dashboard->wish.needs,
                              .all_namespaces = dashboard->wish.all_namespaces};
    struct sample sample = {.kinds = request.kinds, .needs = request.needs};
    int r = snapshot_collect(kernel, &request, &sample.snapshot);
    if (r == 0)
        r = limits_read(kernel, sample.snapshot, &sample.limits);
    if (r == 0)
        r = model_update(&dashboard->model, &sample);
    sample_free(&sample);
    if (r < 0)
        return r;
    print_summary(&dashboard->model);
    return print_objects(dashboard);
}

static void wait_for(uint64_t nanoseconds)
{
    struct timespec rest = {.tv_sec = (time_t)(nanoseconds / UINT64_C(1000000000)),
                            .tv_nsec = (long)(nanoseconds % UINT64_C(1000000000))};
    while (nanosleep(&rest, &rest) < 0 && errno == EINTR)
        continue;
}

int batch_run(struct dashboard *dashboard, struct kernel *kernel, uint64_t frames)
{
    int r = 0;
    /* That output is lost, cli_finish() says. */
    for (uint64_t frame = 0; (!frames || frame < frames) && r == 0 && !ferror(stdout); frame++) {
        if (frame) {
            wait_for(dashboard->settings.interval);
            putchar('\n');
        }
        r = print_frame(dashboard, kernel);
        fflush(stdout);
    }
    return r;
}
