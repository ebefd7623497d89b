/* result_write.c - the writing half of result_json.h. */
#include "common/escape.h"
#include "common/json.h"
#include "inject/calls.h"
#include "inject/names.h"
#include "inject/sweep/result_json.h"

#include <errno.h>
#include <string.h>

static void write_string(struct json *json, const char *key, const char *text)
{
    if (text)
        json_bytes(json, key, text, strlen(text));
}

static void write_frames(struct json *json, const char *key, const struct frame *frames, uint32_t count)
{
    if (!count)
        return;
    json_open(json, key, '[');
    for (const struct frame *frame = frames; frame < frames + count; frame++) {
        json_open(json, NULL, '{');
        write_string(json, "module", frame->module);
        json_digits(json, "offset", "0x", frame->offset, 16, 1);
        write_string(json, "function", frame->function);
        write_string(json, "file", frame->file);
        if (frame->line)
            json_number(json, "line", (uint64_t)frame->line);
        json_close(json, '{');
    }
    json_close(json, '[');
}

/* One a line, as an array. */
static void write_lines(struct json *json, const char *key, const char *lines)
{
    if (!lines)
        return;
    json_open(json, key, '[');
    while (*lines) {
        size_t length = strcspn(lines, "\n");
        json_bytes(json, NULL, lines, length);
        lines += length + (lines[length] == '\n');
    }
    json_close(json, '[');
}

static void write_site_members(struct json *json, const struct site *site)
{
    json_text(json, "call", calls[site->call].name);
    json_digits(json, "stack_hash", "0x", site->stack_hash, 16, 16);
    write_string(json, "name", site->name);
    json_number(json, "occurrences", site->occurrences);
    write_frames(json, "stack", site->frames, site->frame_count);
}

static void write_site(struct json *json, const struct site *site)
{
    json_open(json, NULL, '{');
    write_site_members(json, site);
    json_close(json, '{');
}

static void write_blame(struct json *json, const struct outcome *outcome)
{
    if (!outcome->blame)
        return;
    json_open(json, "blame", '{');
    json_text(json, "error", names_error(outcome->blame_error));
    write_site_members(json, outcome->blame);
    json_close(json, '{');
}

static void write_outcome(struct json *json, const struct outcome *outcome)
{
    const struct trial *trial = &outcome->trial;
    json_open(json, NULL, '{');
    json_number(json, "trial", trial->number);
    if (trial->site >= 0)
        json_number(json, "site", (uint64_t)trial->site);
    json_text(json, "mode", trial_modes[trial->mode].name);
    if (trial->error)
        json_text(json, "error", names_error(trial->error));
    if (trial->occurrence)
        json_number(json, "occurrence", trial->occurrence);
    write_string(json, "setting", trial->setting);
    json_text(json, "verdict", verdicts[outcome->verdict].name);
    json_signed(json, "status", outcome->status);
    json_signed(json, "signal", outcome->signal);
    json_seconds(json, "duration", outcome->duration);
    write_string(json, "reason", outcome->reason);
    write_lines(json, "left", outcome->left);
    if (outcome->out)
        json_bytes(json, "stdout", outcome->out, outcome->out_length);
    if (outcome->err)
        json_bytes(json, "stderr", outcome->err, outcome->err_length);
    write_frames(json, "stack", outcome->frames, outcome->frame_count);
    write_blame(json, outcome);
    write_string(json, "rule", outcome->rule);
    if (outcome->flaky)
        json_bool(json, "flaky", true);
    json_close(json, '{');
}

static void write_made(struct json *json, const struct learnt *learnt)
{
    if (!learnt->made.count)
        return;
    json_open(json, "made", '[');
    array_each(&learnt->made, made)
    {
        json_open(json, NULL, '{');
        json_text(json, "call", calls[made->call].name);
        write_string(json, "name", made->name);
        if (made->key)
            json_digits(json, "key", "0x", made->key, 16, 8);
        if (made->number)
            json_number(json, "number", made->number);
        json_close(json, '{');
    }
    json_close(json, '[');
}

/* What is known before the first trial. */
static void write_head(struct json *json, const struct sweep_result *result)
{
    json_number(json, "schema", 1);
    json_open(json, "command", '[');
    for (char **word = result->command; word && *word; word++)
        write_string(json, NULL, *word);
    json_close(json, '[');
    write_string(json, "engine", result->engine);
    json_number(json, "seed", result->seed);
    json_open(json, "shard", '{');
    json_number(json, "index", result->shard);
    json_number(json, "count", result->shards);
    json_close(json, '{');
    json_number(json, "planned", result->planned);
    json_open(json, "clean", '{');
    json_signed(json, "status", result->clean.status);
    json_seconds(json, "duration", result->clean.duration);
    json_bool(json, "output_varies", result->clean.output_varies);
    write_lines(json, "left", result->clean.left);
    if (result->learnt.space)
        json_number(json, "space", result->learnt.space);
    if (result->learnt.private_tmp)
        json_bool(json, "private_tmp", true);
    write_made(json, &result->learnt);
    json_close(json, '{');
    json_open(json, "sites", '[');
    array_each(&result->sites, site) write_site(json, site);
    json_close(json, '[');
}

