/* detail_print.h - prints the lines of detail.h: headings, and under each its labels in a column. */
#pragma once

#include <stdio.h>

struct detail;

void detail_print(const struct detail *detail, FILE *out);
