/* test_memory.c - strbuf, arena, array and hash: contents survive growth, bounds hold, nothing is lost. */
#include "common/arena.h"
#include "common/array.h"
#include "common/hash.h"
#include "common/strbuf.h"
#include "tests/unit/unit.h"

#include <stdlib.h>
#include <string.h>

static void strbuf_is_empty_but_never_null(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf buffer = {0};
    assert_string_equal(strbuf_text(&buffer), "");
    strbuf_add(&buffer, NULL, 0);
    strbuf_add_string(&buffer, "");
    strbuf_add_format(&buffer, "%s", "");
    assert_string_equal(strbuf_text(&buffer), "");
    assert_int_equal(buffer.length, 0);
    strbuf_clear(&buffer);
    assert_false(buffer.failed);
}

static void strbuf_keeps_what_was_added(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf buffer = {0};
    for (int i = 0; i < 10000; i++) {
        strbuf_add_format(&buffer, "%04d", i);
        strbuf_add_char(&buffer, ',');
    }
    assert_false(buffer.failed);
    assert_int_equal(buffer.length, 50000);
    assert_int_equal(strlen(buffer.text), 50000);
    for (int i = 0; i < 10000; i++)
        assert_int_equal(strtol(buffer.text + 5 * (size_t)i, NULL, 10), i);
}

static void strbuf_holds_nul_bytes(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf buffer = {0};
    strbuf_add(&buffer, "a\0b", 3);
    strbuf_add_char(&buffer, '\0');
    assert_int_equal(buffer.length, 4);
    assert_memory_equal(buffer.text, "a\0b\0", 5);
}

static void strbuf_remembers_a_failure_until_cleared(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf buffer = {0};
    strbuf_add_string(&buffer, "kept");
    assert_null(strbuf_reserve(&buffer, SIZE_MAX));
    assert_true(buffer.failed);
    strbuf_add_string(&buffer, " not added");
    strbuf_add_format(&buffer, "%d", 7);
    assert_string_equal(strbuf_text(&buffer), "kept");
    strbuf_clear(&buffer);
    strbuf_add_string(&buffer, "works");
    assert_false(buffer.failed);
    assert_string_equal(strbuf_text(&buffer), "works");
}

static void strbuf_reserve_gives_room_for_all(void **state)
{
    (void)state;
    AUTO_STRBUF struct strbuf buffer = {0};
    for (size_t size = 1; size < 5000; size += 37) {
        char *room = strbuf_reserve(&buffer, size);
        assert_non_null(room);
        memset(room, 'r', size + 1); /* the byte for the NUL is ours too */
    }
    assert_int_equal(buffer.length, 0);
}

static void arena_memory_is_zeroed_aligned_and_apart(void **state)
{
    (void)state;
    struct arena arena = {0};
    unsigned char *blocks[600];
    for (size_t i = 0; i < COUNT_OF(blocks); i++) {
        size_t size = i * 3;
        blocks[i] = arena_alloc(&arena, size);
        assert_non_null(blocks[i]);
        assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
        for (size_t byte = 0; byte < size; byte++)
            assert_int_equal(blocks[i][byte], 0);
        memset(blocks[i], (int)(i & 0xff), size);
    }
    for (size_t i = 0; i < COUNT_OF(blocks); i++)
        for (size_t byte = 0; byte < i * 3; byte++)
            assert_int_equal(blocks[i][byte], i & 0xff);
    arena_free(&arena);
    assert_null(arena.blocks);
    assert_int_equal(arena.total, 0);
}

static void arena_takes_big_blocks_and_refuses_absurd_ones(void **state)
{
    (void)state;
    struct arena arena = {0};
    char *big = arena_alloc(&arena, 1 << 20);
    assert_non_null(big);
    big[(1 << 20) - 1] = 'x';
    assert_true(arena.total >= 1 << 20);
    assert_null(arena_alloc(&arena, SIZE_MAX));
    assert_null(arena_alloc(&arena, SIZE_MAX / 2 + 1));
    arena_free(&arena);
}

static void arena_copies_strings(void **state)
{
    (void)state;
    struct arena arena = {0};
    char source[] = "abc\0def";
    char *copy = arena_copy(&arena, source, 7);
    char *text = arena_string(&arena, source);
    source[0] = 'X';
    assert_memory_equal(copy, "abc\0def", 8);
    assert_string_equal(text, "abc");
    assert_string_equal(arena_copy(&arena, NULL, 0), "");
    assert_null(arena_string(&arena, NULL));
    assert_string_equal(arena_format(&arena, "%s:%d", "sysv-shm", 7), "sysv-shm:7");
    arena_free(&arena);
}

