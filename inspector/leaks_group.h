/* leaks_group.h - orphans by owner and by the program they probably are of. */
#pragma once

#include "inspector/leaks_report.h"

/*
 * The program an object is probably of: the process that still has a pid it remembers, or else what names
 * like its are known for. NULL when nothing tells; lives as long as the snapshot.
 */
const char *leaks_group_program(const struct snapshot *snapshot, const struct object *object);

/* Puts the objects in the order of their groups. */
void leaks_group_sort(struct leaks_report *report);

/* Each group under a headline, its objects in an order that leaks_group_sort() has made. 0 or -errno. */
int leaks_group_text(const struct leaks_report *report, FILE *out);

/* Array "groups": owner, program, and how many objects and bytes. */
void leaks_group_json(const struct leaks_report *report, struct json *json);
