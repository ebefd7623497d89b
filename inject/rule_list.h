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

/* Adds the calls of a list, as "shm_open,%mq,sem_*", to the bits. Same return. */
int rule_list_calls(const char *text, uint64_t calls_set[RULE_CALL_WORDS]);

void rule_list_free(struct rule_list *list);
