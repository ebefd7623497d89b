/* filtering.c - see filtering.h. */
#include "inspector/dashboard/filtering.h"

#include "common/escape.h"
#include "common/strbuf.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/filter.h"

#include <stdio.h>
#include <string.h>

int filtering_set(struct dashboard *dashboard, const char *text)
{
    AUTO_STRBUF struct strbuf message = {0};
    struct filter_error error;
    struct filter *filter = NULL;
    int r = *text ? filter_parse(text, &filter, &error) : 0;
    snprintf(dashboard->filter_text, sizeof(dashboard->filter_text), "%s", text);
    if (r < 0) {
        escape_bytes(&message, error.message, strlen(error.message), NULL);
        dashboard_complain(dashboard, "character %zu: %s", error.column, strbuf_text(&message));
        return r;
    }
    filter_free(dashboard->filter);
    dashboard->filter = filter;
    dashboard->selection.filter = filter;
    dashboard_wish(dashboard);
    dashboard_update(dashboard);
    return 0;
}
