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

static const char *call_of(const struct sweep_result *result, const struct trial *trial)
{
    return trial->site < 0 ? "" : calls[result->sites.items[trial->site].call].name;
}

void words_fault(struct strbuf *text, const struct sweep_result *result, const struct trial *trial)
{
    const char *call = call_of(result, trial), *error = names_error(trial->error);
    switch ((enum trial_mode)trial->mode) {
    case MODE_once: strbuf_add_format(text, "%s fails with %s", call, error); return;
    case MODE_on: strbuf_add_format(text, "%s fails with %s from then on", call, error); return;
    case MODE_crash_before: strbuf_add_format(text, "killed before %s", call); return;
    case MODE_crash_after: strbuf_add_format(text, "killed after %s", call); return;
    case MODE_delay: strbuf_add_format(text, "%s is delayed", call); return;
    case MODE_environment: words_place(text, result, trial); return;
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

const struct frame *words_caller(const struct sweep_result *result, const struct trial *trial)
{
    const struct site *site = trial->site < 0 ? NULL : &result->sites.items[trial->site];
    return site && site->frame_count ? &site->frames[0] : NULL;
}

void words_place(struct strbuf *text, const struct sweep_result *result, const struct trial *trial)
{
    if (trial->site < 0) {
        strbuf_add_string(text, "with ");
        words_add(text, trial->setting);
        return;
    }
    const struct frame *caller = words_caller(result, trial);
    strbuf_add_string(text, call_of(result, trial));
    if (!caller)
        return;
    strbuf_add_string(text, " in ");
    words_frame(text, caller);
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
