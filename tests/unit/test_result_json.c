/* test_result_json.c - what is written is read back, hostile bytes and all; what is not a result is refused.
 */
#include "inject/sweep/result_json.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/strbuf.h"
#include "tests/unit/sample_result.h"
#include "tests/unit/unit.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static char *written(const struct sweep_result *result)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_int_equal(result_write(result, out), 0);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(strlen(text), length);
    return text;
}

static struct sweep_result parsed(const char *text)
{
    struct sweep_result result = {0};
    char reason[JSON_REASON_MAX] = "";
    int r = result_parse(text, strlen(text), &result, reason);
    if (r < 0)
        fail_msg("%s", reason);
    return result;
}

static void what_is_written_is_read(void **state)
{
    (void)state;
    struct sweep_result sample = sample_result(SAMPLE_ALL, 2, 5);
    AUTO_FREE char *text = written(&sample);
    struct sweep_result result = parsed(text);
    assert_string_equal(result.command[2], sample.command[2]);
    assert_null(result.command[3]);
    assert_string_equal(result.engine, "preload");
    assert_true(result.seed == INT64_MAX && result.planned == SAMPLE_OUTCOMES && result.complete);
    assert_true(result.shard == 2 && result.shards == 5);
    assert_string_equal(result.clean.left, "posix-shm:/kept");
    assert_int_equal(result.sites.count, SAMPLE_SITES);
    assert_int_equal(result.sites.items[0].call, CALL_shm_open);
    assert_true(result.sites.items[0].stack_hash == sample_sites[0].stack_hash);
    assert_string_equal(result.sites.items[2].name, sample_sites[2].name);
    assert_int_equal(result.sites.items[2].occurrences, UINT32_MAX);
    assert_null(result.sites.items[0].frames[2].function);
    const struct outcome *crash = &result.outcomes.items[3];
    assert_int_equal(crash->out_length, 13);
    assert_memory_equal(crash->out, sample_outcomes[3].out, 13);
    assert_true(crash->err && crash->err_length == 0);
    assert_true(crash->duration == sample_outcomes[3].duration && crash->status == -1 && crash->signal == 11);
    assert_string_equal(crash->frames[0].function, "open_ring");
    assert_string_equal(result.outcomes.items[2].left, sample_outcomes[2].left);
    assert_true(result.outcomes.items[4].flaky);
    assert_string_equal(result.outcomes.items[8].trial.setting, "small-dev-shm");
    assert_int_equal(result.outcomes.items[8].blame->call, CALL_ftruncate);
    assert_int_equal(result.outcomes.items[8].blame_error, ENOSPC);
    assert_string_equal(result.notes.items[0], "ptrace is not allowed here");
    assert_int_equal(result.findings.count, sample.findings.count);
    AUTO_FREE char *again = written(&result);
    assert_string_equal(again, text);
    sweep_result_free(&result);
    sweep_result_free(&sample);
}

static void a_control_character_never_comes_through(void **state)
{
    (void)state;
    struct sweep_result sample = sample_result(SAMPLE_ALL, 1, 1);
    AUTO_FREE char *text = written(&sample);
    for (const char *at = text; *at; at++)
        assert_true(*at == '\n' || (unsigned char)*at >= 0x20);
    assert_null(strchr(text, '\xff'));
    sweep_result_free(&sample);
}

/* Replaces the first `from` in a sound document; what comes of it is refused, and the reason names `why`. */
static void refused(const char *sound, const char *from, const char *to, const char *why)
{
    AUTO_STRBUF struct strbuf text = {0};
    const char *at = strstr(sound, from);
    assert_non_null(at);
    strbuf_add(&text, sound, (size_t)(at - sound));
    strbuf_add_string(&text, to);
    strbuf_add_string(&text, at + strlen(from));
    struct sweep_result result = {.planned = 4711};
    char reason[JSON_REASON_MAX] = "";
    if (result_parse(strbuf_text(&text), text.length, &result, reason) != -EINVAL)
        fail_msg("%s is taken", to);
    assert_int_equal(result.planned, 4711);
    if (!strstr(reason, why))
        fail_msg("no '%s' in '%s'", why, reason);
}

static void what_is_no_result_is_refused(void **state)
{
    (void)state;
    struct sweep_result sample = sample_result(SAMPLE_ALL, 1, 1);
    AUTO_FREE char *sound = written(&sample);
    static const char *const cases[][3] = {
        {"{",                        "[",                         "line 1"                   },
        {"\"schema\":1",             "\"schema\":2",              "\"schema\" is not between"},
        {"\"schema\":1",             "\"schema\":\"1\"",          "not a whole number"       },
        {"\"schema\":1",             "\"schema\":1,\"schema\":1", "line 1"                   },
        {"\"schema\":1,",            "",                          "has no \"schema\""        },
        {"[\"./demo\"",              "[1",                        "a text is not one"        },
        {"\"command\":[",            "\"command\":[],\"x\":[",    "\"command\" is empty"     },
        {"\\\\xff",                  "\\\\xfg",                   "not escaped"              },
        {"\\\\xff",                  "\\\\x00",                   "contains a NUL"           },
        {"\"index\":1",              "\"index\":2",               "\"index\" is not between" },
        {"\"planned\":10",           "\"planned\":9",             "results 10: \"trial\""    },
        {"\"planned\":10",           "\"planned\":-1",            "\"planned\""              },
        {"\"call\":\"mmap\"",        "\"call\":\"nmap\"",         "sites 2: \"call\" is none"},
        {"\"offset\":\"0x11d0\"",    "\"offset\":\"11d0\"",       "sites 1: \"offset\""      },
        {"\"line\":42",              "\"line\":4294967296",       "\"line\""                 },
        {"\"trial\":2",              "\"trial\":1",               "trial 1 is there twice"   },
        {"\"site\":1",               "\"site\":3",                "results 4: \"site\""      },
        {"\"site\":1",               "\"sight\":1",               "neither a trial of a site"},
        {"\"mode\":\"on\"",          "\"mode\":\"off\"",          "\"mode\" is none"         },
        {"\"error\":\"ENFILE\"",     "\"error\":\"EFILE\"",       "\"error\" is none"        },
        {"\"verdict\":\"leak\"",     "\"verdict\":\"fine\"",      "\"verdict\" is none"      },
        {"\"duration\":123",         "\"duration\":-123",         "\"duration\""             },
        {"\"reason\":",              "\"raison\":",               "has no \"reason\""        },
        {"\"flaky\":true",           "\"flaky\":1",               "neither true nor false"   },
        {"\"left\":[\"posix-shm:/r", "\"left\":[7,\"posix-shm:/", "a text is not one"        },
    };
    for (size_t index = 0; index < COUNT_OF(cases); index++)
        refused(sound, cases[index][0], cases[index][1], cases[index][2]);
    sweep_result_free(&sample);
}

