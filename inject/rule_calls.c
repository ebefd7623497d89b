/* rule_calls.c - see rule_calls.h. */
#include "inject/rule_calls.h"

#include "common/suggest.h"
#include "inject/decide.h"

#include <errno.h>
#include <string.h>

enum { WORD_MAX = 64 };

static void take(struct rule *rule, unsigned call)
{
    rule->calls[call / 64] |= 1ULL << (call % 64);
}

static bool take_class(struct rule *rule, const char *name)
{
    bool found = false;
    for (unsigned class = 0; class < CLASS_COUNT; class ++) {
        if (strcmp(name, call_class_names[class]) != 0)
            continue;
        found = true;
        for (unsigned call = 0; call < CALL_COUNT; call++)
            if (calls[call].class == class)
                take(rule, call);
    }
    return found;
}

static bool take_pattern(struct rule *rule, const char *pattern)
{
    bool found = false;
    for (unsigned call = 0; call < CALL_COUNT; call++)
        if (decide_pattern(pattern, calls[call].name)) {
            take(rule, call);
            found = true;
        }
    return found;
}

static int refuse_call(const char *word, size_t column, struct rule_error *error)
{
    struct suggest suggest = suggest_start(word, strlen(word));
    for (unsigned call = 0; call < CALL_COUNT; call++)
        suggest_offer(&suggest, calls[call].name);
    if (suggest.best)
        return rule_refuse(error, column, "no call '%s'; did you mean %s?", word, suggest.best);
    return rule_refuse(error, column, "no call '%s'; see 'shmoo inject --list-calls'", word);
}

static int refuse_class(const char *word, size_t column, struct rule_error *error)
{
    struct suggest suggest = suggest_start(word, strlen(word));
    for (unsigned class = 0; class < CLASS_COUNT; class ++)
        suggest_offer(&suggest, call_class_names[class]);
    if (suggest.best)
        return rule_refuse(error, column, "no class '%%%s'; did you mean %%%s?", word, suggest.best);
    return rule_refuse(error, column,
                       "no class '%%%s'; there are %%shm %%map %%mq %%sem %%sysv %%pipe %%signal %%lock",
                       word);
}

static int parse_word(const char *word, size_t column, struct rule *rule, bool named[CALL_COUNT],
                      struct rule_error *error)
{
    if (!*word)
        return rule_refuse(error, column, "a call is missing");
    if (*word == '%')
        return take_class(rule, word + 1) ? 0 : refuse_class(word + 1, column, error);
    if (strcmp(word, "all") == 0)
        return take_pattern(rule, "*") ? 0 : -EINVAL;
    if (strpbrk(word, "*?["))
        return take_pattern(rule, word) ? 0 : rule_refuse(error, column, "no call matches '%s'", word);
    int call = call_find(word, strlen(word));
    if (call < 0)
        return refuse_call(word, column, error);
    take(rule, (unsigned)call);
    named[call] = true;
    return 0;
}

int rule_calls_parse(struct scan calls_text, const char *start, struct rule *rule, bool named[CALL_COUNT],
                     struct rule_error *error)
{
    for (;;) {
        char word[WORD_MAX] = "";
        size_t column = (size_t)(calls_text.at - start) + 1;
        size_t length = 0;
        while (!scan_done(&calls_text) && *calls_text.at != ',') {
            if (length == sizeof(word) - 1)
                return rule_refuse(error, column, "no call has so long a name");
            word[length++] = *calls_text.at++;
        }
        int r = parse_word(word, column, rule, named, error);
        if (r < 0)
            return r;
        if (!scan_char(&calls_text, ','))
            return 0;
    }
}
