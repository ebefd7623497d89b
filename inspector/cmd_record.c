/*
 * cmd_record.c - `shmoo record`: writes down all that the probes read of this machine, for a bug report or a
 * test. The folder becomes a recording only when everything was written.
 */
#include "common/cleanup.h"
#include "common/cli.h"
#include "inspector/sandbox.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/limits.h"
#include "probes/snapshot.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

extern const struct command cmd_record;

enum { OPTION_ARGUMENTS = 512, OPTION_NOTIFY };

static const struct cli_option options[] = {
    {"all-namespaces", 'a',              NULL, "look into every ipc namespace and container"                    },
    {"arguments",      OPTION_ARGUMENTS, NULL, "keep command lines, which may hold secrets"                     },
    {"notify",         OPTION_NOTIFY,    NULL, "read queues' files too, which sets their access and change time"},
    {NULL,             0,                NULL, NULL                                                             },
};

struct record {
    bool all_namespaces, arguments, notify;
};

/* A new folder, readable by its owner only, whatever the umask. */
static int make_folder(const char *path)
{
    if (mkdir(path, 0700) < 0)
        return -errno;
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    return fd < 0 ? -errno : fd;
}

static int open_recorder(const struct record *record, int folder, struct kernel **ret_kernel)
{
    struct kernel_live_options live = {.all_namespaces = record->all_namespaces};
    AUTO_KERNEL struct kernel *machine = NULL;
    int r = kernel_open_live(&live, &machine);
    if (r < 0)
        return r;
    r = kernel_open_recorder(machine, folder, record->arguments, ret_kernel);
    if (r == 0)
        take_ptr(machine);
    return r;
}

/* Everything any command would ask for, so that all of them can answer from the recording. */
static int ask_everything(struct kernel *kernel, const struct record *record, struct snapshot **ret_snapshot)
{
    struct request request = {
        .kinds = (UINT64_C(1) << KIND_COUNT) - 1,
        .needs = NEED_ALL | (record->notify ? NEED_NOTIFY : 0),
        .all_namespaces = record->all_namespaces,
    };
    struct limits *limits = NULL;
    struct snapshot *snapshot;
    int r = snapshot_collect(kernel, &request, &snapshot);
    if (r < 0)
        return r;
    r = limits_read(kernel, snapshot, &limits);
    limits_free(limits);
    if (r < 0)
        snapshot_free(snapshot);
    else
        *ret_snapshot = snapshot;
    return r;
}

static int record_into(const struct record *record, const char *path, int folder)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct snapshot *snapshot = NULL;
    int r = open_recorder(record, folder, &kernel);
    if (r < 0)
        return cli_fail_errno("/proc", r);
    r = sandbox_enter(SANDBOX_RECORDING | (record->all_namespaces ? SANDBOX_NAMESPACES : 0u));
    if (r < 0)
        cli_fail_format("going on without a sandbox", "seccomp: %s", strerror(-r));
    r = ask_everything(kernel, record, &snapshot);
    if (r < 0)
        return cli_fail_errno("/proc", r);
    r = kernel_recorder_finish(kernel);
    if (r == 0)
        printf("%zu objects and %zu processes recorded; read them with --root\n", snapshot->object_count,
               snapshot->process_count);
    snapshot_free(snapshot);
    return r < 0 ? cli_fail_errno(path, r) : 0;
}

static int run(int argc, char **argv)
{
    struct cli cli = cli_start(&cmd_record, argc, argv);
    struct record record = {0};
    for (int letter; (letter = cli_next(&cli)) != CLI_END;) {
        switch (letter) {
        case CLI_EXIT: return cli_finish(STATUS_FINE);
        case CLI_BAD: return STATUS_FAILED;
        case 'a': record.all_namespaces = true; break;
        case OPTION_ARGUMENTS: record.arguments = true; break;
        case OPTION_NOTIFY: record.notify = true; break;
        default: return STATUS_FAILED;
        }
    }
    if (cli.index != argc - 1)
        return cli_fail("record", "needs the name of a new folder, and nothing else");
    const char *path = argv[cli.index];
    AUTO_CLOSE int folder = make_folder(path);
    if (folder < 0)
        return cli_fail_errno(path, folder);
    return cli_finish(record_into(&record, path, folder));
}

const struct command cmd_record = {
    .name = "record",
    .synopsis = "[OPTIONS] DIR",
    .summary = "Record what the kernel answers, for tests and bug reports",
    .options = options,
    .run = run,
};
