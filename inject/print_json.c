/* print_json.c - see print_json.h. */
#include "inject/print_json.h"

#include <errno.h>
#include <stdio.h>

int print_json(json_t *json)
{
    int r = json_dumpf(json, stdout, JSON_INDENT(1));
    json_decref(json);
    putchar('\n');
    return r == 0 ? 0 : ferror(stdout) ? -EIO : -ENOMEM;
}
