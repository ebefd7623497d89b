/* prompt.c - see prompt.h. There is one prompt at a time. */
#include "inspector/dashboard/prompt.h"

#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"
#include "inspector/dashboard/keys.h"

#include <curses.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

static struct {
    const char *label;
    char text[256];
    void (*done)(struct dashboard *dashboard, const char *text);
    void (*changed)(struct dashboard *dashboard, const char *text);
} prompt;

static void draw(struct dashboard *dashboard)
{
    struct draw_run run = {.y = LINES - 1, .end = COLS};
    if (dashboard->message[0])
        draw_text(LINES - 2, 0, COLS, dashboard->message_is_bad ? STYLE_BAD : STYLE_PROMPT,
                  dashboard->message);
    draw_fill(LINES - 1, 0, COLS, STYLE_PROMPT);
    draw_add(&run, STYLE_PROMPT, "%s: ", prompt.label);
    int room = COLS - run.x - 2;
    const char *text = prompt.text;
    while (*text && draw_width(text) > room)
        text++;
    draw_add(&run, STYLE_PROMPT, "%s", text);
    draw_add(&run, STYLE_SELECTED, " ");
}

static void erase_last(void)
{
    size_t length = strlen(prompt.text);
    while (length && ((unsigned char)prompt.text[length - 1] & 0xC0) == 0x80)
        length--;
    prompt.text[length ? length - 1 : 0] = '\0';
}

static void type(int code)
{
    char bytes[MB_LEN_MAX + 1] = "";
    mbstate_t state = {0};
    size_t length = wcrtomb(bytes, (wchar_t)code, &state), used = strlen(prompt.text);
    if (code < ' ' || code == 127 || length == (size_t)-1 || used + length >= sizeof(prompt.text))
        return;
    memcpy(prompt.text + used, bytes, length);
    prompt.text[used + length] = '\0';
}

static void key(struct dashboard *dashboard, int code)
{
    enum { ESCAPE = 27, CTRL_C = 3, CTRL_H = 8, CTRL_U = 21, DELETE = 127 };
    if (code == ESCAPE || code == CTRL_C) {
        dashboard->popup = NULL;
        return;
    }
    if (code == '\n' || code == '\r' || code == KEY_ENTER) {
        dashboard->popup = NULL;
        prompt.done(dashboard, prompt.text);
        return;
    }
    if (code == KEY_BACKSPACE || code == CTRL_H || code == DELETE)
        erase_last();
    else if (code == CTRL_U)
        prompt.text[0] = '\0';
    else if (code < KEY_MIN || code >= KEY_WIDE)
        type(code < KEY_WIDE ? code : code - KEY_WIDE);
    if (prompt.changed)
        prompt.changed(dashboard, prompt.text);
}

static const struct popup popup = {.draw = draw, .key = key};

void prompt_open(struct dashboard *dashboard, const char *label, const char *start,
                 void (*done)(struct dashboard *dashboard, const char *text),
                 void (*changed)(struct dashboard *dashboard, const char *text))
{
    prompt.label = label;
    prompt.done = done;
    prompt.changed = changed;
    snprintf(prompt.text, sizeof(prompt.text), "%s", start);
    dashboard->popup = &popup;
}
