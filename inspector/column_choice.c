/* column_choice.c - see column_choice.h. */
#include "inspector/column_choice.h"

#include "common/array.h"
#include "common/cli.h"
#include "probes/kind.h"

#include <stdio.h>
#include <string.h>

#define DEFAULT_LAYOUT "object,state,size,used,owner,age,cpid_state,waiters,processes"

static const struct {
    uint64_t kinds;
    const char *columns;
} layouts[] = {
#define LAYOUT(kind, columns) {UINT64_C(1) << KIND_##kind, columns},
#include "inspector/layouts.def"
#undef LAYOUT
};

static const char *default_columns(uint64_t wanted)
{
    for (size_t i = 0; i < COUNT_OF(layouts); i++)
        if (layouts[i].kinds == wanted)
            return layouts[i].columns;
    return DEFAULT_LAYOUT;
}

void columns_add(struct column_choice *choice, const struct column *column)
{
    for (size_t i = 0; i < choice->count; i++)
        if (choice->items[i] == column)
            return;
    if (choice->count < COLUMNS_MAX)
        choice->items[choice->count++] = column;
}

static int unknown_column(const char *name, size_t length)
{
    const char *near = column_suggest(name, length);
    if (near)
        return cli_fail_format("-o", "unknown column '%.*s' (did you mean '%s'?)", (int)length, name, near);
    return cli_fail_format("-o", "unknown column '%.*s'; --help lists them", (int)length, name);
}

static int add_names(struct column_choice *choice, const char *names)
{
    for (;;) {
        size_t length = strcspn(names, ",");
        const struct column *column = column_find(names, length);
        if (!column)
            return unknown_column(names, length);
        columns_add(choice, column);
        if (!names[length])
            return 0;
        names += length + 1;
    }
}

int columns_choose(struct column_choice *choice, uint64_t wanted, const char *option)
{
    *choice = (struct column_choice){.chosen = option};
    if (!option || *option == '+')
        add_names(choice, default_columns(wanted));
    return option ? add_names(choice, *option == '+' ? option + 1 : option) : 0;
}

unsigned columns_needs(const struct column_choice *choice)
{
    unsigned needs = 0;
    for (size_t i = 0; i < choice->count; i++)
        needs |= column_needs(choice->items[i]);
    return needs;
}
