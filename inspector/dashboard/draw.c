/* draw.c - see draw.h. */
#include "inspector/dashboard/draw.h"

#include "common/array.h"
#include "inspector/dashboard/terminal.h"

#include <curses.h>
#include <stdarg.h>
#include <string.h>
#include <wchar.h>

enum { LINE_ROOM = 2048 };

/* The next character: its bytes, and its width in columns. What cannot be shown counts as one column. */
static size_t next_character(const char *text, mbstate_t *state, int *ret_width)
{
    wchar_t wide;
    size_t length = mbrtowc(&wide, text, MB_CUR_MAX, state);
    if (length == 0)
        return 0;
    if (length == (size_t)-1 || length == (size_t)-2) {
        memset(state, 0, sizeof(*state));
        *ret_width = 1;
        return 1;
    }
    int width = wcwidth(wide);
    *ret_width = width < 0 ? 1 : width;
    return length;
}

int draw_width(const char *text)
{
    mbstate_t state = {0};
    int width = 0, one;
    for (size_t length; (length = next_character(text, &state, &one)); text += length)
        width += one;
    return width;
}

/* The bytes that fit into `width` columns, and how many columns they take. */
static size_t fitting(const char *text, int width, int *ret_taken)
{
    mbstate_t state = {0};
    size_t bytes = 0;
    int taken = 0, one;
    for (size_t length; (length = next_character(text + bytes, &state, &one)); bytes += length) {
        if (taken + one > width)
            break;
        taken += one;
    }
    *ret_taken = taken;
    return bytes;
}

size_t draw_wrap(const char *text, int width)
{
    int taken;
    size_t bytes = fitting(text, width, &taken), words = bytes;
    if (!text[bytes])
        return bytes;
    while (words && text[words] != ' ')
        words--;
    if (words)
        return words;
    return bytes ? bytes : strlen(text);
}

static const char *ellipsis(void)
{
    return terminal_is_utf8() ? "…" : "~";
}

static void put(int y, int x, enum style style, const char *text, size_t bytes)
{
    attrset(style_attributes(style));
    mvaddnstr(y, x, text, (int)bytes);
}

void draw_fill(int y, int x, int width, enum style style)
{
    attrset(style_attributes(style));
    for (int i = 0; i < width; i++)
        mvaddch(y, x + i, ' ');
}

static void draw_aligned(int y, int x, int width, enum style style, const char *text, bool right)
{
    int taken;
    if (width <= 0 || y < 0 || y >= LINES || x >= COLS)
        return;
    size_t bytes = fitting(text, width, &taken);
    bool cut = text[bytes] != '\0';
    if (cut)
        bytes = fitting(text, width - 1, &taken);
    int used = taken + cut, start = right ? x + width - used : x;
    draw_fill(y, x, width, style);
    put(y, start, style, text, bytes);
    if (cut)
        mvaddstr(y, start + taken, ellipsis());
}

void draw_text(int y, int x, int width, enum style style, const char *text)
{
    draw_aligned(y, x, width, style, text, false);
}

void draw_text_right(int y, int x, int width, enum style style, const char *text)
{
    draw_aligned(y, x, width, style, text, true);
}

static bool add(struct draw_run *run, enum style style, bool whole, const char *format, va_list arguments)
    __attribute__((format(printf, 4, 0)));

static bool add(struct draw_run *run, enum style style, bool whole, const char *format, va_list arguments)
{
    char text[LINE_ROOM];
    int taken;
    vsnprintf(text, sizeof(text), format, arguments);
    if (run->x >= run->end || run->y < 0 || run->y >= LINES)
        return false;
    size_t bytes = fitting(text, run->end - run->x, &taken);
    if (whole && text[bytes])
        return false;
    put(run->y, run->x, style, text, bytes);
    run->x += taken;
    return true;
}

void draw_add(struct draw_run *run, enum style style, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add(run, style, false, format, arguments);
    va_end(arguments);
}

bool draw_add_whole(struct draw_run *run, enum style style, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    bool drawn = add(run, style, true, format, arguments);
    va_end(arguments);
    return drawn;
}

void draw_rule(int y, int x, int width)
{
    attrset(style_attributes(STYLE_FRAME));
    mvhline(y, x, ACS_HLINE, width);
}

void draw_bar(int y, int x, int height)
{
    attrset(style_attributes(STYLE_FRAME));
    mvvline(y, x, ACS_VLINE, height);
}

void draw_meter(int y, int x, int width, unsigned percent, const char *text)
{
    int room = width - 2, text_width = draw_width(text);
    if (room < 4)
        return;
    int filled = (int)((unsigned)room * (percent > 100 ? 100 : percent) / 100);
    int text_start = text_width < room ? room - text_width : 0;
    if (percent && !filled)
        filled = 1;
    draw_text(y, x, 1, STYLE_FRAME, "[");
    draw_text_right(y, x + 1, room, STYLE_DIM, text);
    for (int i = 0; i < filled && i < text_start; i++)
        put(y, x + 1 + i, style_of_level(percent), "|", 1);
    if (filled > text_start) {
        int taken;
        size_t bytes = fitting(text, filled - text_start, &taken);
        put(y, x + 1 + text_start, style_of_level(percent), text, bytes);
    }
    draw_text(y, x + width - 1, 1, STYLE_FRAME, "]");
}

void draw_spark(int y, int x, int width, enum style style, const float *samples, size_t count)
{
    static const char *const blocks[] = {"▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
    static const char *const letters[] = {"_", ".", "-", "~", "=", "+", "*", "#"};
    const char *const *marks = terminal_has_fine_blocks() ? blocks : letters;
    float top = 0;
    if (width <= 0)
        return;
    size_t skipped = count > (size_t)width ? count - (size_t)width : 0;
    for (size_t i = skipped; i < count; i++)
        top = samples[i] > top ? samples[i] : top;
    for (size_t i = skipped; i < count; i++) {
        size_t step = top > 0 ? (size_t)(samples[i] / top * (float)(COUNT_OF(blocks) - 1) + 0.5F) : 0;
        const char *mark = marks[step < COUNT_OF(blocks) ? step : COUNT_OF(blocks) - 1];
        put(y, x + (int)(i - skipped), style, mark, strlen(mark));
    }
}
