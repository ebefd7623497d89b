/* cmd_rm.c - `shmoo rm`: removes objects that nobody uses. The guards are in probes/reap.c. */
#include "common/array.h"
#include "common/cleanup.h"
#include "common/cli.h"
#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/backup.h"
#include "inspector/finding.h"
#include "inspector/ids.h"
#include "inspector/kind_choice.h"
#include "inspector/listed.h"
#include "inspector/source.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/reap.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

extern const struct command cmd_rm;
extern const struct rule rule_orphan;

enum { OPTION_ORPHANS = 256, OPTION_OLDER, OPTION_USER, OPTION_FROM, OPTION_BACKUP };

static const struct cli_option options[] = {
    {"dry-run", 'n',            NULL,       "only say what would be done"                              },
    {"force",   'f',            NULL,       "also what is in use"                                      },
    {"orphans", OPTION_ORPHANS, NULL,       "all that are likely orphans; only says so without --yes"  },
    {"yes",     'y',            NULL,       "with --orphans: do remove them"                           },
    {"older",   OPTION_OLDER,   "DURATION", "with --orphans: only those untouched for so long (1h, 7d)"},
    {"user",    OPTION_USER,    "USER",     "with --orphans: only those this user owns"                },
    {"backup",  OPTION_BACKUP,  "DIR",      "first save contents and attributes there"                 },
    {"from",    OPTION_FROM,    "FILE",     "those that JSON of list, leaks or diff names"             },
    {NULL,      0,              NULL,       NULL                                                       },
};

struct rm {
    struct reap_options reap;
    bool orphans, yes, by_user;
    uint64_t older;
    uid_t user;
    const char *from, *backup; /* file and folder, or NULL */
    int folder;                /* of the back-up, or -1 */
    struct kernel *kernel;
    struct snapshot *snapshot;
    int status; /* the worst so far */
};

static void worsen(struct rm *rm, int status)
{
    rm->status = status > rm->status ? status : rm->status;
}

static void refuse(struct rm *rm, const char *label, const char *why)
{
    cli_fail_format(label, "not removed: %s", why);
    worsen(rm, STATUS_FINDINGS);
}

struct removal {
    const struct rm *rm;
    struct strbuf *why;
};

/* A segment may have gone with the look into it, which was its last user (shm_rmid_forced). */
static int remove_saved(void *argument, const struct object *object)
{
    const struct removal *removal = argument;
    int r = reap(removal->rm->snapshot, object, &removal->rm->reap, removal->why);
    return r == -ENOENT && object->kind == &kind_sysv_shm ? 0 : r;
}

/* What would be refused is not saved. */
static int save_and_remove(const struct rm *rm, const struct object *object, struct strbuf *why)
{
    struct reap_options look = {.force = rm->reap.force, .dry_run = true};
    struct removal removal = {.rm = rm, .why = why};
    struct backup_of backup = {.kernel = rm->kernel,
                               .snapshot = rm->snapshot,
                               .object = object,
                               .folder = rm->folder,
                               .remove = remove_saved,
                               .argument = &removal};
    int r = reap(rm->snapshot, object, &look, why);
    return r < 0 ? r : backup_and_remove(&backup, why);
}

static void remove_one(struct rm *rm, const struct object *object, const char *reason)
{
    AUTO_STRBUF struct strbuf why = {0};
    int r = rm->backup && !rm->reap.dry_run ? save_and_remove(rm, object, &why)
                                            : reap(rm->snapshot, object, &rm->reap, &why);
    if (r == -ENOENT && rm->from) {
        cli_fail(object->label, "gone already");
        return;
    }
    if (r < 0) {
        refuse(rm, object->label, why.length ? strbuf_text(&why) : strerror(-r));
        return;
    }
    char size[UNITS_TEXT_MAX];
    struct value bytes = object->fields[value_known(object->fields[FIELD_USED]) ? FIELD_USED : FIELD_SIZE];
    printf("%s %s", rm->reap.dry_run ? "would remove" : "removed", object->label);
    if (bytes.type == VALUE_BYTES)
        printf(" (%s)", units_format_size(bytes.number, size));
    printf("%s%s\n", reason ? ": " : "", reason ? reason : "");
}

