/* outcome.c - see outcome.h. */
#include "inject/sweep/outcome.h"

#include "inject/call_site.h"
#include "inject/sweep/frames.h"
#include "inject/sweep/trial_plan.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>

/* NULL when memory is out. */
static struct frame *resolve(struct arena *arena, const struct frame_seen *seen, uint32_t count)
{
    struct call_sites *sites = call_sites_new();
    struct frame *frames = sites ? arena_alloc(arena, count * sizeof(*frames)) : NULL;
    for (uint32_t index = 0; frames && index < count; index++)
        frames[index] =
            (struct frame){.module = arena_string(arena, seen[index].module), .offset = seen[index].offset};
    if (frames)
        frames_resolve(arena, sites, frames, count);
    call_sites_free(sites);
    return frames;
}

static bool keep_frames(struct sweep_result *result, const struct seen *seen, struct outcome *outcome)
{
    if (!seen->frame_count)
        return true;
    outcome->frames = resolve(&result->arena, seen->frames, seen->frame_count);
    outcome->frame_count = outcome->frames ? seen->frame_count : 0;
    return outcome->frames;
}

static bool keep_blame(struct sweep_result *result, const struct blame_seen *seen, struct outcome *outcome)
{
    if (!seen->tid)
        return true;
    struct site *blame = arena_alloc(&result->arena, sizeof(*blame));
    if (!blame)
        return false;
    *blame = (struct site){.call = seen->call, .stack_hash = seen->stack, .frame_count = seen->frame_count};
    if (seen->frame_count && !(blame->frames = resolve(&result->arena, seen->frames, seen->frame_count)))
        return false;
    outcome->blame = blame;
    outcome->blame_error = seen->error;
    return true;
}

static const char *keep_text(struct sweep_result *result, const struct output_seen *output,
                             size_t *ret_length)
{
    *ret_length = output->kept;
    return output->kept ? arena_copy(&result->arena, output->text, output->kept) : NULL;
}

static bool fill(struct sweep_result *result, const struct trial *trial, enum verdict verdict,
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
    bool good = keep_frames(result, seen, &outcome) && keep_blame(result, &seen->blame, &outcome);
    *ret_outcome = outcome;
    return good && outcome.reason;
}

int outcome_compare(const void *one, const void *other)
{
    const struct outcome *a = one;
    const struct outcome *b = other;
    return a->trial.number < b->trial.number ? -1 : a->trial.number > b->trial.number;
}

bool outcome_judge(struct sweep_result *result, const struct clean *clean, const struct trial *trial,
                   const struct seen *seen, struct outcome *ret_outcome)
{
    char reason[JUDGE_REASON_MAX] = "";
    char left[SEEN_LEFT_MAX] = "";
    int call = trial->site < 0 ? -1 : result->sites.items[trial->site].call;
    enum verdict verdict = judge_trial(clean, trial, call, seen, reason);
    judge_left(clean, seen, left);
    return fill(result, trial, verdict, reason, left, seen, ret_outcome);
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
