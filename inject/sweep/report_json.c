/* report_json.c - the result as it is kept in files, see result_json.h. */
#include "inject/sweep/report.h"
#include "inject/sweep/result_json.h"

static int write(const struct sweep_result *result, const struct report_view *view, FILE *out)
{
    (void)view;
    return result_write(result, out);
}

const struct report report_json = {.name = "json", .write = write};