static void remove_named(struct rm *rm, const char *label)
{
    const struct object *object = snapshot_find(rm->snapshot, label);
    if (object)
        remove_one(rm, object, NULL);
    else
        worsen(rm, source_fail_to_find(rm->snapshot, label));
}

/* What is gone is as it should be. */
static void remove_listed(struct rm *rm, const json_t *listed)
{
    const char *label = listed_label(listed);
    const struct object *object = snapshot_find(rm->snapshot, label);
    if (listed_elsewhere(listed, rm->snapshot->ipc_namespace))
        refuse(rm, label, "it was in another ipc namespace or a container; remove it from in there");
    else if (!object)
        cli_fail(label, "gone already");
    else if (reap_can(object->kind) && !listed_is(listed, object))
        refuse(rm, label, "it has changed or been replaced since the list was made");
    else
        remove_one(rm, object, NULL);
}

/* The last time anything is known to have happened to it. */
static uint64_t last_touched(const struct object *object)
{
    uint64_t latest = 0;
    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (object->fields[i].type == VALUE_TIME && object->fields[i].number > latest)
            latest = object->fields[i].number;
    return latest;
}

static bool is_wanted(const struct rm *rm, const struct finding *finding)
{
    if (finding->rule != &rule_orphan || finding->confidence < CONFIDENCE_LIKELY)
        return false;
    const struct object *object = finding->objects[0];
    struct value owner = object->fields[FIELD_OWNER];
    uint64_t touched = last_touched(object), now = rm->snapshot->time;
    return (!rm->by_user || (owner.type == VALUE_USER && owner.number == rm->user)) &&
           (!rm->older || (touched && touched + rm->older <= now));
}

static int remove_orphans(struct rm *rm, unsigned needs)
{
    struct findings findings;
    struct evidence evidence = {.snapshot = rm->snapshot, .needs = needs};
    if (findings_find(&evidence, &findings) < 0)
        return cli_fail_errno("rm", -ENOMEM);
    array_each(&findings.all, finding)
    {
        if (is_wanted(rm, finding))
            remove_one(rm, finding->objects[0], finding->reason);
    }
    findings_free(&findings);
    return 0;
}

static int set_user(struct rm *rm, const char *text)
{
    uint64_t number;
    rm->by_user = true;
    if (units_parse_number(text, &number) == 0 && number < UINT32_MAX)
        rm->user = (uid_t)number;
    else if (!user_find(text, &rm->user))
        return cli_fail_format("--user", "no user is called '%s'", text);
    return 0;
}

static int set_older(struct rm *rm, const char *text)
{
    if (units_parse_duration(text, &rm->older) < 0)
        return cli_fail_format("--older", "'%s' is no duration like 90s, 1h or 7d", text);
    return 0;
}

static int take_option(struct rm *rm, const struct cli *cli, int letter)
{
    switch (letter) {
    case 'n': rm->reap.dry_run = true; return 0;
    case 'f': rm->reap.force = true; return 0;
    case 'y': rm->yes = true; return 0;
    case OPTION_ORPHANS: rm->orphans = true; return 0;
    case OPTION_BACKUP: rm->backup = cli->argument; return 0;
    case OPTION_FROM: rm->from = cli->argument; return 0;
    case OPTION_OLDER: return set_older(rm, cli->argument);
    default: return set_user(rm, cli->argument);
    }
}

/* What is to be removed: by name, or from a list. */
struct wanted {
    char *const *labels; /* ends with NULL */
    struct listed listed;
};

static uint64_t kind_of(const char *label)
{
    int kind = kind_of_label(label);
    return kind < 0 ? 0 : UINT64_C(1) << kind;
}

