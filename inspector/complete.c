/* complete.c - see complete.h. */
#include "inspector/complete.h"

#include "common/array.h"
#include "common/cli.h"
#include "inspector/column.h"
#include "inspector/commands.h"
#include "inspector/kind_choice.h"
#include "inspector/source.h"
#include "probes/collect.h"
#include "probes/kernel.h"
#include "probes/kind.h"
#include "probes/snapshot.h"

#include <stdio.h>
#include <string.h>

/* The word being completed: `prefix` of it stays, `rest` is what candidates start with. */
struct word {
    const char *text;
    size_t prefix;
    const char *rest;
};

typedef void offer_function(const struct word *word);

static void offer(const struct word *word, const char *candidate)
{
    if (strncmp(candidate, word->rest, strlen(word->rest)) == 0)
        printf("%.*s%s\n", (int)word->prefix, word->text, candidate);
}

static void offer_commands(const struct word *word)
{
    for (const struct command *const *command = commands; *command; command++)
        offer(word, (*command)->name);
}

static void offer_kinds(const struct word *word)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        offer(word, kinds[i]->name);
}

static void offer_columns(const struct word *word)
{
    for (const struct column *column = columns; column->name; column++)
        offer(word, column->name);
}

static struct snapshot *look(uint64_t wanted, unsigned needs)
{
    AUTO_KERNEL struct kernel *kernel = NULL;
    struct source_options options = {0};
    struct request request = {.kinds = wanted, .needs = needs | kinds_needs(wanted)};
    struct snapshot *snapshot = NULL;
    if (source_open(&options, &kernel) == 0)
        source_collect(kernel, &options, &request, &snapshot);
    return snapshot;
}

/* Noisy kinds are looked for once their name is there. */
static void offer_objects(const struct word *word)
{
    uint64_t wanted = kinds_usual();
    int kind = kind_of_label(word->rest);
    if (kind >= 0)
        wanted = UINT64_C(1) << kind;
    struct snapshot *snapshot = look(wanted, 0);
    for (size_t i = 0; snapshot && i < snapshot->object_count; i++)
        if (!snapshot->objects[i]->hidden)
            offer(word, snapshot->objects[i]->label);
    snapshot_free(snapshot);
}

static void offer_pids(const struct word *word)
{
    struct snapshot *snapshot = look(kinds_usual(), NEED_USERS);
    for (size_t i = 0; snapshot && i < snapshot->process_count; i++) {
        char pid[16];
        snprintf(pid, sizeof(pid), "%d", snapshot->processes[i].pid);
        offer(word, pid);
    }
    snapshot_free(snapshot);
}

static void offer_users(const struct word *word)
{
    (void)word;
    puts("@user");
}

static void offer_programs(const struct word *word)
{
    (void)word;
    puts("@command");
}

static void offer_nothing(const struct word *word)
{
    (void)word;
}

static void offer_files(const struct word *word)
{
    (void)word;
    puts("@file");
}

/* What operands (`words` of a command) and arguments of options complete to; files where there is no row. */
static const struct {
    const char *what;
    offer_function *offer;
    bool list; /* several, separated by commas */
} sorts[] = {
    {"kind",     offer_kinds,    false},
    {"object",   offer_objects,  false},
    {"pid",      offer_pids,     false},
    {"command",  offer_programs, false},
    {"nothing",  offer_nothing,  false},
    {"KINDS",    offer_kinds,    true },
    {"[=KINDS]", offer_kinds,    true },
    {"COLUMNS",  offer_columns,  true },
    {"COLUMN",   offer_columns,  false},
    {"USER",     offer_users,    false},
    {"PID",      offer_pids,     false},
    {"EXPR",     offer_columns,  false},
};

/* The part after the last comma, and after a leading sign, is what is being written. */
static struct word split(const char *text, size_t start, bool list)
{
    const char *rest = text + start;
    const char *comma = list ? strrchr(rest, ',') : NULL;
    rest = comma ? comma + 1 : rest;
    rest += (*rest == '+' || *rest == '-') && rest == text + start;
    return (struct word){.text = text, .prefix = (size_t)(rest - text), .rest = rest};
}

static void offer_sort(const char *what, const char *text, size_t start)
{
    for (size_t i = 0; what && i < COUNT_OF(sorts); i++) {
        if (strcmp(sorts[i].what, what) != 0)
            continue;
        struct word word = split(text, start, sorts[i].list);
        sorts[i].offer(&word);
        return;
    }
    offer_files(NULL);
}

static void offer_options(const struct command *command, const char *text)
{
    static const char *const common[] = {"--help", "--version"};
    struct word word = {.text = text, .rest = text};
    char name[64];
    for (const struct cli_option *option = command->options; option && option->name; option++) {
        snprintf(name, sizeof(name), "--%s", option->name);
        offer(&word, name);
    }
    for (size_t i = 0; i < COUNT_OF(common); i++)
        offer(&word, common[i]);
}

/* The option that "-o", "--sort" or "--sort=SIZE" names, if it takes an argument. */
static const struct cli_option *option_of(const struct command *command, const char *text)
{
    size_t length = strcspn(text, "=");
    for (const struct cli_option *option = command->options; option && option->name; option++) {
        bool named = strncmp(text, "--", 2) == 0 && strlen(option->name) == length - 2 &&
                     memcmp(text + 2, option->name, length - 2) == 0;
        bool lettered = text[0] == '-' && text[1] == option->letter && !text[2];
        if ((named || lettered) && option->argument)
            return option;
    }
    return NULL;
}

static void complete_command(const struct command *command, const char *before, const char *text)
{
    const struct cli_option *option = option_of(command, before);
    const char *equals = strncmp(text, "--", 2) == 0 ? strchr(text, '=') : NULL;
    if (option && option->argument[0] != '[' && !strchr(before, '=')) {
        offer_sort(option->argument, text, 0);
    } else if (equals) {
        option = option_of(command, text);
        offer_sort(option ? option->argument : NULL, text, (size_t)(equals + 1 - text));
    } else if (text[0] == '-') {
        offer_options(command, text);
    } else {
        offer_sort(command->words, text, 0);
    }
}

int complete(int count, char **words)
{
    if (count < 1)
        return STATUS_FAILED;
    const struct command *command = count > 1 ? command_find(words[0]) : NULL;
    struct word first = {.text = words[0], .rest = words[0]};
    if (count == 1)
        offer_commands(&first);
    else if (command)
        complete_command(command, words[count - 2], words[count - 1]);
    return cli_finish(STATUS_FINE);
}
