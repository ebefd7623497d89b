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

/* Whether a key has room at a column. The last one, which is the way out, always has. */
static bool fits(const struct key *key, int x)
{
    const struct key *last = key;
    for (const struct key *other = key; other->group; other++)
        last = other->label ? other : last;
    return x + key_width(key) + (last == key ? 0 : key_width(last)) <= COLS;
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
        if (!key->label || !fits(key, run.x))
            continue;
        draw_add(&run, STYLE_KEY, "%.*s", (int)strcspn(key->written, " "), key->written);
        draw_add(&run, STYLE_KEY_TEXT, "%-*s", LABEL_WIDTH, key->label);
    }
}

int footer_key_at(int x)
{
    int start = 0;
    for (const struct key *key = keys; key->group; key++) {
        if (!key->label || !fits(key, start))
            continue;
        if (x >= start && x < start + key_width(key))
            return key->codes[0];
        start += key_width(key);
    }
    return 0;
}
