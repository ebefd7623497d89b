/*
 * dashboard.h - the state of the dashboard, and what all that changes it has to do. Screens, keys and
 * whatever draws know this; what knows them is the loop (loop.h).
 */
#pragma once

#include "inspector/column_choice.h"
#include "inspector/dashboard/collector.h"
#include "inspector/dashboard/model.h"
#include "inspector/dashboard/settings.h"
#include "inspector/dashboard/table.h"
#include "inspector/selection.h"

#include <stdbool.h>
#include <stdint.h>

struct dashboard;
struct kernel;

enum screen_index {
#define SCREEN(name) SCREEN_##name,
#include "inspector/dashboard/screens.def"
#undef SCREEN
    SCREEN_COUNT
};

/* Something over the list that takes the keys: help, a menu, a line to type, a question. */
struct popup {
    void (*draw)(struct dashboard *dashboard);
    void (*key)(struct dashboard *dashboard, int key); /* as curses gives it; characters below KEY_MIN */
    void (*click)(struct dashboard *dashboard, int y, int x); /* or NULL: it does nothing */
};

enum detail_size { DETAIL_CLOSED, DETAIL_SPLIT, DETAIL_WHOLE };

enum { REMOVALS_MAX = 256 };

struct dashboard {
    struct model model;
    struct collector *collector;
    struct wish wish;
    uint64_t kinds; /* asked for */
    struct settings settings;
    struct column_choice columns; /* of the objects screen */
    struct selection selection;   /* filter, user, pid */
    struct filter *filter;        /* NULL: none */
    char filter_text[256], search[128];
    struct table tables[SCREEN_COUNT];
    size_t screen;
    enum detail_size detail;
    int detail_top; /* first line in view */
    const struct popup *popup;
    struct identity removals[REMOVALS_MAX]; /* confirmed: to be removed once they have been looked at again */
    size_t removal_count;
    uint64_t removals_asked; /* when that was: nanoseconds since 1970; 0: not */
    char message[256];       /* on the last line, until the next key */
    bool message_is_bad;
    bool follow, readonly, quit;
    uint64_t collapsed;   /* kinds folded in the tree, by position */
    uint64_t frames_left; /* snapshots until it ends by itself; 0: it does not */
    int error;            /* of the last collection, or 0 */
};

static inline struct table *dashboard_table(struct dashboard *dashboard)
{
    return &dashboard->tables[dashboard->screen];
}

/* Makes the rows of the shown screen again after something about them changed. */
void dashboard_update(struct dashboard *dashboard);

/* Tells the collector what is now needed. */
void dashboard_wish(struct dashboard *dashboard);

/* Says something on the last line. */
void dashboard_say(struct dashboard *dashboard, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
void dashboard_complain(struct dashboard *dashboard, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
