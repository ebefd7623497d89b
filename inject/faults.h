/*
 * faults.h - the rules of all running injections of this user, for those who show and switch them.
 */
#pragma once

#include "common/array.h"

#include <stdbool.h>
#include <stdint.h>

struct fault_rule {
    char *session;
    char *text;
    uint32_t number; /* in its session */
    bool on;
    uint64_t matched, fired;
};

struct fault_list {
    ARRAY(struct fault_rule) rules;
};

/* Reads them all; what was in the list is freed. Returns 0, or -errno with the list empty. */
int faults_read(struct fault_list *list);

/* Switches a rule on or off. Returns 0, or -ENOENT when the session or the rule is gone. */
int faults_switch(const char *session, uint32_t number, bool on);

void faults_free(struct fault_list *list);
