/* kind_choice.c - see kind_choice.h. */
#include "inspector/kind_choice.h"

#include "common/cli.h"
#include "common/suggest.h"
#include "probes/kind.h"

#include <stdio.h>
#include <string.h>

uint64_t kinds_usual(void)
{
    uint64_t usual = 0;
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (!kinds[i]->noisy)
            usual |= UINT64_C(1) << i;
    return usual;
}

static int unknown_kind(const char *name, size_t length)
{
    struct suggest suggest = suggest_start(name, length);
    for (size_t i = 0; i < KIND_COUNT; i++)
        suggest_offer(&suggest, kinds[i]->name);
    char what[80];
    snprintf(what, sizeof(what), "%.*s", (int)length, name);
    if (suggest.best)
        return cli_fail_format(what, "no such kind (did you mean '%s'?)", suggest.best);
    return cli_fail(what, "no such kind; 'shmoo list --help' lists them");
}

static int add_kind(uint64_t *chosen, const char *name, size_t length)
{
    for (size_t i = 0; i < KIND_COUNT; i++) {
        if (strlen(kinds[i]->name) != length || memcmp(kinds[i]->name, name, length) != 0)
            continue;
        *chosen |= UINT64_C(1) << i;
        return 0;
    }
    return unknown_kind(name, length);
}

int kinds_add(uint64_t *chosen, const char *names)
{
    if (strcmp(names, "all") == 0) {
        *chosen |= (UINT64_C(1) << KIND_COUNT) - 1;
        return 0;
    }
    for (;;) {
        size_t length = strcspn(names, ",");
        int r = add_kind(chosen, names, length);
        if (r || !names[length])
            return r;
        names += length + 1;
    }
}

unsigned kinds_needs(uint64_t chosen)
{
    unsigned needs = 0;
    for (size_t i = 0; i < KIND_COUNT; i++)
        if (chosen & UINT64_C(1) << i)
            needs |= kinds[i]->always;
    return needs;
}

void kinds_print_help(void)
{
    printf("\nKinds:\n");
    for (size_t i = 0; i < KIND_COUNT; i++)
        printf("  %-12s %s%s\n", kinds[i]->name, kinds[i]->summary,
               kinds[i]->noisy ? " (by name or with --kinds all)" : "");
}