static void array_elements_are_zeroed_and_survive_growth(void **state)
{
    (void)state;
    struct element {
        int number;
        char text[20];
    };
    ARRAY(struct element) array = {0};
    array_each(&array, element) fail_msg("an empty array has element %d", element->number);
    for (int i = 0; i < 5000; i++) {
        struct element *element = array_push(&array);
        assert_non_null(element);
        assert_int_equal(element->number, 0);
        assert_int_equal(element->text[19], 0);
        *element = (struct element){.number = i, .text = "ends with rubbish .."};
    }
    int expected = 0;
    array_each(&array, element) assert_int_equal(element->number, expected++);
    assert_int_equal(expected, 5000);
    array_free(&array);
    assert_int_equal(array.count, 0);
    assert_null(array.items);
}

static void array_that_cannot_grow_stays_as_it_is(void **state)
{
    (void)state;
    void *items = NULL;
    size_t count = 0, capacity = 0;
    assert_null(array_grow(&items, &count, &capacity, SIZE_MAX / 4));
    assert_null(items);
    assert_int_equal(count, 0);
    assert_int_equal(capacity, 0);
}

static void hash_finds_what_was_put(void **state)
{
    (void)state;
    struct hash hash = {0};
    uint32_t value = 77;
    assert_false(hash_get(&hash, 0, 0, &value));
    /* Device and inode as they come: few of the one, runs of the other; zero is a key like any other. */
    for (uint64_t device = 0; device < 10; device++)
        for (uint64_t inode = 0; inode < 1000; inode++)
            assert_int_equal(hash_put(&hash, device, inode << 12, (uint32_t)(device * 1000 + inode)), 0);
    assert_int_equal(hash.count, 10000);
    for (uint64_t device = 0; device < 10; device++)
        for (uint64_t inode = 0; inode < 1000; inode++) {
            assert_true(hash_get(&hash, device, inode << 12, &value));
            assert_int_equal(value, device * 1000 + inode);
        }
    value = 77;
    assert_false(hash_get(&hash, 10, 0, &value));
    assert_false(hash_get(&hash, 0, 1, &value));
    assert_int_equal(value, 77);
    hash_free(&hash);
    assert_false(hash_get(&hash, 0, 0, &value));
}

static void hash_overwrites(void **state)
{
    (void)state;
    struct hash hash = {0};
    uint32_t value;
    assert_int_equal(hash_put(&hash, 1, 2, 3), 0);
    assert_int_equal(hash_put(&hash, 2, 1, 4), 0);
    assert_int_equal(hash_put(&hash, 1, 2, 5), 0);
    assert_int_equal(hash.count, 2);
    assert_true(hash_get(&hash, 1, 2, &value));
    assert_int_equal(value, 5);
    assert_true(hash_get(&hash, 2, 1, &value));
    assert_int_equal(value, 4);
    hash_free(&hash);
}

static void hash_bytes_is_fnv_1a(void **state)
{
    (void)state;
    assert_true(hash_bytes("", 0) == UINT64_C(0xcbf29ce484222325));
    assert_true(hash_bytes("a", 1) == UINT64_C(0xaf63dc4c8601ec8c));
    assert_true(hash_bytes("foobar", 6) == UINT64_C(0x85944171f73967e8));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(strbuf_is_empty_but_never_null),
        cmocka_unit_test(strbuf_keeps_what_was_added),
        cmocka_unit_test(strbuf_holds_nul_bytes),
        cmocka_unit_test(strbuf_remembers_a_failure_until_cleared),
        cmocka_unit_test(strbuf_reserve_gives_room_for_all),
        cmocka_unit_test(arena_memory_is_zeroed_aligned_and_apart),
        cmocka_unit_test(arena_takes_big_blocks_and_refuses_absurd_ones),
        cmocka_unit_test(arena_copies_strings),
        cmocka_unit_test(array_elements_are_zeroed_and_survive_growth),
        cmocka_unit_test(array_that_cannot_grow_stays_as_it_is),
        cmocka_unit_test(hash_finds_what_was_put),
        cmocka_unit_test(hash_overwrites),
        cmocka_unit_test(hash_bytes_is_fnv_1a),
    };
    return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
