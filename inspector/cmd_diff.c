/*
 * cmd_diff.c - `shmoo diff`: what appeared, vanished and changed between two lists. A recording and this
 * machine become a list first, so that all are compared as `list --json` writes them. Lists are hostile
 * input.
 */
#include "common/auto_json.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/escape.h"
#include "common/file.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/diff_compare.h"
#include "inspector/kind_choice.h"
#include "inspector/listed.h"
#include "inspector/renderer.h"
#include "inspector/selection.h"
#include "inspector/source.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

extern const struct command cmd_diff;

static const struct cli_option options[] = {
    {"json", 'J', NULL, "write JSON, see shmoo-json(5)"},
    {NULL,   0,   NULL, NULL                           },
};

static int render_now(const struct snapshot *snapshot, FILE *out)
{
    static const struct column_choice all = {0};
    static const struct selection everything = {0};
    object_list objects = {0};
    int r = selection_apply(&everything, snapshot, &objects);
    struct listing listing = {
        .snapshot = snapshot, .objects = objects.items, .count = objects.count, .columns = &all};
    if (r == 0)
        r = render_json.render(&listing, out);
    array_free(&objects);
    return r;
}

/*
 * What `list --json` would write of a recording, or of this machine. The first of two enters the sandbox,
 * which lets nobody enter it again.
 */
static int list(const char *recording, bool *inside, char **ret_text, size_t *ret_length)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct source_options source = {.recording = recording};
    struct request request = {.kinds = kinds_usual(), .needs = NEED_ALL & ~(unsigned)NEED_COMMANDS};
    struct snapshot *snapshot = NULL;
    int r = *inside ? source_open_kernel(&source, &kernel) : source_open(&source, &kernel);
    *inside = true;
    if (r == 0)
        r = source_collect(kernel, &source, &request, &snapshot);
    if (r)
        return r;
    FILE *out = open_memstream(ret_text, ret_length);
    r = out ? render_now(snapshot, out) : -ENOMEM;
    if (out && fclose(out) != 0 && r == 0)
        r = -errno;
    snapshot_free(snapshot);
    return r < 0 ? cli_fail_errno("diff", r) : 0;
}

static json_t *parse(const char *name, const char *text, size_t length)
{
    json_error_t error;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        cli_fail_format(name, "line %d: %s", error.line, error.text);
    return root;
}

