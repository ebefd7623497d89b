/*
 * fuzz_rule.c - any bytes as a rule: parsed or refused with a message, and what parsed can be judged, keeps
 * its text, and parses again to the same rule.
 */
#include "inject/decide.h"
#include "inject/rule_parse.h"

#include <assert.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char *text = malloc(size + 1);
    if (!text)
        return 0;
    memcpy(text, data, size);
    text[size] = '\0';

    struct rule rule;
    struct rule again;
    struct rule_error error = {0};
    if (rule_parse(text, &rule, &error) < 0) {
        assert(error.message[0] && error.column <= size + 1);
        free(text);
        return 0;
    }
    assert(rule.effects && strcmp(rule.text, text) == 0);
    assert(rule_parse(rule.text, &again, &error) == 0 && memcmp(&rule, &again, sizeof(rule)) == 0);
    struct facts facts = {.name = text, .caller = text, .proc = text, .thread = text, .fd_kind = FD_PIPE};
    for (unsigned call = 0; call < CALL_COUNT; call++) {
        facts.call = (uint16_t)call;
        decide_needs(&rule, call);
        decide_matches(&rule, &facts);
    }
    decide_due(&rule, 1, 0);
    free(text);
    return 0;
}
