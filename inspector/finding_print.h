/* finding_print.h - findings as lines of text and as JSON. */
#pragma once

#include "inspector/json.h"

#include <stdio.h>

struct finding;

/* "deadlock (certain) sysv-sem:1 sysv-sem:2: REASON", and on a line below it what would confirm it. */
void finding_print(const struct finding *finding, FILE *out);

/* An element of the array "findings" of shmoo-json(5). */
void json_finding(struct json *json, const struct finding *finding);
