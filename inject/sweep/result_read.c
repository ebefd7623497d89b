/* result_read.c - the reading half of result_json.h. Everything that is read is checked; see json_read.h. */
#include "common/auto_json.h"
#include "common/cleanup.h"
#include "common/file.h"
#include "common/hash.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "inject/calls.h"
#include "inject/names.h"
#include "inject/sweep/result_json.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

enum {
    FRAMES_MAX = 256,
    SITES_MAX = 1 << 20,
    TRIALS_MAX = 1 << 26,
    WORDS_MAX = 1 << 20,
    SHARDS_MAX = 1 << 20,
    SIGNAL_MAX = 64,
};

static void read_frame(struct json_reader *reader, const json_t *object, struct frame *frame)
{
    int64_t line = 0;
    if (!json_is_object(object))
        json_refuse(reader, "an element of a stack is not an object");
    json_get_string(reader, object, "module", JSON_OPTIONAL, &frame->module);
    json_get_hex(reader, object, "offset", &frame->offset);
    json_get_string(reader, object, "function", JSON_OPTIONAL, &frame->function);
    json_get_string(reader, object, "file", JSON_OPTIONAL, &frame->file);
    json_get_number(reader, object, "line", JSON_OPTIONAL, 0, INT32_MAX, &line);
    frame->line = (int)line;
}

static void read_frames(struct json_reader *reader, const json_t *object, struct frame **frames,
                        uint32_t *count)
{
    const json_t *stack = json_get_array(reader, object, "stack", JSON_OPTIONAL, FRAMES_MAX), *frame;
    size_t index, length = json_array_size(stack);
    if (!length)
        return;
    *frames = arena_alloc(reader->arena, length * sizeof(**frames));
    if (!*frames) {
        json_out_of_memory(reader);
        return;
    }
    *count = (uint32_t)length;
    json_array_foreach(stack, index, frame) read_frame(reader, frame, &(*frames)[index]);
}

/* The number that a finder gives for a word, or 0 when it was refused. */
static int read_name(struct json_reader *reader, const json_t *object, const char *key,
                     int (*find)(const char *name))
{
    const char *name = "";
    json_get_string(reader, object, key, JSON_REQUIRED, &name);
    int found = find(name);
    if (found < 0)
        json_refuse(reader, "\"%s\" is none that this shmoo knows", key);
    return found < 0 ? 0 : found;
}

static int find_call(const char *name)
{
    return call_find(name, strlen(name));
}

static int find_error(const char *name)
{
    int error = 0;
    return names_find_error(name, strlen(name), &error) ? error : -1;
}

static void read_site(struct json_reader *reader, const json_t *object, struct site *site)
{
    int64_t occurrences = 0;
    site->call = (uint16_t)read_name(reader, object, "call", find_call);
    json_get_hex(reader, object, "stack_hash", &site->stack_hash);
    json_get_string(reader, object, "name", JSON_OPTIONAL, &site->name);
    json_get_number(reader, object, "occurrences", JSON_OPTIONAL, 0, UINT32_MAX, &occurrences);
    site->occurrences = (uint32_t)occurrences;
    read_frames(reader, object, &site->frames, &site->frame_count);
}

static void read_trial(struct json_reader *reader, const json_t *object, const struct sweep_result *result,
                       struct trial *trial)
{
    int64_t number = 1, site = -1, occurrence = 0;
    json_get_number(reader, object, "trial", JSON_REQUIRED, 1, result->planned, &number);
    json_get_number(reader, object, "site", JSON_OPTIONAL, 0, (int64_t)result->sites.count - 1, &site);
    json_get_number(reader, object, "occurrence", JSON_OPTIONAL, 0, UINT32_MAX, &occurrence);
    json_get_string(reader, object, "setting", JSON_OPTIONAL, &trial->setting);
    trial->number = (uint32_t)number;
    trial->site = (int32_t)site;
    trial->occurrence = (uint32_t)occurrence;
    trial->mode = (uint8_t)read_name(reader, object, "mode", trial_mode_find);
    if (json_object_get(object, "error"))
        trial->error = read_name(reader, object, "error", find_error);
    if ((trial->mode == MODE_environment) != (trial->site < 0) || (trial->site < 0) != !!trial->setting)
        json_refuse(reader, "is neither a trial of a site nor of a setting");
}