/* Their kinds, or all that can be orphans; nothing else needs to be read. */
static uint64_t kinds_of(const struct rm *rm, const struct wanted *wanted)
{
    uint64_t chosen = rm->orphans ? kinds_usual() | KIND_BIT(fifo) : 0;
    const json_t *listed;
    size_t index;
    for (char *const *label = wanted->labels; *label; label++)
        chosen |= kind_of(*label);
    json_array_foreach(wanted->listed.objects, index, listed) chosen |= kind_of(listed_label(listed));
    return chosen;
}

static int remove_wanted(struct rm *rm, const struct wanted *wanted, unsigned needs)
{
    const json_t *listed;
    size_t index;
    for (char *const *label = wanted->labels; *label; label++)
        remove_named(rm, *label);
    json_array_foreach(wanted->listed.objects, index, listed) remove_listed(rm, listed);
    return rm->orphans ? remove_orphans(rm, needs) : 0;
}

static int remove_all(struct rm *rm, const struct wanted *wanted)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    AUTO_CLOSE int folder = -1;
    struct source_options source = {0};
    struct request request = {.kinds = kinds_of(rm, wanted),
                              .needs = NEED_USERS | NEED_WAITERS | NEED_VALUES | NEED_VERDICTS};
    if (rm->backup && !rm->reap.dry_run && (folder = backup_open(rm->backup)) < 0)
        return STATUS_FAILED;
    int r = source_open_kernel(&source, &kernel);
    if (r == 0)
        r = source_collect(kernel, &source, &request, &rm->snapshot);
    if (r)
        return r;
    source_say_coverage(rm->snapshot);
    rm->kernel = kernel;
    rm->folder = folder;
    r = remove_wanted(rm, wanted, request.needs);
    snapshot_free(rm->snapshot);
    return r ? r : rm->status;
}

/* Without all that tells them from successors, nothing of a list is removed. */
static int read_list(const struct rm *rm, struct wanted *wanted)
{
    const json_t *listed;
    size_t index;
    int r = listed_read(rm->from, &wanted->listed);
    json_array_foreach(wanted->listed.objects, index, listed)
    {
        const char *lacks = reap_can(listed_kind(listed)) ? listed_lacks(listed) : NULL;
        if (lacks)
            return cli_fail_format(rm->from,
                                   "%s has no %s, which tells it from a successor: list all columns",
                                   listed_label(listed), lacks);
    }
    return r;
}

static int check_arguments(const struct rm *rm, const struct cli *cli)
{
    int ways = (cli->index < cli->argc) + rm->orphans + (rm->from != NULL);
    if (ways == 0)
        return cli_fail("rm", "which object? Name it as 'shmoo list' does, or say --orphans or --from");
    if (ways > 1)
        return cli_fail("rm", "either objects by name, --orphans or --from");
    if (!rm->orphans && (rm->yes || rm->older || rm->by_user))
        return cli_fail("rm", "--yes, --older and --user go with --orphans");
    return 0;
}

static int run(int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_rm, argc, argv);
    struct rm rm = {0};
    int r = 0, letter = CLI_END;
    while (r == 0 && (letter = cli_next(&cli)) >= 0)
        r = take_option(&rm, &cli, letter);
    if (letter == CLI_EXIT)
        return cli_finish(STATUS_FINE);
    if (r || letter == CLI_BAD)
        return STATUS_FAILED;
    struct wanted wanted = {.labels = cli.argv + cli.index};
    rm.reap.dry_run |= rm.orphans && !rm.yes;
    r = check_arguments(&rm, &cli);
    if (r == 0 && rm.from)
        r = read_list(&rm, &wanted);
    if (r == 0)
        r = remove_all(&rm, &wanted);
    listed_free(&wanted.listed);
    return cli_finish(r);
}

const struct command cmd_rm = {
    .name = "rm",
    .synopsis = "[OPTIONS] OBJECT... | --orphans | --from FILE",
    .summary = "Remove objects that nobody uses",
    .options = options,
    .words = "object",
    .run = run,
};
