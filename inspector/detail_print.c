/* detail_print.c - see detail_print.h. */
#include "inspector/detail_print.h"

#include "inspector/detail.h"

#include <string.h>

/* Labels are words of ours in ASCII. */
static int label_width(const struct detail *detail)
{
    size_t width = 0;
    array_each(&detail->lines, line)
    {
        size_t length = line->label ? strlen(line->label) : 0;
        width = length > width ? length : width;
    }
    return (int)width;
}

void detail_print(const struct detail *detail, FILE *out)
{
    int width = label_width(detail);
    array_each(&detail->lines, line)
    {
        if (line->label)
            fprintf(out, "  %-*s  %s\n", width, line->label, line->text);
        else
            fprintf(out, "%s%s\n", line == detail->lines.items ? "" : "\n", line->text);
    }
}
