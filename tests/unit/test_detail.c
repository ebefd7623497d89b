/* test_detail.c - the lines of objects and processes, from a snapshot made by hand. */
#include "tests/unit/unit.h"

#include "common/strbuf.h"
#include "inspector/detail.h"
#include "inspector/process_use.h"
#include "tests/unit/sample_snapshot.h"

#include <locale.h>
#include <string.h>

/* What follows a label; NULL when there is no such line. */
static const char *text_of(const struct detail *detail, const char *label)
{
    array_each(&detail->lines, line)
    {
        if (line->label && strcmp(line->label, label) == 0)
            return line->text;
    }
    return NULL;
}

static bool has_line(const struct detail *detail, const char *label, const char *text)
{
    array_each(&detail->lines, line)
    {
        bool same = label ? line->label && strcmp(line->label, label) == 0 : !line->label;
        if (same && strcmp(line->text, text) == 0)
            return true;
    }
    return false;
}

static void describe(struct detail *detail, size_t object)
{
    assert_int_equal(detail_add_object(detail, &sample, &sample_objects[object]), 0);
    assert_null(detail->lines.items[0].label);
    assert_string_equal(detail->lines.items[0].text, sample_objects[object].label);
}

static void segment_has_size_mode_verdicts_and_users(void **state)
{
    AUTO_DETAIL struct detail detail = {0};
    (void)state;
    describe(&detail, SAMPLE_SEGMENT);
    assert_string_equal(text_of(&detail, "Key"), "0x00001234");
    assert_string_equal(text_of(&detail, "Size"), "2M (2097152 bytes)");
    assert_string_equal(text_of(&detail, "Mode"), "rw-r----- (0640)");
    assert_string_equal(text_of(&detail, "Created by"), "11 alive: writer");
    assert_string_equal(text_of(&detail, "Last used by"), "99 dead");
    assert_non_null(strstr(text_of(&detail, "Made or changed"), "(2h00m ago)"));
    assert_true(has_line(&detail, NULL, "Users"));
    assert_true(has_line(&detail, "", "mapped 2M rw-, 2 mappings"));
    assert_true(has_line(&detail, "", "mapped 4K r--"));
    assert_true(has_line(&detail, "", "open as descriptor 5 r--"));
    assert_null(text_of(&detail, "Used"));
}

static void set_has_a_line_for_each_semaphore(void **state)
{
    AUTO_DETAIL struct detail detail = {0};
    (void)state;
    describe(&detail, SAMPLE_SET);
    assert_string_equal(text_of(&detail, "Waiters counted"), "denied");
    assert_string_equal(text_of(&detail, "Owner"), "4000000");
    assert_string_equal(text_of(&detail, "0"), "value 0, 1 wait for more, last used by 11 alive: writer");
    assert_string_equal(text_of(&detail, "1"), "value 5, last used by 12 unknown");
    assert_true(has_line(&detail, "", "waiting in semtimedop for semaphore 0, -1, thread 13"));
}

static void hostile_names_are_harmless(void **state)
{
    AUTO_DETAIL struct detail detail = {0};
    (void)state;
    describe(&detail, SAMPLE_FILE);
    assert_string_equal(text_of(&detail, "Name"), "/a\\x0a\\x1b\"b\\\\c");
    assert_string_equal(text_of(&detail, "State"), "deleted");
    assert_int_equal(detail_add_object(&detail, &sample, &sample_objects[SAMPLE_SEGMENT]), 0);
    array_each(&detail.lines, line)
    {
        for (const char *at = line->text; *at; at++)
            assert_true(*at >= ' ' && *at != 0x7f);
    }
}

static void processes_have_their_command_and_totals(void **state)
{
    AUTO_DETAIL struct detail detail = {0};
    const struct process *process = process_find(&sample, 11);
    (void)state;
    assert_non_null(process);
    assert_null(process_find(&sample, 13));
    assert_int_equal(detail_add_process(&detail, &sample, process), 0);
    assert_string_equal(detail.lines.items[0].text, "process 11");
    assert_string_equal(text_of(&detail, "Command"), "/bin/writer -x a b");
    assert_string_equal(text_of(&detail, "Objects"), "2");
    assert_string_equal(text_of(&detail, "Mapped"), "2M (2097152 bytes)");
    assert_string_equal(text_of(&detail, "Waiting"), "1");
    assert_true(has_line(&detail, "Object", "sysv-sem:8"));

    struct process_use use = process_use(&sample, process_find(&sample, 12));
    assert_int_equal(use.objects, 1);
    assert_int_equal(use.by_role[EDGE_OPEN], 1);
    assert_int_equal(use.mapped, 4096);
    assert_null(use.first_wait);
}

static void renamed_kernel_threads_are_in_brackets(void **state)
{
    AUTO_DETAIL struct detail detail = {0};
    (void)state;
    assert_int_equal(detail_add_process(&detail, &sample, &sample_processes[1]), 0);
    assert_string_equal(text_of(&detail, "Command"), "[w\\x09w]");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segment_has_size_mode_verdicts_and_users),
        cmocka_unit_test(set_has_a_line_for_each_semaphore),
        cmocka_unit_test(hostile_names_are_harmless),
        cmocka_unit_test(processes_have_their_command_and_totals),
        cmocka_unit_test(renamed_kernel_threads_are_in_brackets),
    };
    setlocale(LC_CTYPE, "C.UTF-8");
    return cmocka_run_group_tests(tests, NULL, NULL);
}
