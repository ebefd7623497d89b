/* diff_load.c - see diff_load.h. Lists are hostile input. */
#include "inspector/diff_load.h"

#include "common/auto_json.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/file.h"
#include "common/strbuf.h"
#include "inspector/kind_choice.h"
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

struct operand {
    const char *name;
    bool is_file;
    struct source_options source; /* of those that are no files */
};

static struct operand make_operand(const char *name)
{
    struct stat status;
    if (strcmp(name, "-") == 0)
        return (struct operand){.name = name};
    if (stat(name, &status) == 0 && S_ISDIR(status.st_mode))
        return (struct operand){.name = name, .source.recording = name};
    return (struct operand){.name = name, .is_file = true};
}

/* The last one that is open enters the sandbox. */
static int open_both(const struct operand *left, const struct operand *right, struct kernel **ret_left,
                     struct kernel **ret_right)
{
    if (right->is_file)
        return left->is_file ? 0 : source_open(&left->source, ret_left);
    int r = left->is_file ? 0 : source_open_kernel(&left->source, ret_left);
    return r ? r : source_open(&right->source, ret_right);
}

static int render(const struct snapshot *snapshot, FILE *out)
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

/* What `list --json` would write of a recording, or of this machine. */
static int list(const struct operand *operand, struct kernel *kernel, char **ret_text, size_t *ret_length)
{
    AUTO_SNAPSHOT struct snapshot *snapshot = NULL;
    struct request request = {.kinds = kinds_usual(), .needs = NEED_ALL & ~(unsigned)NEED_COMMANDS};
    int r = source_collect(kernel, &operand->source, &request, &snapshot);
    if (r)
        return r;
    FILE *out = open_memstream(ret_text, ret_length);
    r = out ? render(snapshot, out) : -ENOMEM;
    if (out && fclose(out) != 0 && r == 0)
        r = -errno;
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

static json_t *load(const struct operand *operand, struct kernel *kernel)
{
    AUTO_STRBUF struct strbuf text = {0};
    AUTO_FREE char *listed = NULL;
    size_t length = 0;
    if (!operand->is_file)
        return list(operand, kernel, &listed, &length) == 0 ? parse(operand->name, listed, length) : NULL;
    return read_file(operand->name, &text) == 0 ? parse(operand->name, strbuf_text(&text), text.length)
                                                : NULL;
}

int diff_load(const char *left, const char *right, json_t **ret_left, json_t **ret_right)
{
    const struct operand one = make_operand(left), other = make_operand(right);
    AUTO_KERNEL struct kernel *one_kernel = NULL;
    AUTO_KERNEL struct kernel *other_kernel = NULL;
    if (open_both(&one, &other, &one_kernel, &other_kernel))
        return STATUS_FAILED;
    AUTO_JSON json_t *before = load(&one, one_kernel);
    AUTO_JSON json_t *after = before ? load(&other, other_kernel) : NULL;
    if (!after)
        return STATUS_FAILED;
    *ret_left = take_ptr(before);
    *ret_right = take_ptr(after);
    return 0;
}
