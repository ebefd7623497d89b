/* words.c - see words.h. */
#include "inject/sweep/words.h"

#include "common/escape.h"
#include "common/strbuf.h"
#include "inject/calls.h"
#include "inject/names.h"

#include <string.h>

void words_add(struct strbuf *text, const char *outside)
{
    if (outside)
        escape_bytes(text, outside, strlen(outside), NULL);
}

static const char *call_of(const struct sweep_result *result, const struct outcome *outcome)
{
    const struct site *site = outcome_site(result, outcome);
    return site ? calls[site->call].name : "";
}

static void add_setting(struct strbuf *text, const struct outcome *outcome)
{
    strbuf_add_string(text, "with ");
    words_add(text, outcome->trial.setting);
}

static void add_shortage(struct strbuf *text, const struct outcome *outcome, const char *call)
{
    if (outcome->blame)
        strbuf_add_format(text, "%s fails with %s ", call, names_error(outcome->blame_error));
    add_setting(text, outcome);
}

void words_fault(struct strbuf *text, const struct sweep_result *result, const struct outcome *outcome)
{
    const struct trial *trial = &outcome->trial;
    const char *call = call_of(result, outcome), *error = names_error(trial->error);
    switch ((enum trial_mode)trial->mode) {
    case MODE_once: strbuf_add_format(text, "%s fails with %s", call, error); return;
    case MODE_on: strbuf_add_format(text, "%s fails with %s from then on", call, error); return;
    case MODE_crash_before: strbuf_add_format(text, "killed before %s", call); return;
    case MODE_crash_after: strbuf_add_format(text, "killed after %s", call); return;
    case MODE_delay: strbuf_add_format(text, "%s is delayed", call); return;
    case MODE_environment: add_shortage(text, outcome, call); return;
    case MODE_COUNT: return;
    }
}

static const char *base_name(const char *path)
{
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash ? slash + 1 : path;
}

static void add_frame(struct strbuf *text, const struct frame *frame, const char *file)
{
    if (!frame->function) {
        words_add(text, base_name(frame->module));
        if (frame->module)
            strbuf_add_format(text, "+0x%llx", (unsigned long long)frame->offset);
        return;
    }
    words_add(text, frame->function);
    if (!file)
        return;
    strbuf_add_string(text, " (");
    words_add(text, file);
    if (frame->line)
        strbuf_add_format(text, ":%d", frame->line);
    strbuf_add_char(text, ')');
}

void words_frame(struct strbuf *text, const struct frame *frame)
{
    add_frame(text, frame, frame->file);
}

void words_short_frame(struct strbuf *text, const struct frame *frame)
{
    add_frame(text, frame, base_name(frame->file));
}

static bool same_text(const char *one, const char *other)
{
    return one == other || (one && other && strcmp(one, other) == 0);
}

/* As far as is shown. */
static bool same_frame(const struct frame *one, const struct frame *other)
{
    if (!one->function || !other->function)
        return one->function == other->function && one->offset == other->offset &&
               same_text(one->module, other->module);
    return strcmp(one->function, other->function) == 0 && one->line == other->line &&
           same_text(one->file, other->file);
}

/* The first frame in which the stacks differ; 0 when that is the caller itself, which is shown anyway. */
static uint32_t first_difference(const struct site *one, const struct site *other)
{
    uint32_t depth = 0;
    if (one->call != other->call)
        return 0;
    while (depth < one->frame_count && depth < other->frame_count &&
           same_frame(&one->frames[depth], &other->frames[depth]))
        depth++;
    return depth;
}

static void add_caller(struct strbuf *text, const struct site *site, uint32_t depth)
{
    const struct frame *frame = &site->frames[depth];
    strbuf_add_string(text, " < ");
    if (frame->function)
        words_add(text, frame->function);
    else if (same_text(frame->module, site->frames[0].module))
        strbuf_add_format(text, "+0x%llx", (unsigned long long)frame->offset);
    else
        words_short_frame(text, frame);
}

void words_site(struct strbuf *text, const struct sweep_result *result, const struct site *site)
{
    uint32_t depth = UINT32_MAX;
    strbuf_add_string(text, calls[site->call].name);
    if (!site->frame_count)
        return;
    strbuf_add_string(text, " in ");
    words_short_frame(text, &site->frames[0]);
    array_each(&result->sites, other)
    {
        uint32_t differs = other == site ? 0 : first_difference(site, other);
        if (differs && differs < depth)
            depth = differs;
    }
    if (depth < site->frame_count)
        add_caller(text, site, depth);
}

const struct frame *words_caller(const struct sweep_result *result, const struct outcome *outcome)
{
    const struct site *site = outcome_site(result, outcome);
    return site && site->frame_count ? &site->frames[0] : NULL;
}

void words_place(struct strbuf *text, const struct sweep_result *result, const struct outcome *outcome)
{
    const struct frame *caller = words_caller(result, outcome);
    strbuf_add_string(text, call_of(result, outcome));
    if (caller) {
        strbuf_add_string(text, " in ");
        words_frame(text, caller);
    }
    if (outcome->trial.site >= 0)
        return;
    if (outcome->blame)
        strbuf_add_char(text, ' ');
    add_setting(text, outcome);
}

void words_lines(struct strbuf *text, const char *bytes, size_t length, const char *indent)
{
    while (length) {
        const char *newline = memchr(bytes, '\n', length);
        size_t line = newline ? (size_t)(newline - bytes) : length;
        strbuf_add_string(text, indent);
        escape_bytes(text, bytes, line, NULL);
        strbuf_add_char(text, '\n');
        line += newline != NULL;
        bytes += line;
        length -= line;
    }
}

void words_command(struct strbuf *text, const struct sweep_result *result)
{
    for (char **word = result->command; word && *word; word++) {
        if (word != result->command)
            strbuf_add_char(text, ' ');
        words_add(text, *word);
    }
}
