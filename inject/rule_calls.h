/* rule_calls.h - the part of a rule before the first colon: names, patterns and classes of calls. */
#pragma once

#include "common/scan.h"
#include "inject/rule.h"
#include "inject/rule_error.h"

/*
 * Reads "shm_open,sem_*,%mq,all" into rule->calls; `named` tells which were named one by one. `start` is
 * where the rule's text begins, for columns.
 */
int rule_calls_parse(struct scan calls_text, const char *start, struct rule *rule, bool named[CALL_COUNT],
                     struct rule_error *error);
