/* test_keys.c - the table of the dashboard's keys: each key does one thing, and is called what it is. */
#include "tests/unit/unit.h"

#include "common/array.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/keys.h"

#include <curses.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* What help and shmoo-top(1) call keys that are not just a character. */
static const struct {
    const char *written;
    int code;
} names[] = {
    {"Enter",     '\n'     },
    {"Space",     ' '      },
    {"Tab",       '\t'     },
    {"Shift-Tab", KEY_BTAB },
    {"Up",        KEY_UP   },
    {"Down",      KEY_DOWN },
    {"Left",      KEY_LEFT },
    {"Right",     KEY_RIGHT},
    {"PgUp",      KEY_PPAGE},
    {"PgDn",      KEY_NPAGE},
    {"Home",      KEY_HOME },
    {"End",       KEY_END  },
    {"Esc",       27       },
};

/* The code of a key as it is written, or -1. */
static int code_of(const char *written)
{
    static const char control[] = "Ctrl-";
    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(written, names[i].written) == 0)
            return names[i].code;
    if (strncmp(written, control, strlen(control)) == 0)
        return written[strlen(control)] & 0x1f;
    if (written[0] == 'F' && written[1])
        return KEY_F((int)strtol(written + 1, NULL, 10));
    return written[1] ? -1 : (unsigned char)written[0];
}

static void every_key_does_one_thing(void **state)
{
    (void)state;
    for (const struct key *key = keys; key->group; key++)
        for (const int *code = key->codes; *code; code++)
            if (key_find(*code) != key)
                fail_msg("%s and %s have the same key", key->written, key_find(*code)->written);
}

static void a_key_does_what_it_is_written_at(void **state)
{
    (void)state;
    for (const struct key *key = keys; key->group; key++) {
        char written[64], *rest = written;
        snprintf(written, sizeof(written), "%s", key->written);
        for (const char *name; (name = strsep(&rest, " "));)
            if (key_find(code_of(name)) != key)
                fail_msg("'%s' is not found at its name", name);
    }
}

static void keys_nobody_has_are_not_found(void **state)
{
    (void)state;
    static const int codes[] = {0, -1, 'X', '~', KEY_F(12), KEY_RESIZE, KEY_MOUSE, 0x10FFFF};
    for (size_t i = 0; i < COUNT_OF(codes); i++)
        assert_null(key_find(codes[i]));
}

static void every_screen_has_its_number(void **state)
{
    (void)state;
    const struct key *key = key_find('1');
    assert_non_null(key);
    for (int i = 0; i < SCREEN_COUNT; i++)
        assert_ptr_equal(key_find('1' + i), key);
    assert_null(key_find('1' + SCREEN_COUNT));
}

/* The last line has them in this order; that of htop and others before it. */
static void labels_are_on_function_keys_in_their_order(void **state)
{
    (void)state;
    int last = 0;
    for (const struct key *key = keys; key->group; key++) {
        if (!key->label)
            continue;
        /* Others stand between F9 and F10 where there is room for them. */
        if (key->written[0] != 'F') {
            assert_int_equal(last, 9);
            continue;
        }
        int number = (int)strtol(key->written + 1, NULL, 10);
        assert_true(number > last);
        last = number;
    }
    assert_int_equal(last, 10);
}

/* The help screen must not cut them off on 80 columns. */
static void help_fits_a_narrow_screen(void **state)
{
    (void)state;
    enum { KEYS = 14, ALL = 78 };
    for (const struct key *key = keys; key->group; key++) {
        if (strlen(key->written) >= KEYS || strlen(key->help) > ALL - KEYS)
            fail_msg("too long: %s %s", key->written, key->help);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_key_does_one_thing),
        cmocka_unit_test(a_key_does_what_it_is_written_at),
        cmocka_unit_test(keys_nobody_has_are_not_found),
        cmocka_unit_test(every_screen_has_its_number),
        cmocka_unit_test(help_fits_a_narrow_screen),
        cmocka_unit_test(labels_are_on_function_keys_in_their_order),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
