/* footer.c - see footer.h. */
#include "inspector/dashboard/footer.h"

#include "inspector/dashboard/draw.h"
#include "inspector/dashboard/keys.h"

#include <curses.h>
#include <string.h>

enum { LABEL_WIDTH = 7 };

static int key_width(const struct key *key)
{
    return (int)strcspn(key->written, " ") + LABEL_WIDTH;
}

void footer_draw(const struct dashboard *dashboard, int y)
{
    struct draw_run run = {.y = y, .end = COLS};
    if (dashboard->message[0]) {
        draw_text(y, 0, COLS, dashboard->message_is_bad ? STYLE_BAD : STYLE_PROMPT, dashboard->message);
        return;
    }
    draw_fill(y, 0, COLS, STYLE_KEY_TEXT);
    for (const struct key *key = keys; key->group; key++) {
        if (!key->label || run.x + key_width(key) > COLS)
            continue;
        draw_add(&run, STYLE_KEY, "%.*s", (int)strcspn(key->written, " "), key->written);
        draw_add(&run, STYLE_KEY_TEXT, "%-*s", LABEL_WIDTH, key->label);
    }
}

int footer_key_at(int x)
{
    int start = 0;
    for (const struct key *key = keys; key->group; key++) {
        if (!key->label || start + key_width(key) > COLS)
            continue;
        if (x >= start && x < start + key_width(key))
            return key->codes[0];
        start += key_width(key);
    }
    return 0;
}
