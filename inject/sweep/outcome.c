/* outcome.c - see outcome.h. */
#include "inject/sweep/outcome.h"

#include "inject/call_site.h"
#include "inject/sweep/trial_plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

static bool keep_frames(struct sweep_result *result, const struct seen *seen, struct outcome *outcome)
{
    struct arena *arena = &result->arena;
    if (!seen->frame_count)
        return true;
    struct call_sites *sites = call_sites_new();
    outcome->frames = arena_alloc(arena, seen->frame_count * sizeof(*outcome->frames));
    for (uint32_t index = 0; sites && outcome->frames && index < seen->frame_count; index++) {
        struct frame *frame = &outcome->frames[index];
        struct call_site found =
            call_sites_find(sites, seen->frames[index].module, seen->frames[index].offset);
        frame->module = arena_string(arena, seen->frames[index].module);
        frame->offset = seen->frames[index].offset;
        frame->function = arena_string(arena, found.function);
        frame->file = arena_string(arena, found.file);
        frame->line = found.line;
        outcome->frame_count = index + 1;
    }
    call_sites_free(sites);
    return outcome->frames;
}

static const char *keep_text(struct sweep_result *result, const struct output_seen *output,
                             size_t *ret_length)
{
    *ret_length = output->kept;
    return output->kept ? arena_copy(&result->arena, output->text, output->kept) : NULL;
}

bool outcome_fill(struct sweep_result *result, const struct trial *trial, enum verdict verdict,
                  const char *reason, const char *left, const struct seen *seen, struct outcome *ret_outcome)
{
    const struct run_seen *run = seen->restarted && verdict == VERDICT_poisoned ? &seen->again : &seen->run;
    char rule[RULE_TEXT_MAX];
    struct outcome outcome = {.trial = *trial, .verdict = verdict, .duration = run->duration};
    outcome.status = WIFEXITED(run->wait_status) ? WEXITSTATUS(run->wait_status) : -1;
    outcome.signal = WIFSIGNALED(run->wait_status) ? WTERMSIG(run->wait_status) : 0;
    outcome.reason = arena_string(&result->arena, reason);
    if (!verdicts[verdict].finding) {
        *ret_outcome = outcome;
        return outcome.reason;
    }
    if (left[0])
        outcome.left = arena_string(&result->arena, left);
    outcome.out = keep_text(result, &run->out, &outcome.out_length);
    outcome.err = keep_text(result, &run->err, &outcome.err_length);
    if (trial_plan_rule(result, trial, rule))
        outcome.rule = arena_string(&result->arena, rule);
    bool good = keep_frames(result, seen, &outcome);
    *ret_outcome = outcome;
    return good && outcome.reason;
}

void outcome_note(struct sweep_result *result, const char *format, ...)
{
    char text[SEEN_LINE_MAX];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof(text), format, arguments);
    va_end(arguments);
    const char **note = array_push(&result->notes);
    if (note)
        *note = arena_string(&result->arena, text);
}
