/* baseline.c - see baseline.h. */
#include "inject/sweep/baseline.h"

#include "common/auto_json.h"
#include "common/fnv.h"
#include "common/hash.h"
#include "common/json.h"
#include "common/strbuf.h"
#include "inject/calls.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { CAUSES_MAX = 1 << 20 };

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static struct cause cause_of(const struct sweep_result *result, const struct outcome *outcome)
{
    struct cause cause = {outcome->verdict, outcome->trial.mode, "", "", "", ""};
    if (outcome->trial.setting)
        cause.setting = outcome->trial.setting;
    const struct site *site = outcome_site(result, outcome);
    if (!site)
        return cause;
    cause.call = calls[site->call].name;
    if (site->frame_count && site->frames[0].function)
        cause.function = site->frames[0].function;
    if (site->frame_count && site->frames[0].module)
        cause.module = base_name(site->frames[0].module);
    return cause;
}

static int compare(const void *one, const void *other)
{
    const struct cause *a = one;
    const struct cause *b = other;
    int order = strcmp(a->module, b->module);
    if (order == 0)
        order = strcmp(a->function, b->function);
    if (order == 0)
        order = strcmp(a->call, b->call);
    if (order == 0)
        order = strcmp(a->setting, b->setting);
    if (order == 0)
        order = a->verdict - b->verdict;
    return order ? order : a->mode - b->mode;
}

static void sort(struct baseline *baseline)
{
    size_t kept = 0;
    struct cause *causes = baseline->causes.items;
    if (baseline->causes.count)
        qsort(causes, baseline->causes.count, sizeof(*causes), compare);
    for (size_t index = 0; index < baseline->causes.count; index++)
        if (!kept || compare(&causes[kept - 1], &causes[index]) != 0)
            causes[kept++] = causes[index];
    baseline->causes.count = kept;
}

static bool is_accepted(const struct baseline *baseline, const struct sweep_result *result,
                        const struct finding_cluster *finding)
{
    for (uint32_t index = 0; index < finding->member_count; index++) {
        struct cause cause = cause_of(result, &result->outcomes.items[finding->members[index]]);
        if (!baseline->causes.count ||
            !bsearch(&cause, baseline->causes.items, baseline->causes.count, sizeof(cause), compare))
            return false;
    }
    return true;
}

void baseline_apply(const struct baseline *baseline, struct sweep_result *result)
{
    array_each(&result->findings, finding) finding->accepted = is_accepted(baseline, result, finding);
}

int baseline_add(struct baseline *baseline, const struct sweep_result *result)
{
    array_each(&result->findings, finding)
    {
        for (uint32_t index = 0; index < finding->member_count; index++) {
            struct cause *cause = array_push(&baseline->causes);
            if (!cause)
                return -ENOMEM;
            *cause = cause_of(result, &result->outcomes.items[finding->members[index]]);
        }
    }
    sort(baseline);
    return 0;
}

static void write_member(struct json *json, const char *key, const char *text)
{
    if (*text)
        json_bytes(json, key, text, strlen(text));
}

int baseline_write(const struct baseline *baseline, FILE *out)
{
    struct json json = json_begin(out);
    json_open(&json, NULL, '{');
    json_number(&json, "schema", 1);
    json_open(&json, "accepted", '[');
    array_each(&baseline->causes, cause)
    {
        json_line(&json);
        json_open(&json, NULL, '{');
        json_text(&json, "verdict", verdicts[cause->verdict].name);
        write_member(&json, "call", cause->call);
        write_member(&json, "function", cause->function);
        write_member(&json, "module", cause->module);
        json_text(&json, "mode", trial_modes[cause->mode].name);
        write_member(&json, "setting", cause->setting);
        json_close(&json, '{');
    }
    json_close(&json, '[');
    json_close(&json, '{');
    return json_end(&json);
}

static void read_cause(struct json_reader *reader, const json_t *object, struct cause *cause)
{
    const char *verdict = "", *mode = "";
    if (!json_is_object(object))
        json_refuse(reader, "is not an object");
    json_get_string(reader, object, "verdict", JSON_REQUIRED, &verdict);
    json_get_string(reader, object, "mode", JSON_REQUIRED, &mode);
    json_get_string(reader, object, "call", JSON_OPTIONAL, &cause->call);
    json_get_string(reader, object, "function", JSON_OPTIONAL, &cause->function);
    json_get_string(reader, object, "module", JSON_OPTIONAL, &cause->module);
    json_get_string(reader, object, "setting", JSON_OPTIONAL, &cause->setting);
    if (verdict_find(verdict) < 0)
        json_refuse(reader, "\"verdict\" is none that this shmoo knows");
    if (trial_mode_find(mode) < 0)
        json_refuse(reader, "\"mode\" is none that this shmoo knows");
    if (reader->failed)
        return;
    cause->verdict = (uint8_t)verdict_find(verdict);
    cause->mode = (uint8_t)trial_mode_find(mode);
}

static void read_causes(struct json_reader *reader, const json_t *root, struct baseline *baseline)
{
    int64_t schema = 0;
    size_t index;
    json_t *object;
    if (!json_is_object(root))
        json_refuse(reader, "not a baseline");
    json_get_number(reader, root, "schema", JSON_REQUIRED, 1, 1, &schema);
    const json_t *accepted = json_get_array(reader, root, "accepted", JSON_REQUIRED, CAUSES_MAX);
    reader->part = "accepted";
    json_array_foreach(accepted, index, object)
    {
        reader->index = index;
        struct cause *cause = reader->failed ? NULL : array_push(&baseline->causes);
        if (!cause) {
            json_out_of_memory(reader);
            return;
        }
        *cause = (struct cause){0, 0, "", "", "", ""};
        read_cause(reader, object, cause);
    }
}

int baseline_read(const char *path, struct baseline *ret_baseline, char reason[static JSON_REASON_MAX])
{
    struct baseline baseline = {0};
    struct json_reader reader = {.arena = &baseline.arena, .reason = reason};
    AUTO_JSON json_t *root = json_read_file(&reader, path);
    if (!root)
        return reader.failed;
    read_causes(&reader, root, &baseline);
    if (reader.failed) {
        baseline_free(&baseline);
        return reader.failed;
    }
    sort(&baseline);
    *ret_baseline = baseline;
    return 0;
}

void baseline_free(struct baseline *baseline)
{
    array_free(&baseline->causes);
    arena_free(&baseline->arena);
}

uint64_t baseline_fingerprint(const struct sweep_result *result, const struct outcome *outcome)
{
    struct cause cause = cause_of(result, outcome);
    const char *const parts[] = {verdicts[cause.verdict].name,
                                 trial_modes[cause.mode].name,
                                 cause.call,
                                 cause.function,
                                 cause.module,
                                 cause.setting};
    uint64_t print = 0;
    for (size_t index = 0; index < COUNT_OF(parts); index++)
        print = (print ^ hash_bytes(parts[index], strlen(parts[index]))) * FNV_PRIME;
    return print;
}