static char *journal_of(const struct sweep_result *sample)
{
    char *text = NULL;
    size_t length = 0;
    FILE *out = open_memstream(&text, &length);
    assert_non_null(out);
    assert_int_equal(result_write_header(sample, out), 0);
    for (size_t index = sample->outcomes.count; index-- > 0;)
        assert_int_equal(result_write_outcome(&sample->outcomes.items[index], out), 0);
    assert_int_equal(fclose(out), 0);
    return text;
}

static void a_journal_may_end_in_the_middle(void **state)
{
    (void)state;
    struct sweep_result sample = sample_result(SAMPLE_ALL, 1, 1);
    AUTO_FREE char *text = journal_of(&sample);
    size_t length = strlen(text), head = strcspn(text, "\n") + 1, seen = 0;
    char reason[JSON_REASON_MAX];
    for (size_t cut = 0; cut <= length; cut++) {
        struct sweep_result result = {0};
        int r = result_parse_journal(text, cut, &result, reason);
        assert_int_equal(r, cut < head ? -EINVAL : 0);
        if (r < 0)
            continue;
        assert_true(result.outcomes.count >= seen);
        seen = result.outcomes.count;
        sweep_result_free(&result);
    }
    assert_int_equal(seen, SAMPLE_OUTCOMES);
    sweep_result_free(&sample);
}

static void the_later_of_two_lines_counts(void **state)
{
    (void)state;
    struct sweep_result sample = sample_result(SAMPLE_ALL, 1, 1);
    AUTO_FREE char *text = journal_of(&sample);
    AUTO_STRBUF struct strbuf twice = {0};
    strbuf_add_string(&twice, text);
    strbuf_add_string(&twice,
                      "{\"trial\":1,\"site\":0,\"mode\":\"once\",\"verdict\":\"hang\",\"reason\":\"new\"}\n");
    struct sweep_result result = {0};
    char reason[JSON_REASON_MAX] = "";
    assert_int_equal(result_parse_journal(twice.text, twice.length, &result, reason), 0);
    assert_int_equal(result.outcomes.count, SAMPLE_OUTCOMES);
    assert_string_equal(result.outcomes.items[0].reason, "new");
    sweep_result_free(&result);
    strbuf_add_string(&twice, "{}\n");
    assert_int_equal(result_parse_journal(twice.text, twice.length, &result, reason), -EINVAL);
    assert_string_equal(reason, "line 13: has no \"trial\"");
    sweep_result_free(&sample);
}

static void the_replay_line_can_be_pasted(void **state)
{
    (void)state;
    static const char *const cases[][2] = {
        {NULL,         "shmoo replay FILE:7"            },
        {"out.json",   "shmoo replay out.json:7"        },
        {"-out",       "shmoo replay './-out:7'"        },
        {"it's; rm x", "shmoo replay 'it'\\''s; rm x:7'"},
    };
    for (size_t index = 0; index < COUNT_OF(cases); index++) {
        AUTO_STRBUF struct strbuf line = {0};
        struct sweep_result result = {.file = cases[index][0]};
        result_add_replay(&line, &result, 7);
        assert_string_equal(strbuf_text(&line), cases[index][1]);
    }
}

static void a_file_is_told_by_name(void **state)
{
    (void)state;
    struct sweep_result sample = sample_result(SAMPLE_ALL, 1, 1), result = {0};
    char path[] = "/tmp/result.XXXXXX", reason[JSON_REASON_MAX] = "";
    AUTO_CLOSE int fd = mkstemp(path);
    FILE *out = fdopen(dup(fd), "w");
    assert_non_null(out);
    assert_int_equal(result_write(&sample, out), 0);
    assert_int_equal(fclose(out), 0);
    assert_int_equal(result_read(path, &result, reason), 0);
    assert_string_equal(result.file, path);
    sweep_result_free(&result);
    assert_int_equal(unlink(path), 0);
    assert_int_equal(result_read(path, &result, reason), -ENOENT);
    assert_string_equal(reason, strerror(ENOENT));
    sweep_result_free(&sample);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(a_control_character_never_comes_through),
        cmocka_unit_test(what_is_no_result_is_refused),
        cmocka_unit_test(a_journal_may_end_in_the_middle),
        cmocka_unit_test(the_later_of_two_lines_counts),
        cmocka_unit_test(the_replay_line_can_be_pasted),
        cmocka_unit_test(a_file_is_told_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
