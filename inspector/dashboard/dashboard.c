/* dashboard.c - see dashboard.h. */
#include "inspector/dashboard/dashboard.h"

#include "inspector/filter.h"
#include "inspector/kind_choice.h"
#include "probes/collect.h"

#include <stdarg.h>
#include <stdio.h>

void dashboard_update(struct dashboard *dashboard)
{
    struct table *table = dashboard_table(dashboard);
    int r = table_update(dashboard, table);
    if (r < 0)
        dashboard_complain(dashboard, "out of memory");
}

void dashboard_wish(struct dashboard *dashboard)
{
    unsigned needs = kinds_needs(dashboard->kinds) | selection_needs(&dashboard->selection) |
                     dashboard_table(dashboard)->screen->needs;
    if (dashboard->screen == SCREEN_objects)
        needs |= columns_needs(&dashboard->columns);
    for (const struct rule *const *rule = rules; *rule; rule++)
        needs |= (*rule)->needs;
    if (dashboard->detail)
        needs |= NEED_ALL;
    dashboard->wish.limits = dashboard->screen == SCREEN_limits;
    /* Looking again and again may not change a thing: rules that need more than that are left out. */
    dashboard->wish.needs = needs & NEED_ALL;
    dashboard->wish.kinds = dashboard->kinds;
    dashboard->wish.interval = dashboard->settings.interval;
    if (dashboard->collector)
        collector_wish(dashboard->collector, &dashboard->wish);
}

static void say(struct dashboard *dashboard, bool bad, const char *format, va_list arguments)
{
    vsnprintf(dashboard->message, sizeof(dashboard->message), format, arguments);
    dashboard->message_is_bad = bad;
}

void dashboard_say(struct dashboard *dashboard, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(dashboard, false, format, arguments);
    va_end(arguments);
}

void dashboard_complain(struct dashboard *dashboard, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    say(dashboard, true, format, arguments);
    va_end(arguments);
}