/* The call that a shortage made fail. */
static void read_blame(struct json_reader *reader, const json_t *object, struct outcome *outcome)
{
    const json_t *blame = json_object_get(object, "blame");
    if (!blame)
        return;
    struct site *site = arena_alloc(reader->arena, sizeof(*site));
    if (!site) {
        json_out_of_memory(reader);
        return;
    }
    if (!json_is_object(blame) || outcome->trial.site >= 0)
        json_refuse(reader, "\"blame\" is none");
    outcome->blame_error = read_name(reader, blame, "error", find_error);
    read_site(reader, blame, site);
    outcome->blame = site;
}

static void read_outcome(struct json_reader *reader, const json_t *object, const struct sweep_result *result,
                         struct outcome *outcome)
{
    int64_t status = 0, signal = 0;
    if (!json_is_object(object))
        json_refuse(reader, "is not an object");
    read_trial(reader, object, result, &outcome->trial);
    outcome->verdict = (uint8_t)read_name(reader, object, "verdict", verdict_find);
    json_get_number(reader, object, "status", JSON_OPTIONAL, -1, 255, &status);
    json_get_number(reader, object, "signal", JSON_OPTIONAL, 0, SIGNAL_MAX, &signal);
    outcome->status = (int32_t)status;
    outcome->signal = (int32_t)signal;
    json_get_seconds(reader, object, "duration", &outcome->duration);
    json_get_string(reader, object, "reason", JSON_REQUIRED, &outcome->reason);
    json_get_lines(reader, object, "left", &outcome->left);
    json_get_bytes(reader, object, "stdout", &outcome->out, &outcome->out_length);
    json_get_bytes(reader, object, "stderr", &outcome->err, &outcome->err_length);
    read_frames(reader, object, &outcome->frames, &outcome->frame_count);
    read_blame(reader, object, outcome);
    json_get_string(reader, object, "rule", JSON_OPTIONAL, &outcome->rule);
    json_get_bool(reader, object, "flaky", &outcome->flaky);
}

static void read_command(struct json_reader *reader, const json_t *root, struct sweep_result *result)
{
    const json_t *words = json_get_array(reader, root, "command", JSON_REQUIRED, WORDS_MAX), *word;
    size_t index, count = json_array_size(words);
    if (!count) {
        json_refuse(reader, "\"command\" is empty");
        return;
    }
    result->command = arena_alloc(reader->arena, (count + 1) * sizeof(char *));
    if (!result->command)
        json_out_of_memory(reader);
    json_array_foreach(words, index, word)
    {
        const char *text = result->command ? json_to_string(reader, word) : NULL;
        if (!text)
            return;
        result->command[index] = (char *)text;
    }
}

static void read_sites(struct json_reader *reader, const json_t *root, struct sweep_result *result)
{
    const json_t *sites = json_get_array(reader, root, "sites", JSON_REQUIRED, SITES_MAX), *element;
    size_t index;
    reader->part = "sites";
    json_array_foreach(sites, index, element)
    {
        reader->index = index;
        struct site *site = reader->failed ? NULL : array_push(&result->sites);
        if (!site)
            json_out_of_memory(reader);
        else if (!json_is_object(element))
            json_refuse(reader, "is not an object");
        else
            read_site(reader, element, site);
    }
    reader->part = NULL;
}

static void read_made(struct json_reader *reader, const json_t *object, struct made *made)
{
    uint64_t key = 0;
    int64_t number = 0;
    made->call = (uint16_t)read_name(reader, object, "call", find_call);
    json_get_string(reader, object, "name", JSON_OPTIONAL, &made->name);
    json_get_hex(reader, object, "key", &key);
    json_get_number(reader, object, "number", JSON_OPTIONAL, 0, INT64_MAX, &number);
    made->key = (uint32_t)key;
    made->number = (uint64_t)number;
    if (!made->name != !!made->key)
        json_refuse(reader, "\"made\" has an element without a name or a key");
}

