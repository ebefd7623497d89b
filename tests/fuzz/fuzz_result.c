/*
 * fuzz_result.c - any bytes as the result of a sweep, as a document and as a journal: refused with a reason,
 * or read; and what was read is written and read again to the same.
 */
#include "common/cleanup.h"
#include "inject/sweep/result_json.h"
#include "tests/fuzz/fuzz.h"

static char *written(const struct sweep_result *result, size_t *ret_length)
{
    char *text = NULL;
    FILE *out = open_memstream(&text, ret_length);
    FUZZ_CHECK(out && result_write(result, out) == 0 && fclose(out) == 0);
    return text;
}

static void check(const struct sweep_result *result)
{
    size_t length = 0, again_length = 0;
    AUTO_FREE char *text = written(result, &length);
    struct sweep_result again = {0};
    char reason[JSON_REASON_MAX] = "";
    FUZZ_CHECK(result_parse(text, length, &again, reason) == 0);
    AUTO_FREE char *text_again = written(&again, &again_length);
    FUZZ_CHECK(length == again_length && memcmp(text, text_again, length) == 0);
    sweep_result_free(&again);
}

static void try(const char *text, size_t length, bool journal)
{
    struct sweep_result result = {0};
    char reason[JSON_REASON_MAX] = "";
    int r = journal ? result_parse_journal(text, length, &result, reason)
                    : result_parse(text, length, &result, reason);
    FUZZ_CHECK(r == 0 || *reason);
    if (r == 0)
        check(&result);
    sweep_result_free(&result);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_FREE char *text = fuzz_text(bytes, length);
    try(text, length, false);
    try(text, length, true);
    return 0;
}
