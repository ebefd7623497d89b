/* header_parts.h - the parts of the header that have a file of their own. */
#pragma once

#include <stdbool.h>

struct dashboard;

/* What was found, by rule, and what Shmem comes to. */
void header_draw_findings(const struct dashboard *dashboard, int y);

/* What could not be read; false when everything could, then nothing is drawn. */
bool header_draw_coverage(const struct dashboard *dashboard, int y);

/* The tabs, and what else narrows the view: filter, user, process. */
void header_draw_tabs(const struct dashboard *dashboard, int y);
