/* rule_error.h - what is wrong with the text of a rule, and where. */
#pragma once

#include <stddef.h>

enum { RULE_MESSAGE_MAX = 512 };

struct rule_error {
    size_t column; /* from 1; 0 when the rule as a whole is meant */
    char message[RULE_MESSAGE_MAX];
};

/* Fills in an error and returns -EINVAL. */
int rule_refuse(struct rule_error *error, size_t column, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
