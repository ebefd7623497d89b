/*
 * words.h - how reports name things of a result, the same in each. What they append is escaped once already
 * (common/escape.h), so it is harmless on a terminal, in XML and in JSON but for the marks of those formats.
 */
#pragma once

#include "inject/sweep/result.h"

struct strbuf;

/* Text from outside, escaped; nothing for NULL. */
void words_add(struct strbuf *text, const char *outside);

/* "mmap fails with ENOMEM", "killed before mmap", "shm_open fails with ENOSPC with shm_full", "with shm_64k".
 */
void words_fault(struct strbuf *text, const struct sweep_result *result, const struct outcome *outcome);

/* "open_ring (src/ring.c:42)", "libx.so+0x20"; nothing when nothing is known. */
void words_frame(struct strbuf *text, const struct frame *frame);

/* The same with the last part of the file's name only: "open_ring (ring.c:42)". */
void words_short_frame(struct strbuf *text, const struct frame *frame);

/*
 * "mmap in open_ring (ring.c:42)" for a site. Where others are called the same, the first caller that differs
 * follows: "mmap in take (pool.c:9) < main", "mmap in demo+0x40 < +0x6c".
 */
void words_site(struct strbuf *text, const struct sweep_result *result, const struct site *site);

/*
 * "mmap in open_ring (src/ring.c:42)", "shm_open in main (src/main.c:7) with shm_full", "with shm_64k": what
 * fails, and where.
 */
void words_place(struct strbuf *text, const struct sweep_result *result, const struct outcome *outcome);

/* The lines of what a command wrote, each after the indent and with a newline. */
void words_lines(struct strbuf *text, const char *bytes, size_t length, const char *indent);

/* The command, its words separated by spaces. */
void words_command(struct strbuf *text, const struct sweep_result *result);

/* The outcome that stands for a finding. */
static inline const struct outcome *finding_outcome(const struct sweep_result *result,
                                                    const struct finding_cluster *finding)
{
    return &result->outcomes.items[finding->first];
}

/* Where the call of a finding is made, or NULL when that is not known. */
const struct frame *words_caller(const struct sweep_result *result, const struct outcome *outcome);
