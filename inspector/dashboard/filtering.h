/* filtering.h - the filter of the dashboard, from the command line or typed. */
#pragma once

struct dashboard;

/* Sets it; "" drops it. -EINVAL or -ENOMEM, having said why and left it as it was. */
int filtering_set(struct dashboard *dashboard, const char *text);
