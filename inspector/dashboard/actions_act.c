/* actions_act.c - keys that do something with objects. */
#include "common/cleanup.h"
#include "inspector/dashboard/actions.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/prompt.h"
#include "inspector/renderer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <time.h>

void action_tag(struct dashboard *dashboard, int code)
{
    struct table *table = dashboard_table(dashboard);
    const struct row *row = table_selected(table);
    const struct object *object = row ? row_object(dashboard, row) : NULL;
    (void)code;
    if (!object)
        return;
    struct track *track = dashboard->model.tracks[object->index];
    track->tagged = !track->tagged;
    table_select(table, (long)table->selected + 1);
}

void action_untag(struct dashboard *dashboard, int code)
{
    (void)code;
    for (size_t i = 0; dashboard->model.snapshot && i < dashboard->model.snapshot->object_count; i++)
        dashboard->model.tracks[i]->tagged = false;
}

/* As `shmoo list --json` writes it, with every member; never over a file that is there. */
static int save(const struct dashboard *dashboard, const char *path)
{
    const struct snapshot *snapshot = dashboard->model.snapshot;
    struct selection all = {0};
    struct column_choice every = {0};
    object_list objects = {0};
    int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    AUTO_FCLOSE FILE *out = fd < 0 ? NULL : fdopen(fd, "w");
    if (!out)
        return -errno;
    int r = selection_apply(&all, snapshot, &objects);
    struct listing listing = {
        .snapshot = snapshot, .objects = objects.items, .count = objects.count, .columns = &every};
    if (r == 0)
        r = render_json.render(&listing, out);
    array_free(&objects);
    return r == 0 && fflush(out) != 0 ? -errno : r;
}

static void save_done(struct dashboard *dashboard, const char *path)
{
    int r = *path && dashboard->model.snapshot ? save(dashboard, path) : -EINVAL;
    if (r < 0)
        dashboard_complain(dashboard, "not written: %s", strerror(-r));
    else
        dashboard_say(dashboard, "written");
}

void action_save(struct dashboard *dashboard, int code)
{
    char name[64] = "shmoo.json";
    time_t now = time(NULL);
    struct tm local;
    (void)code;
    if (localtime_r(&now, &local))
        strftime(name, sizeof(name), "shmoo-%Y%m%d-%H%M%S.json", &local);
    prompt_open(dashboard, "Write JSON to", name, save_done, NULL);
}
