/* rule_list.h - rules from the command line and from files. */
#pragma once

#include "common/array.h"
#include "inject/rule_parse.h"

struct rule_list {
    ARRAY(struct rule) rules;
};

/* Adds the rule, or says on stderr what is wrong with it and returns STATUS_FAILED. `where` may be NULL. */
int rule_list_add(struct rule_list *list, const char *text, const char *where);

/* Adds the rules of a file: one a line, # starts a comment. "-" is stdin. Same return. */
int rule_list_read(struct rule_list *list, const char *path);

void rule_list_free(struct rule_list *list);
