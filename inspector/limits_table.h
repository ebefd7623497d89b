/* limits_table.h - limits and the parts of Shmem as tables. */
#pragma once

#include <stdbool.h>
#include <stdio.h>

struct limits;

struct limits_style {
    bool headings;
    bool exact; /* sizes in bytes */
    bool all;   /* with the source of each limit and how to raise it */
};

/* Each returns 0 or -errno. */
int limits_table_render(const struct limits *limits, const struct limits_style *style, FILE *out);
int shmem_table_render(const struct limits *limits, const struct limits_style *style, FILE *out);
