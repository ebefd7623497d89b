/* making.c - reads what is wanted and prints what was made; see maker.h. */
#include "tests/make_ipc/making.h"

#include "common/cleanup.h"
#include "common/escape.h"
#include "common/units.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MAKER(name) extern const struct maker maker_##name;
#include "tests/make_ipc/makers.def"
#undef MAKER

const struct maker *const makers[] = {
#define MAKER(name) &maker_##name,
#include "tests/make_ipc/makers.def"
#undef MAKER
    NULL,
};

static const struct maker *find_maker(const char *kind, size_t length)
{
    for (const struct maker *const *maker = makers; *maker; maker++)
        if (strlen((*maker)->kind) == length && memcmp((*maker)->kind, kind, length) == 0)
            return *maker;
    die_saying(kind, "no such kind; see make_ipc --help");
}

static bool key_exists(const struct maker *maker, const char *name)
{
    for (const struct maker_key *key = maker->keys; key->name; key++)
        if (strcmp(key->name, name) == 0)
            return true;
    static const char *const of_all[] = {"count", "comm", "headless"};
    for (size_t i = 0; i < COUNT_OF(of_all); i++)
        if (strcmp(of_all[i], name) == 0)
            return true;
    return false;
}

static void add_wanted(struct making *making, char *pair)
{
    AUTO_STRBUF struct strbuf value = {0};
    char *equals = strchr(pair, '=');
    if (equals)
        *equals = '\0';
    if (!key_exists(making->maker, pair))
        die_saying(pair, "no such key of this kind; see make_ipc --help");
    if (escape_decode(&value, equals ? equals + 1 : "1") < 0)
        die_saying(pair, "bad escape");
    struct wanted *wanted = array_push(&making->wanted);
    if (!wanted)
        die("memory");
    *wanted = (struct wanted){.key = strdup(pair), .value = strdup(strbuf_text(&value))};
    if (!wanted->key || !wanted->value)
        die("memory");
}

void making_parse(struct making *making, const char *text)
{
    const char *colon = strchrnul(text, ':');
    *making = (struct making){.maker = find_maker(text, (size_t)(colon - text))};
    char *pairs = strdup(*colon ? colon + 1 : ""), *rest = pairs;
    if (!pairs)
        die("memory");
    for (char *pair = strsep(&rest, ","); pair; pair = strsep(&rest, ","))
        if (*pair)
            add_wanted(making, pair);
    free(pairs);
    making->count = want_number(making, "count", 1);
}

void making_free(struct making *making)
{
    array_each(&making->wanted, wanted)
    {
        free(wanted->key);
        free(wanted->value);
    }
    array_free(&making->wanted);
    free(making->name);
    strbuf_free(&making->line);
}

const char *want_text(const struct making *making, const char *key, const char *otherwise)
{
    array_each(&making->wanted, wanted) if (strcmp(wanted->key, key) == 0) return wanted->value;
    return otherwise;
}

bool want(const struct making *making, const char *key)
{
    return want_text(making, key, NULL) != NULL;
}

uint64_t want_number(const struct making *making, const char *key, uint64_t otherwise)
{
    const char *text = want_text(making, key, NULL);
    uint64_t value = otherwise;
    if (text && units_parse_number(text, &value) < 0)
        die_saying(key, "not a number");
    return value;
}

uint64_t want_size(const struct making *making, const char *key, uint64_t otherwise)
{
    const char *text = want_text(making, key, NULL);
    uint64_t value = otherwise;
    if (text && units_parse_size(text, &value) < 0)
        die_saying(key, "not a size");
    return value;
}

const char *want_name(struct making *making, const char *prefix)
{
    static unsigned serial;
    AUTO_STRBUF struct strbuf name = {0};
    const char *wanted = want_text(making, "name", NULL);
    if (wanted)
        strbuf_add_string(&name, wanted);
    else
        strbuf_add_format(&name, "%s%u", prefix, ++serial);
    if (wanted && making->count > 1)
        strbuf_add_format(&name, "-%llu", (unsigned long long)making->index);
    free(making->name);
    making->name = strdup(strbuf_text(&name));
    if (!making->name)
        die("memory");
    return making->name;
}

static void add_escaped(struct making *making, const char *key, const char *format, va_list arguments)
{
    AUTO_FREE char *text = NULL;
    if (vasprintf(&text, format, arguments) < 0)
        die("memory");
    strbuf_add_format(&making->line, "\t%s=", key);
    escape_bytes(&making->line, text, strlen(text), NULL);
}

void print_object(struct making *making, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_escaped(making, "object", format, arguments);
    va_end(arguments);
}

void print_named_object(struct making *making, const char *name, unsigned long unlinked_inode)
{
    strbuf_add_format(&making->line, "\tobject=%s:", making->maker->kind);
    escape_bytes(&making->line, name, strlen(name), "#@");
    if (unlinked_inode)
        strbuf_add_format(&making->line, "#%lu", unlinked_inode);
}

void print_value(struct making *making, const char *key, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    add_escaped(making, key, format, arguments);
    va_end(arguments);
}

void making_add_pid(struct making *making, const char *role, pid_t pid)
{
    struct role *last = making->roles + COUNT_OF(making->roles);
    for (struct role *at = making->roles; at < last; at++) {
        if (at->name && strcmp(at->name, role) != 0)
            continue;
        strbuf_add_format(&at->pids, "%s%d", at->name ? "," : "", (int)pid);
        at->name = role;
        return;
    }
    die_saying(role, "too many roles");
}

void making_print(struct making *making)
{
    printf("kind=%s%s", making->maker->kind, strbuf_text(&making->line));
    for (size_t i = 0; i < COUNT_OF(making->roles) && making->roles[i].name; i++) {
        printf("\t%s=%s", making->roles[i].name, strbuf_text(&making->roles[i].pids));
        strbuf_free(&making->roles[i].pids);
        making->roles[i].name = NULL;
    }
    putchar('\n');
    strbuf_clear(&making->line);
}

void print_next(struct making *making)
{
    making_print(making);
}