static void read_all_made(struct json_reader *reader, const json_t *clean, struct sweep_result *result)
{
    const json_t *list = json_get_array(reader, clean, "made", JSON_OPTIONAL, SITES_MAX), *element;
    size_t index;
    json_array_foreach(list, index, element)
    {
        struct made *made = reader->failed ? NULL : array_push(&result->learnt.made);
        if (!made)
            json_out_of_memory(reader);
        else if (!json_is_object(element))
            json_refuse(reader, "an element of \"made\" is not an object");
        else
            read_made(reader, element, made);
    }
}

static void read_shard(struct json_reader *reader, const json_t *root, struct sweep_result *result)
{
    const json_t *shard = json_object_get(root, "shard");
    int64_t index = 1, count = 1;
    json_get_number(reader, shard, "count", JSON_OPTIONAL, 1, SHARDS_MAX, &count);
    json_get_number(reader, shard, "index", JSON_OPTIONAL, 1, count, &index);
    result->shard = (uint32_t)index;
    result->shards = (uint32_t)count;
}

static void read_head(struct json_reader *reader, const json_t *root, struct sweep_result *result)
{
    int64_t schema = 0, seed = 0, planned = 0, status = 0, space = 0;
    if (!json_is_object(root))
        json_refuse(reader, "not the result of a sweep");
    json_get_number(reader, root, "schema", JSON_REQUIRED, 1, 1, &schema);
    read_command(reader, root, result);
    json_get_string(reader, root, "engine", JSON_REQUIRED, &result->engine);
    json_get_number(reader, root, "seed", JSON_OPTIONAL, 0, INT64_MAX, &seed);
    json_get_number(reader, root, "planned", JSON_REQUIRED, 0, TRIALS_MAX, &planned);
    result->seed = (uint64_t)seed;
    result->planned = (uint32_t)planned;
    read_shard(reader, root, result);
    const json_t *clean = json_object_get(root, "clean");
    json_get_number(reader, clean, "status", JSON_OPTIONAL, -1, 255, &status);
    json_get_seconds(reader, clean, "duration", &result->clean.duration);
    json_get_bool(reader, clean, "output_varies", &result->clean.output_varies);
    json_get_lines(reader, clean, "left", &result->clean.left);
    result->clean.status = (int32_t)status;
    json_get_number(reader, clean, "space", JSON_OPTIONAL, 0, INT64_MAX, &space);
    result->learnt.space = (uint64_t)space;
    json_get_bool(reader, clean, "private_tmp", &result->learnt.private_tmp);
    read_all_made(reader, clean, result);
    read_sites(reader, root, result);
}

/* Where the outcome of a trial goes: a place of its own, or that of an earlier one where those may be
 * replaced. */
static struct outcome *place_outcome(struct json_reader *reader, struct sweep_result *result,
                                     struct hash *places, uint32_t number, bool replace)
{
    uint32_t place = 0;
    bool again = hash_get(places, 0, number, &place);
    if (again && !replace)
        json_refuse(reader, "trial %u is there twice", number);
    if (again)
        return replace ? &result->outcomes.items[place] : NULL;
    place = (uint32_t)result->outcomes.count;
    struct outcome *outcome = hash_put(places, 0, number, place) == 0 ? array_push(&result->outcomes) : NULL;
    if (!outcome)
        json_out_of_memory(reader);
    return outcome;
}

static void add_outcome(struct json_reader *reader, const json_t *object, struct sweep_result *result,
                        struct hash *places, bool replace)
{
    struct outcome outcome = {0};
    read_outcome(reader, object, result, &outcome);
    struct outcome *place =
        reader->failed ? NULL : place_outcome(reader, result, places, outcome.trial.number, replace);
    if (place)
        *place = outcome;
}

static void read_notes(struct json_reader *reader, const json_t *root, struct sweep_result *result)
{
    const json_t *notes = json_get_array(reader, root, "notes", JSON_OPTIONAL, TRIALS_MAX), *note;
    size_t index;
    json_array_foreach(notes, index, note)
    {
        const char *text = json_to_string(reader, note);
        const char **slot = text ? array_push(&result->notes) : NULL;
        if (slot)
            *slot = text;
        else
            json_out_of_memory(reader);
    }
}

