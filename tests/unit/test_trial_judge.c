/* The verdict on a trial: what counts of an output whose numbers vary by themselves, and what is a crash. */
#include "tests/unit/unit.h"

#include "common/array.h"
#include "inject/sweep/trial_judge.h"

#include <errno.h>
#include <signal.h>
#include <string.h>

/* Just enough of a hash to tell texts apart, with and without their numbers. */
static struct output_seen output(const char *text)
{
    struct output_seen seen = {.length = strlen(text), .kept = (uint32_t)strlen(text)};
    for (const char *byte = text; *byte; byte++) {
        seen.hash = seen.hash * 31 + (unsigned char)*byte;
        if (!strchr("0123456789 ", *byte))
            seen.words_hash = seen.words_hash * 31 + (unsigned char)*byte;
    }
    snprintf(seen.text, sizeof(seen.text), "%s", text);
    return seen;
}

static struct seen seen_writing(const char *out, const char *err)
{
    return (struct seen){
        .fired = true, .run = {.out = output(out), .err = output(err)}
    };
}

/* Two clean runs, of which each took another time for 20 cycles. */
static struct clean clean_runs_of(const char *err)
{
    struct clean clean = {.seen = seen_writing("cycles 20, took 117", err)};
    const struct seen other = seen_writing("cycles 20, took 98", err);
    judge_clean(&clean, &other);
    return clean;
}

static enum verdict judge(const struct clean *clean, const char *out, const char *err)
{
    const struct trial trial = {.mode = MODE_once};
    const struct seen seen = seen_writing(out, err);
    char reason[JUDGE_REASON_MAX];
    return judge_trial(clean, &trial, CALL_mq_send, &seen, reason);
}

static void wrong_count_with_a_message_is_silent(void **state)
{
    const struct clean clean = clean_runs_of("");
    (void)state;
    assert_int_equal(judge(&clean, "cycles 3, took 98", "could not send\n"), VERDICT_silent);
    assert_int_equal(judge(&clean, "cycles, took 98", "could not send\n"), VERDICT_silent);
}

static void wrong_count_alone_may_be_chance(void **state)
{
    const struct clean clean = clean_runs_of("started\n");
    (void)state;
    assert_int_equal(judge(&clean, "cycles 21, took 98", "started\n"), VERDICT_tolerated);
}

static void numbers_that_vary_prove_nothing(void **state)
{
    const struct clean clean = clean_runs_of("");
    (void)state;
    assert_int_equal(judge(&clean, "cycles 20, took 5000", "interrupted, trying again\n"), VERDICT_tolerated);
}

static void other_words_are_silent(void **state)
{
    const struct clean clean = clean_runs_of("");
    (void)state;
    assert_int_equal(judge(&clean, "nothing to do 20 117", ""), VERDICT_silent);
}

static enum verdict judge_end(int call, int error, int wait_status, const char *err)
{
    const struct clean clean = clean_runs_of("");
    const struct trial trial = {.mode = MODE_once, .error = error};
    struct seen seen = seen_writing("", err);
    char reason[JUDGE_REASON_MAX];
    seen.run.wait_status = wait_status;
    return judge_trial(&clean, &trial, call, &seen, reason);
}

static void a_broken_pipe_ends_a_writer(void **state)
{
    (void)state;
    assert_int_equal(judge_end(CALL_write, EPIPE, SIGPIPE, ""), VERDICT_handled);
    assert_int_equal(judge_end(CALL_write, EPIPE, (128 + SIGPIPE) << 8, ""), VERDICT_handled);
    assert_int_equal(judge_end(CALL_write, EINTR, SIGPIPE, ""), VERDICT_crash);
    assert_int_equal(judge_end(CALL_write, EPIPE, SIGSEGV, ""), VERDICT_crash);
}

static void what_checkers_write_is_a_crash(void **state)
{
    static const char *const texts[] = {
        "==7==ERROR: AddressSanitizer: SEGV on unknown address",
        "==7==ERROR: LeakSanitizer: detected memory leaks",
        "==7== Invalid read of size 4",
        "==7== Invalid free() / delete / delete[] / realloc()",
        "==7== Conditional jump or move depends on uninitialised value(s)",
        "==7== Use of uninitialised value of size 8",
        "*** stack smashing detected ***: terminated",
        "free(): double free detected in tcache 2",
        "malloc_consolidate(): unaligned fastbin chunk detected",
        "corrupted size vs. prev_size",
        "demo: demo.c:7: main: Assertion `fd >= 0' failed.",
        "terminate called after throwing an instance of 'std::bad_alloc'",
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++)
        if (judge_end(CALL_mmap, ENOMEM, 1 << 8, texts[i]) != VERDICT_crash)
            fail_msg("'%s' is no crash", texts[i]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(wrong_count_with_a_message_is_silent),
        cmocka_unit_test(wrong_count_alone_may_be_chance),
        cmocka_unit_test(numbers_that_vary_prove_nothing),
        cmocka_unit_test(other_words_are_silent),
        cmocka_unit_test(a_broken_pipe_ends_a_writer),
        cmocka_unit_test(what_checkers_write_is_a_crash),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