static int read_file(const char *name, struct strbuf *text)
{
    AUTO_CLOSE int fd = open(name, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    int r = fd < 0 ? -errno : file_read_all(fd, text);
    return r < 0 ? cli_fail_errno(name, r) : 0;
}

static json_t *load(const char *name, bool *inside)
{
    AUTO_STRBUF struct strbuf text = {0};
    AUTO_FREE char *listed = NULL;
    size_t length = 0;
    struct stat status;
    bool now = strcmp(name, "-") == 0;
    if (now || (stat(name, &status) == 0 && S_ISDIR(status.st_mode)))
        return list(now ? NULL : name, inside, &listed, &length) == 0 ? parse(name, listed, length) : NULL;
    return read_file(name, &text) == 0 ? parse(name, strbuf_text(&text), text.length) : NULL;
}

static json_t *index_objects(const char *name, const json_t *root)
{
    json_t *index = diff_index(root);
    if (!index)
        cli_fail(name, "not what shmoo list --json writes");
    return index;
}

static void print_safely(const char *text)
{
    AUTO_STRBUF struct strbuf safe = {0};
    escape_bytes(&safe, text, strlen(text), NULL);
    fputs(strbuf_text(&safe), stdout);
}

/* Labels are escaped once already: the backslashes of that are not doubled again. */
static void print_label(const char *mark, const json_t *object)
{
    AUTO_STRBUF struct strbuf safe = {0};
    const char *label = json_string_value(json_object_get(object, "object"));
    escape_bytes(&safe, label, strlen(label), NULL);
    printf("%s ", mark);
    for (const char *at = strbuf_text(&safe); *at; at++) {
        putchar(*at);
        at += at[0] == '\\' && at[1] == '\\';
    }
}

static void print_value(const json_t *value)
{
    AUTO_FREE char *text = json_dumps(value, JSON_ENCODE_ANY | JSON_COMPACT | JSON_ENSURE_ASCII);
    fputs(text ? text : "?", stdout);
}

static void print_objects(const char *mark, const json_t *objects)
{
    size_t i;
    json_t *object;
    json_array_foreach(objects, i, object)
    {
        print_label(mark, object);
        putchar('\n');
    }
}

static void print_changes(json_t *entry)
{
    const char *member;
    json_t *change;
    json_object_foreach(json_object_get(entry, "changes"), member, change)
    {
        print_label("~", entry);
        putchar(' ');
        print_safely(member);
        if (strcmp(member, "users") != 0) {
            fputs(": ", stdout);
            print_value(json_object_get(change, "before"));
            fputs(" -> ", stdout);
            print_value(json_object_get(change, "after"));
        }
        putchar('\n');
    }
}

static void print_text(const json_t *difference)
{
    size_t i;
    json_t *entry;
    print_objects("-", json_object_get(difference, "vanished"));
    print_objects("+", json_object_get(difference, "appeared"));
    json_array_foreach(json_object_get(difference, "changed"), i, entry) print_changes(entry);
}

/* --- coverage --- */

static const char *text_of(const json_t *object, const char *member)
{
    const char *text = json_string_value(json_object_get(object, member));
    return text ? text : "";
}

/* What one list lacks may look like a difference. */
static void say_coverage(const char *name, const json_t *root)
{
    size_t i;
    json_t *gap;
    json_array_foreach(json_object_get(root, "coverage"), i, gap)
    {
        AUTO_STRBUF struct strbuf what = {0};
        json_int_t processes = json_integer_value(json_object_get(gap, "processes"));
        strbuf_add_format(&what, "not shown: %s", text_of(gap, "source"));
        if (processes)
            strbuf_add_format(&what, " of %" JSON_INTEGER_FORMAT " %s", processes,
                              units_processes((uint64_t)processes));
        else if (*text_of(gap, "place"))
            strbuf_add_format(&what, " of %s", text_of(gap, "place"));
        strbuf_add_format(&what, ": %s", text_of(gap, "error"));
        cli_fail(name, strbuf_text(&what));
    }
}

static void add_coverage(json_t *coverage, const char *list, const json_t *root)
{
    size_t i;
    json_t *gap;
    json_array_foreach(json_object_get(root, "coverage"), i, gap)
    {
        json_t *stated = json_is_object(gap) ? json_copy(gap) : NULL;
        if (stated && json_object_set_new(stated, "list", json_string(list)) == 0)
            json_array_append(coverage, stated);
        json_decref(stated);
    }
}

static void print_json(json_t *difference, const json_t *before, const json_t *after)
{
    json_t *coverage = json_array();
    add_coverage(coverage, "before", before);
    add_coverage(coverage, "after", after);
    json_object_set_new(difference, "coverage", coverage);
    if (json_dumpf(difference, stdout, JSON_COMPACT | JSON_ENSURE_ASCII) == 0)
        putchar('\n');
}

static bool is_empty(const json_t *difference)
{
    return !json_array_size(json_object_get(difference, "appeared")) &&
           !json_array_size(json_object_get(difference, "vanished")) &&
           !json_array_size(json_object_get(difference, "changed"));
}

static int diff(const char *left, const char *right, bool json)
{
    bool inside = false;
    AUTO_JSON json_t *before = load(left, &inside);
    AUTO_JSON json_t *after = before ? load(right, &inside) : NULL;
    AUTO_JSON json_t *old = after ? index_objects(left, before) : NULL;
    AUTO_JSON json_t *new = old ? index_objects(right, after) : NULL;
    if (!new)
        return STATUS_FAILED;
    AUTO_JSON json_t *difference = diff_compare(old, new);
    if (!difference)
        return cli_fail_errno("diff", ENOMEM);
    if (json) {
        print_json(difference, before, after);
    } else {
        print_text(difference);
        say_coverage(left, before);
        say_coverage(right, after);
    }
    return is_empty(difference) ? STATUS_FINE : STATUS_FINDINGS;
}

static int run(int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_diff, argc, argv);
    bool json = false;
    for (int letter; (letter = cli_next(&cli)) != CLI_END;) {
        switch (letter) {
        case CLI_EXIT: return cli_finish(STATUS_FINE);
        case 'J': json = true; break;
        default: return STATUS_FAILED;
        }
    }
    if (argc - cli.index != 2)
        return cli_fail("diff", "takes two lists: files of list --json, recordings, or - for now");
    return cli_finish(diff(argv[cli.index], argv[cli.index + 1], json));
}

const struct command cmd_diff = {
    .name = "diff",
    .synopsis = "[OPTIONS] BEFORE AFTER",
    .summary = "Compare two lists of objects: what appeared, vanished and changed",
    .options = options,
    .run = run,
};