static bool is_word(const char *text)
{
    for (; *text; text++)
        if (!isalnum((unsigned char)*text) && !strchr("_./+-:@%,=", *text))
            return false;
    return true;
}

/* In single quotes, between which only they themselves mean something to a shell. */
static void add_quoted(struct strbuf *buffer, const char *text)
{
    strbuf_add_char(buffer, '\'');
    for (; *text; text++)
        if (*text == '\'')
            strbuf_add_string(buffer, "'\\''");
        else
            strbuf_add_char(buffer, *text);
    strbuf_add_char(buffer, '\'');
}

void result_add_replay(struct strbuf *buffer, const struct sweep_result *result, uint32_t id)
{
    const char *file = result->file ? result->file : "FILE";
    strbuf_add_string(buffer, "shmoo replay ");
    if (is_word(file) && *file != '-') {
        strbuf_add_format(buffer, "%s:%u", file, id);
        return;
    }
    AUTO_STRBUF struct strbuf operand = {0};
    strbuf_add_format(&operand, "%s%s:%u", *file == '-' ? "./" : "", file, id);
    add_quoted(buffer, strbuf_text(&operand));
    buffer->failed |= operand.failed;
}

static void write_finding_site(struct json *json, const struct site *site)
{
    if (!site)
        return;
    json_open(json, "site", '{');
    if (site->frame_count) {
        const struct frame *caller = &site->frames[0];
        write_string(json, "module", caller->module);
        write_string(json, "function", caller->function);
        write_string(json, "file", caller->file);
        if (caller->line)
            json_number(json, "line", (uint64_t)caller->line);
    }
    write_frames(json, "stack", site->frames, site->frame_count);
    json_close(json, '{');
}

static void write_finding(struct json *json, const struct sweep_result *result,
                          const struct finding_cluster *finding)
{
    const struct outcome *outcome = &result->outcomes.items[finding->first];
    const struct trial *trial = &outcome->trial;
    const struct site *site = outcome_site(result, outcome);
    AUTO_STRBUF struct strbuf replay = {0};
    result_add_replay(&replay, result, finding->id);
    json_open(json, NULL, '{');
    json_number(json, "id", finding->id);
    json_text(json, "verdict", verdicts[outcome->verdict].name);
    if (site)
        json_text(json, "call", calls[site->call].name);
    if (trial->error || outcome->blame)
        json_text(json, "error", names_error(outcome->blame ? outcome->blame_error : trial->error));
    json_text(json, "mode", trial_modes[trial->mode].name);
    write_string(json, "setting", trial->setting);
    write_string(json, "reason", outcome->reason);
    write_finding_site(json, site);
    json_open(json, "trials", '[');
    for (uint32_t index = 0; index < finding->member_count; index++)
        json_number(json, NULL, result->outcomes.items[finding->members[index]].trial.number);
    json_close(json, '[');
    write_string(json, "rule", outcome->rule);
    if (outcome->flaky)
        json_bool(json, "flaky", true);
    if (finding->accepted)
        json_bool(json, "accepted", true);
    json_bytes(json, "replay", strbuf_text(&replay), replay.length);
    json_close(json, '{');
}

int result_write(const struct sweep_result *result, FILE *out)
{
    struct json json = json_begin(out);
    json_open(&json, NULL, '{');
    write_head(&json, result);
    json_bool(&json, "complete", result->complete);
    json_number(&json, "trials", result->outcomes.count);
    json_open(&json, "results", '[');
    array_each(&result->outcomes, outcome)
    {
        json_line(&json);
        write_outcome(&json, outcome);
    }
    json_close(&json, '[');
    json_open(&json, "findings", '[');
    array_each(&result->findings, finding)
    {
        json_line(&json);
        write_finding(&json, result, finding);
    }
    json_close(&json, '[');
    json_open(&json, "notes", '[');
    array_each(&result->notes, note) write_string(&json, NULL, *note);
    json_close(&json, '[');
    json_close(&json, '{');
    return json_end(&json);
}

/* Flushed, so that a sweep that is killed tears at most the last line. */
static int end_line(struct json *json)
{
    FILE *out = json->out;
    int r = json_end(json);
    return r == 0 && fflush(out) != 0 ? -EIO : r;
}

int result_write_header(const struct sweep_result *result, FILE *out)
{
    struct json json = json_begin(out);
    json_open(&json, NULL, '{');
    write_head(&json, result);
    json_close(&json, '{');
    return end_line(&json);
}

int result_write_outcome(const struct outcome *outcome, FILE *out)
{
    struct json json = json_begin(out);
    write_outcome(&json, outcome);
    return end_line(&json);
}
