#include "common/cli.h"
#include <stddef.h>
static int list_run(int argc, char **argv)
{
    struct cli cli = cli_start(NULL, argc, argv);
    (void)cli;
    return 0;
}
const struct command cmd_list = {
    .name = "list", .synopsis = "[KIND...]", .summary = "List IPC objects", .run = list_run};
