/* rule_error.c - see rule_error.h. */
#include "inject/rule_error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>

int rule_refuse(struct rule_error *error, size_t column, const char *format, ...)
{
    va_list arguments;
    error->column = column;
    va_start(arguments, format);
    vsnprintf(error->message, sizeof(error->message), format, arguments);
    va_end(arguments);
    return -EINVAL;
}
