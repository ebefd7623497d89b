/* cmd_diff.c - `shmoo diff`: what appeared, vanished and changed between two lists, which are hostile input.
 */
#include "common/auto_json.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/escape.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/diff_compare.h"
#include "inspector/diff_load.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

extern const struct command cmd_diff;

static const struct cli_option options[] = {
    {"json", 'J', NULL, "write JSON, see shmoo-json(5)"},
    {NULL,   0,   NULL, NULL                           },
};

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
    AUTO_JSON json_t *before = NULL;
    AUTO_JSON json_t *after = NULL;
    if (diff_load(left, right, &before, &after))
        return STATUS_FAILED;
    AUTO_JSON json_t *old = index_objects(left, before);
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
