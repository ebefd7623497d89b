/* test_plot.c - rows, columns and cells of the plot, findings by cause, and the text made of them. */
#include "inject/sweep/plot.h"

#include "common/cleanup.h"
#include "inject/sweep/report.h"
#include "tests/unit/sample_result.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

static char *rendered(const struct sweep_result *result, unsigned width, bool colours)
{
    char *text = NULL;
    size_t length = 0;
    struct report_view view = {.width = width, .colours = colours};
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_int_equal(report_text.write(result, &view, out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void findings_are_by_cause_and_worst_first(void **state)
{
    (void)state;
    static const uint32_t ids[] = {4, 9, 7, 6, 3, 2};
    struct sweep_result result = sample_result(SAMPLE_ALL, 1, 1);
    assert_int_equal(result.findings.count, 6);
    for (size_t index = 0; index < 6; index++)
        assert_int_equal(result.findings.items[index].id, ids[index]);
    assert_int_equal(result.findings.items[0].member_count, 2);
    assert_int_equal(result.findings.items[0].members[1], 4);
    sweep_result_free(&result);
}

static void a_cell_shows_the_worst_of_its_trials(void **state)
{
    (void)state;
    struct sweep_result result = sample_result(SAMPLE_ALL, 1, 1);
    struct outcome *again = array_push(&result.outcomes);
    assert_non_null(again);
    *again = result.outcomes.items[0];
    again->trial.number = 11;
    again->trial.occurrence = 2;
    again->verdict = VERDICT_silent;
    struct plot plot;
    assert_int_equal(plot_make(&result, &plot), 0);
    assert_int_equal(plot.rows.count, 5);
    assert_int_equal(plot.columns.count, 6);
    assert_string_equal(plot.rows.items[3].setting, "no-descriptors");
    assert_true(plot.columns.items[0].mode == MODE_once && plot.columns.items[0].error == EACCES);
    assert_true(plot.columns.items[1].error == EINTR && plot.columns.items[5].mode == MODE_environment);
    assert_int_equal(plot_cell(&plot, 0, 0), VERDICT_silent + 1);
    assert_int_equal(plot_cell(&plot, 1, 0), 0);
    assert_int_equal(plot_cell(&plot, 4, 5), VERDICT_crash + 1);
    plot_free(&plot);
    sweep_result_free(&result);
}

static void text_is_harmless_and_complete(void **state)
{
    (void)state;
    struct sweep_result result = sample_result(SAMPLE_ALL, 1, 1);
    result.outcomes.items[3].reason = "\x1b[2J";
    AUTO_FREE char *text = rendered(&result, 80, false);
    assert_null(strchr(text, '\x1b'));
    assert_non_null(strstr(text, "crash: mmap fails with ENOMEM in main (src/main.c:7)\n"));
    assert_non_null(strstr(text, "because   \\x1b[2J\n"));
    assert_non_null(strstr(text, "shmoo replay FILE:4\n"));
    assert_non_null(strstr(text, "6 findings in 10 trials at 3 places: ./demo --name a\\x09b\\xff\n"));
    AUTO_FREE char *coloured = rendered(&result, 80, true);
    assert_non_null(strstr(coloured, "\x1b[31;1mcrash\x1b[m: mmap"));
    sweep_result_free(&result);
}

static void no_line_of_the_plot_is_wider_than_the_terminal(void **state)
{
    (void)state;
    struct sweep_result result = sample_result(SAMPLE_ALL, 1, 1);
    for (unsigned width = 24; width < 80; width++) {
        AUTO_FREE char *text = rendered(&result, width, false);
        const char *plot = strstr(text, "FILE:2\n"), *legend = strstr(text, "  + tolerated");
        assert_true(plot && legend && plot < legend);
        unsigned columns = 0, cells = 0;
        for (const char *at = plot + 7; at < legend; at++) {
            columns = *at == '\n' ? 0 : columns + ((*at & 0xC0) != 0x80);
            cells += *at == 'P';
            assert_true(columns <= width);
        }
        assert_true(cells >= 1);
    }
    sweep_result_free(&result);
}

/* A helper called from two places makes two sites; the same function names in another program part are a
 * third. */
static void places_called_the_same_are_told_apart_by_their_callers(void **state)
{
    (void)state;
    static struct frame frames[][2] = {
        {{"/bin/demo", 0x40, NULL, NULL, 0}, {"/bin/demo", 0x90, NULL, NULL, 0}    },
        {{"/bin/demo", 0x40, NULL, NULL, 0}, {"/bin/demo", 0xa0, "start", "a.c", 7}},
        {{"/bin/demo", 0x40, NULL, NULL, 0}, {"/lib/libx.so", 0x20, NULL, NULL, 0} },
        {{"/bin/demo", 0x50, NULL, NULL, 0}, {"/bin/demo", 0x90, NULL, NULL, 0}    },
    };
    static const char *const labels[] = {"mmap in demo+0x40 < +0x90 ", "mmap in demo+0x40 < start ",
                                         "mmap in demo+0x40 < libx.so+0x20 ", "mmap in demo+0x50  "};
    struct sweep_result result = sample_result(0, 1, 1);
    for (int32_t index = 0; index < (int32_t)COUNT_OF(labels); index++) {
        struct site *site = array_push(&result.sites);
        struct outcome *outcome = array_push(&result.outcomes);
        assert_true(site && outcome);
        *site = (struct site){.call = CALL_mmap, .frames = frames[index], .frame_count = 2};
        *outcome = (struct outcome){
            .trial = {.site = SAMPLE_SITES + index, .error = ENOMEM},
              .verdict = VERDICT_handled
        };
    }
    AUTO_FREE char *text = rendered(&result, 100, false);
    for (size_t index = 0; index < COUNT_OF(labels); index++)
        if (!strstr(text, labels[index]))
            fail_msg("no '%s' in %s", labels[index], text);
    sweep_result_free(&result);
}

static void nothing_is_a_result_too(void **state)
{
    (void)state;
    struct sweep_result result = sample_result(0, 1, 1);
    AUTO_FREE char *text = rendered(&result, 80, false);
    assert_non_null(strstr(text, "0 findings in 0 trials at 3 places"));
    sweep_result_free(&result);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(findings_are_by_cause_and_worst_first),
        cmocka_unit_test(a_cell_shows_the_worst_of_its_trials),
        cmocka_unit_test(text_is_harmless_and_complete),
        cmocka_unit_test(no_line_of_the_plot_is_wider_than_the_terminal),
        cmocka_unit_test(places_called_the_same_are_told_apart_by_their_callers),
        cmocka_unit_test(nothing_is_a_result_too),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
