/* test_diff.c - which objects of two lists are the same, and what is no list. */
#include "tests/unit/unit.h"

#include "common/array.h"
#include "common/auto_json.h"
#include "inspector/diff_compare.h"
#include "inspector/listed.h"

/* A list of one segment with the members given. */
static json_t *list_of(const char *members)
{
    char text[256];
    snprintf(text, sizeof(text), "{\"schema\":1,\"objects\":[{\"object\":\"sysv-shm:7\"%s}]}", members);
    AUTO_JSON json_t *root = json_loads(text, 0, NULL);
    assert_non_null(root);
    json_t *index = diff_index(root);
    assert_non_null(index);
    return index;
}

/* How many "appeared", "vanished" or "changed" from one to the other. */
static size_t count(const char *before, const char *after, const char *how)
{
    AUTO_JSON json_t *old = list_of(before);
    AUTO_JSON json_t *new = list_of(after);
    AUTO_JSON json_t *difference = diff_compare(old, new);
    assert_non_null(difference);
    return json_array_size(json_object_get(difference, how));
}

static void objects_are_the_same_by_what_lasts(void **state)
{
    (void)state;
    static const struct {
        const char *before, *after;
        size_t replaced, changed;
    } pairs[] = {
        {"",                               "",                             0, 0},
        {",\"mode\":\"0600\"",             ",\"mode\":\"0640\"",           0, 1},
        {",\"mode\":\"0600\"",             "",                             0, 1},
        {"",                               ",\"mode\":\"0600\"",           0, 1},
        {",\"btime\":\"1\"",               ",\"btime\":\"2\"",             1, 0},
        {",\"btime\":\"1\"",               "",                             0, 1},
        {",\"cpid\":1",                    ",\"cpid\":2",                  1, 0},
        {",\"creator\":1",                 ",\"creator\":2",               1, 0},
        {",\"key\":\"0x00000001\"",        ",\"key\":\"0x00000002\"",      1, 0},
        {",\"key\":\"0x00000001\"",        ",\"key\":\"0x00000000\"",      0, 1},
        {",\"namespace\":1",               ",\"namespace\":2",             1, 0},
        {",\"namespace\":\"x\",\"key\":1", ",\"namespace\":[],\"key\":[]", 1, 0},
    };
    for (size_t i = 0; i < COUNT_OF(pairs); i++) {
        assert_int_equal(count(pairs[i].before, pairs[i].after, "vanished"), pairs[i].replaced);
        assert_int_equal(count(pairs[i].before, pairs[i].after, "appeared"), pairs[i].replaced);
        assert_int_equal(count(pairs[i].before, pairs[i].after, "changed"), pairs[i].changed);
    }
}

static void anything_else_is_no_list(void **state)
{
    (void)state;
    static const char *const texts[] = {
        "[]",
        "{}",
        "{\"objects\":{}}",
        "{\"objects\":[1]}",
        "{\"objects\":[{\"object\":1}]}",
        "{\"schema\":2,\"objects\":[]}",
        "{\"schema\":\"1\",\"objects\":[]}",
    };
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        AUTO_JSON json_t *root = json_loads(texts[i], 0, NULL);
        assert_non_null(root);
        assert_null(diff_index(root));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(objects_are_the_same_by_what_lasts),
        cmocka_unit_test(anything_else_is_no_list),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
