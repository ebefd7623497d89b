/* detail_text.h - how lines of detail.h are put together. Private to detail*.c. */
#pragma once

#include "inspector/detail.h"
#include "probes/snapshot.h"

#include <sys/types.h>

struct strbuf;

/* Adds a line; `label` must last as long as the detail, `text` is emptied. */
void detail_line(struct detail *detail, const char *label, struct strbuf *text);

/* Adds a heading. */
void detail_heading(struct detail *detail, const char *text);

/* A value with all there is to say of it: "64K (65536 bytes)", "root (0)", "rw------- (0600)". */
void detail_add_value(struct strbuf *text, const struct snapshot *snapshot, struct value value);

/* "1234 alive: postgres" */
void detail_add_pid(struct strbuf *text, const struct snapshot *snapshot, pid_t pid, enum verdict verdict);

/* "1234 python3 server.py (root)" */
void detail_add_process_name(struct strbuf *text, const struct process *process);

/* "mapped 64K rw-, 2 mappings" */
void detail_add_edge(struct strbuf *text, const struct edge *edge);

/* The raw words of a command line, made safe; the command's name in brackets where there is none. */
void detail_add_command(struct strbuf *text, const struct process *process);