static int by_number(const void *one, const void *other)
{
    uint32_t a = ((const struct outcome *)one)->trial.number;
    uint32_t b = ((const struct outcome *)other)->trial.number;
    return a < b ? -1 : a > b;
}

/* Hands the result over when all went well, else frees what there is of it. */
static int finish(struct json_reader *reader, struct sweep_result *result, struct sweep_result *ret_result)
{
    if (result->outcomes.count)
        qsort(result->outcomes.items, result->outcomes.count, sizeof(struct outcome), by_number);
    if (!reader->failed && cluster_findings(result) < 0)
        json_out_of_memory(reader);
    if (reader->failed)
        sweep_result_free(result);
    else
        *ret_result = *result;
    return reader->failed;
}

int result_parse(const char *text, size_t length, struct sweep_result *ret_result,
                 char reason[static JSON_REASON_MAX])
{
    struct sweep_result result = {0};
    struct json_reader reader = {.arena = &result.arena, .reason = reason};
    CLEANUP(hash_free) struct hash places = {0}; /* of outcomes by trial number */
    AUTO_JSON json_t *root = json_read_text(&reader, text, length);
    const json_t *element;
    size_t index;
    if (!root)
        return reader.failed;
    read_head(&reader, root, &result);
    json_get_bool(&reader, root, "complete", &result.complete);
    const json_t *results = json_get_array(&reader, root, "results", JSON_REQUIRED, TRIALS_MAX);
    reader.part = "results";
    json_array_foreach(results, index, element)
    {
        reader.index = index;
        add_outcome(&reader, element, &result, &places, false);
    }
    reader.part = NULL;
    read_notes(&reader, root, &result);
    return finish(&reader, &result, ret_result);
}

static void parse_line(struct json_reader *reader, struct scan line, size_t index,
                       struct sweep_result *result, struct hash *places)
{
    reader->part = "line";
    reader->index = index;
    AUTO_JSON json_t *root = json_read_text(reader, line.at, (size_t)(line.end - line.at));
    if (!root)
        return;
    if (index == 0)
        read_head(reader, root, result);
    else
        add_outcome(reader, root, result, places, true);
}

int result_parse_journal(const char *text, size_t length, struct sweep_result *ret_result,
                         char reason[static JSON_REASON_MAX])
{
    struct sweep_result result = {0};
    struct json_reader reader = {.arena = &result.arena, .reason = reason};
    CLEANUP(hash_free) struct hash places = {0};
    const char *end = memrchr(text, '\n', length);
    struct scan lines = scan_bytes(text, end ? (size_t)(end - text) + 1 : 0), line;
    size_t count = 0;
    while (!reader.failed && scan_line(&lines, &line))
        parse_line(&reader, line, count++, &result, &places);
    if (!count)
        json_refuse(&reader, "not the journal of a sweep");
    return finish(&reader, &result, ret_result);
}

typedef int parse_function(const char *text, size_t length, struct sweep_result *ret_result,
                           char reason[static JSON_REASON_MAX]);

static int read_file(const char *path, parse_function *parse, struct sweep_result *ret_result,
                     char reason[static JSON_REASON_MAX])
{
    AUTO_STRBUF struct strbuf text = {0};
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int r = fd < 0 ? -errno : file_read_all(fd, &text);
    if (r < 0) {
        snprintf(reason, JSON_REASON_MAX, "%s", strerror(-r));
        return r;
    }
    struct sweep_result result = {0};
    r = parse(strbuf_text(&text), text.length, &result, reason);
    if (r < 0)
        return r;
    result.file = arena_string(&result.arena, path);
    if (result.file) {
        *ret_result = result;
        return 0;
    }
    sweep_result_free(&result);
    snprintf(reason, JSON_REASON_MAX, "%s", strerror(ENOMEM));
    return -ENOMEM;
}

int result_read(const char *path, struct sweep_result *ret_result, char reason[static JSON_REASON_MAX])
{
    return read_file(path, result_parse, ret_result, reason);
}

int result_read_journal(const char *path, struct sweep_result *ret_result,
                        char reason[static JSON_REASON_MAX])
{
    return read_file(path, result_parse_journal, ret_result, reason);
}
