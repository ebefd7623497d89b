/* test_render_json.c - the JSON of shmoo-json(5), read back by a JSON library that we did not write. */
#include "tests/unit/unit.h"

#include "inspector/renderer.h"
#include "tests/unit/sample_snapshot.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

static json_t *rendered(const char *option)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    struct column_choice columns_chosen;
    assert_non_null(out);
    assert_int_equal(columns_choose(&columns_chosen, 0, option), 0);
    struct listing listing = {
        .snapshot = &sample, .objects = sample_order, .count = SAMPLE_COUNT, .columns = &columns_chosen};
    assert_int_equal(render_json.render(&listing, out), 0);
    fclose(out);
    json_error_t error;
    json_t *root = json_loadb(text, length, JSON_REJECT_DUPLICATES, &error);
    if (!root)
        fail_msg("%s at %d: %s", error.text, error.position, text);
    free(text);
    return root;
}

static json_t *object_of(json_t *root, size_t index)
{
    json_t *object = json_array_get(json_object_get(root, "objects"), index);
    assert_non_null(object);
    return object;
}

static void check_string(json_t *object, const char *key, const char *expected)
{
    const char *text = json_string_value(json_object_get(object, key));
    if (!text || strcmp(text, expected) != 0)
        fail_msg("%s: '%s' instead of '%s'", key, text ? text : "(none)", expected);
}

static void check_number(json_t *object, const char *key, json_int_t expected)
{
    json_t *number = json_object_get(object, key);
    if (!json_is_integer(number) || json_integer_value(number) != expected)
        fail_msg("%s is not %lld", key, (long long)expected);
}

static void members_are_typed(void **state)
{
    (void)state;
    json_t *root = rendered(NULL);
    check_number(root, "schema", 1);
    assert_int_equal(json_array_size(json_object_get(root, "objects")), SAMPLE_COUNT);
    json_t *segment = object_of(root, SAMPLE_SEGMENT);
    check_string(segment, "kind", "sysv-shm");
    check_string(segment, "object", "sysv-shm:7");
    check_string(segment, "key", "0x00001234");
    check_number(segment, "size", 2 << 20);
    check_number(segment, "owner", 0);
    check_string(segment, "owner_name", "root");
    check_string(segment, "mode", "0640");
    check_number(segment, "cpid", 11);
    check_string(segment, "cpid_state", "alive");
    check_string(segment, "lpid_state", "dead");
    check_string(segment, "ctime", "2026-11-23T18:00:00Z");
    assert_null(json_object_get(segment, "name"));
    assert_null(json_object_get(segment, "denied"));
    check_string(object_of(root, SAMPLE_FILE), "btime", "2026-11-23T19:58:30.000000005Z");
    json_decref(root);
}

static void users_are_edges_with_their_process(void **state)
{
    (void)state;
    json_t *root = rendered(NULL);
    json_t *users = json_object_get(object_of(root, SAMPLE_SEGMENT), "users");
    assert_int_equal(json_array_size(users), 3);
    json_t *writer = json_array_get(users, 0);
    check_number(writer, "pid", 11);
    check_string(writer, "role", "mapped");
    check_string(writer, "access", "rw-");
    check_number(writer, "bytes", 2 << 20);
    check_number(writer, "count", 2);
    check_string(writer, "comm", "writer");
    json_t *command = json_object_get(writer, "command");
    assert_int_equal(json_array_size(command), 3);
    assert_string_equal(json_string_value(json_array_get(command, 2)), "a b");
    json_t *reader = json_array_get(users, 2);
    check_number(reader, "fd", 5);
    check_string(reader, "comm", "w\\x09w");
    json_t *waiter = json_array_get(json_object_get(object_of(root, SAMPLE_SET), "users"), 0);
    check_string(waiter, "role", "waiting");
    check_number(waiter, "tid", 13);
    check_number(waiter, "num", 0);
    check_number(waiter, "amount", -1);
    check_string(waiter, "operation", "semtimedop");
    assert_int_equal(json_array_size(json_object_get(object_of(root, SAMPLE_FILE), "users")), 0);
    json_decref(root);
}

static void semaphores_and_denied_members_are_lists(void **state)
{
    (void)state;
    json_t *root = rendered(NULL);
    json_t *set = object_of(root, SAMPLE_SET);
    json_t *semaphore = json_array_get(json_object_get(set, "semaphores"), 1);
    check_number(semaphore, "num", 1);
    check_number(semaphore, "value", 5);
    check_number(semaphore, "pid", 12);
    assert_int_equal(json_array_size(json_object_get(set, "denied")), 1);
    assert_string_equal(json_string_value(json_array_get(json_object_get(set, "denied"), 0)), "blocked");
    assert_null(json_object_get(set, "blocked"));
    json_decref(root);
}

static void hostile_names_are_escaped_reversibly(void **state)
{
    (void)state;
    json_t *root = rendered(NULL);
    check_string(object_of(root, SAMPLE_FILE), "name", "/a\\x0a\\x1b\"b\\\\c");
    check_string(object_of(root, SAMPLE_FILE), "object", sample_objects[SAMPLE_FILE].label);
    json_decref(root);
}

static void coverage_is_part_of_the_answer(void **state)
{
    (void)state;
    json_t *root = rendered(NULL);
    json_t *coverage = json_object_get(root, "coverage");
    assert_int_equal(json_array_size(coverage), 2);
    check_string(json_array_get(coverage, 0), "source", "maps");
    check_string(json_array_get(coverage, 0), "error", "EACCES");
    check_number(json_array_get(coverage, 0), "processes", 14);
    check_string(json_array_get(coverage, 1), "place", "/dev/mqueue");
    json_decref(root);
}

static void chosen_columns_are_all_there_is(void **state)
{
    (void)state;
    json_t *root = rendered("size,pids,full,age");
    json_t *segment = object_of(root, SAMPLE_SEGMENT);
    assert_int_equal(json_object_size(segment), 5);
    check_number(segment, "age", 7200);
    assert_int_equal(json_array_size(json_object_get(segment, "pids")), 2);
    check_number(object_of(root, SAMPLE_QUEUE), "full", 90);
    json_decref(root);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(members_are_typed),
        cmocka_unit_test(users_are_edges_with_their_process),
        cmocka_unit_test(semaphores_and_denied_members_are_lists),
        cmocka_unit_test(hostile_names_are_escaped_reversibly),
        cmocka_unit_test(coverage_is_part_of_the_answer),
        cmocka_unit_test(chosen_columns_are_all_there_is),
    };
    return cmocka_run_group_tests_name("render_json", tests, NULL, NULL);
}
