/* cmd_show.c - `shmoo show`: everything about single objects, or (as `ps`) about single processes. */
#include "common/array.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "inspector/contents.h"
#include "inspector/detail.h"
#include "inspector/detail_print.h"
#include "inspector/finding.h"
#include "inspector/kind_choice.h"
#include "inspector/renderer.h"
#include "inspector/source.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <string.h>

extern const struct command cmd_show, cmd_ps;

enum { OPTION_HEX = 256, OPTION_NOTIFY };

static const struct cli_option options[] = {
    {"hex",    OPTION_HEX,    "[=RANGE]", "dump contents: START-END, START+LENGTH or START-"},
    {"json",   'J',           NULL,       "write JSON, see shmoo-json(5)"                   },
    {"notify", OPTION_NOTIFY, NULL,       "read queue files too, which sets their times"    },
    SOURCE_OPTIONS,
    {NULL,     0,             NULL,       NULL                                              },
};

struct show {
    struct source_options source;
    struct request request;
    bool json, hex;
    struct peek_range range;
    int status;
    ARRAY(const char *) labels;
    ARRAY(const struct object *) objects;
    struct snapshot *snapshot;
    struct findings findings;
};

static bool is_pid(const char *operand)
{
    return *operand && strspn(operand, "0123456789") == strlen(operand);
}

/* Notes an operand and asks for its kind. An '@' in a label is another namespace; names have theirs escaped.
 */
static int take_label(struct show *show, const char *label)
{
    int kind = kind_of_label(label);
    if (kind < 0)
        return cli_fail(label, "not an object: KIND:ID as 'shmoo list' prints it");
    const char **slot = array_push(&show->labels);
    if (!slot)
        return cli_fail_errno(label, ENOMEM);
    *slot = label;
    show->request.kinds |= UINT64_C(1) << kind;
    show->source.all_namespaces |= strchr(label, '@') != NULL;
    return 0;
}

static int find_objects(struct show *show)
{
    const struct snapshot *snapshot = show->snapshot;
    array_each(&show->labels, label)
    {
        const struct object *object = snapshot_find(snapshot, *label);
        if (!object) {
            show->status = source_fail_to_find(snapshot, *label);
            continue;
        }
        const struct object **slot = array_push(&show->objects);
        if (!slot)
            return cli_fail_errno(*label, ENOMEM);
        *slot = object;
    }
    return 0;
}

static int print_json(const struct show *show)
{
    static const struct column_choice all;
    struct listing listing = {.snapshot = show->snapshot,
                              .objects = show->objects.items,
                              .count = show->objects.count,
                              .columns = &all,
                              .findings = &show->findings};
    int r = render_json.render(&listing, stdout);
    return r < 0 ? cli_fail_output("show", r) : 0;
}

static int print_text(const struct show *show, struct kernel *kernel)
{
    array_each(&show->objects, object)
    {
        AUTO_DETAIL struct detail detail = {0};
        int r = detail_add_object(&detail, show->snapshot, *object);
        if (r == 0)
            r = detail_add_findings(&detail, &show->findings, *object);
        if (r < 0)
            return cli_fail_errno((*object)->label, r);
        if (object != show->objects.items)
            putchar('\n');
        detail_print(&detail, stdout);
        if (show->hex)
            r = contents_print(kernel, show->snapshot, *object, &show->range, stdout);
        if (r < 0)
            return cli_fail_errno((*object)->label, r);
    }
    source_say_coverage(show->snapshot);
    return 0;
}

static bool is_waited_for(const struct show *show)
{
    array_each(&show->labels, label)
    {
        const struct object *object = snapshot_find(show->snapshot, *label);
        if (object && snapshot_users(show->snapshot, object, EDGE_WAITING))
            return true;
    }
    return false;
}

/* Whether a wait will end may hang on objects of any kind; then all are looked at. */
static int collect(struct show *show, struct kernel *kernel)
{
    int r = source_collect(kernel, &show->source, &show->request, &show->snapshot);
    if (r || !is_waited_for(show))
        return r;
    snapshot_free(show->snapshot);
    show->snapshot = NULL;
    kinds_add(&show->request.kinds, "all");
    return source_collect(kernel, &show->source, &show->request, &show->snapshot);
}

static int look(struct show *show, struct kernel *kernel)
{
    int r = collect(show, kernel);
    if (r == 0)
        r = find_objects(show);
    if (r)
        return r;
    struct evidence evidence = {.snapshot = show->snapshot, .needs = show->request.needs};
    r = findings_find(&evidence, &show->findings);
    return r < 0 ? cli_fail_errno("show", r) : 0;
}

static int show_objects(struct show *show)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    show->request.needs |= NEED_ALL;
    int r = source_open(&show->source, &kernel);
    if (r == 0)
        r = look(show, kernel);
    if (r == 0)
        r = show->json ? print_json(show) : print_text(show, kernel);
    return r ? r : show->status;
}

static int take_option(struct show *show, const struct cli *cli, int letter)
{
    switch (letter) {
    case 'J': show->json = true; return 0;
    case OPTION_NOTIFY: show->request.needs |= NEED_NOTIFY; return 0;
    case OPTION_HEX: show->hex = true; break;
    default: source_option(&show->source, cli, letter); return 0;
    }
    show->range = CONTENTS_DEFAULT;
    if (cli->argument && contents_parse_range(cli->argument, &show->range) < 0)
        return cli_fail_format("--hex", "'%s' is no range: START-END, START+LENGTH or START-", cli->argument);
    return 0;
}

static int run_with(struct show *show, int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_show, argc, argv);
    int letter, r = 0;
    while (r == 0 && (letter = cli_next(&cli)) >= 0)
        r = take_option(show, &cli, letter);
    if (r)
        return r;
    if (show->hex && show->json)
        return cli_fail("--hex", "not with --json");
    if (letter != CLI_END)
        return letter == CLI_EXIT ? STATUS_FINE : STATUS_FAILED;
    if (cli.index == argc)
        return cli_fail("show", "which object? 'shmoo list' shows them");
    if (is_pid(argv[cli.index]))
        return cmd_ps.run(argc, argv);
    for (int i = cli.index; i < argc; i++)
        if (take_label(show, argv[i]) != 0)
            show->status = STATUS_FAILED;
    return show->labels.count ? show_objects(show) : STATUS_FAILED;
}

static int run(int argc, char **argv)
{
    struct show show = {.status = STATUS_FINE};
    int status = run_with(&show, argc, argv);
    array_free(&show.labels);
    array_free(&show.objects);
    findings_free(&show.findings);
    snapshot_free(show.snapshot);
    return cli_finish(status);
}

const struct command cmd_show = {
    .name = "show",
    .synopsis = "[OPTIONS] OBJECT|PID...",
    .summary = "Show everything about single objects",
    .options = options,
    .words = "object",
    .run = run,
};
