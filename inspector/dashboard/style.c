/* style.c - see style.h. */
#include "inspector/dashboard/style.h"

#include <curses.h>

static const struct {
    short colour, background;             /* of 256 */
    short basic_colour, basic_background; /* of 8 */
    unsigned attributes, plain;           /* with colours, without */
} table[STYLE_COUNT] = {
#define STYLE(NAME, ...) [STYLE_##NAME] = {__VA_ARGS__},
#include "inspector/dashboard/styles.def"
#undef STYLE
};

static bool coloured;

void style_start(bool colours)
{
    coloured = colours && has_colors() && start_color() == OK;
    if (!coloured)
        return;
    use_default_colors();
    for (short i = 0; i < STYLE_COUNT; i++)
        init_pair((short)(i + 1), COLORS >= 256 ? table[i].colour : table[i].basic_colour,
                  COLORS >= 256 ? table[i].background : table[i].basic_background);
}

unsigned style_attributes(enum style style)
{
    return coloured ? table[style].attributes | (unsigned)COLOR_PAIR(style + 1) : table[style].plain;
}

enum style style_selected(enum style style)
{
    static const enum style selected[STYLE_COUNT] = {
        [STYLE_NEW] = STYLE_SELECTED_NEW,
        [STYLE_CHANGED] = STYLE_SELECTED_CHANGED,
        [STYLE_GONE] = STYLE_SELECTED_GONE,
    };
    return selected[style] ? selected[style] : STYLE_SELECTED;
}

enum style style_of_level(unsigned percent)
{
    return percent >= 90 ? STYLE_BAD : percent >= 70 ? STYLE_WARN : STYLE_GOOD;
}

enum style style_of_confidence(enum confidence confidence)
{
    static const enum style styles[] = {
        [CONFIDENCE_CERTAIN] = STYLE_BAD, [CONFIDENCE_LIKELY] = STYLE_WARN, [CONFIDENCE_HINT] = STYLE_LABEL};
    return styles[confidence];
}
