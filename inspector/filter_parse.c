/*
 * filter_parse.c - text to filter, by recursive descent. The text is hostile: how deep it may nest and how
 * many comparisons it may have is bounded, so matching is too.
 */
#include "common/cleanup.h"
#include "common/escape.h"
#include "common/scan.h"
#include "common/strbuf.h"
#include "inspector/filter.h"
#include "inspector/filter_node.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

enum { DEPTH_MAX = 50, NODES_MAX = 1000 };

struct parser {
    const char *text;
    struct scan scan;
    struct filter *filter;
    struct filter_error *error;
    unsigned depth;
};

static const struct {
    const char *text;
    enum filter_operator operator;
} operators[] = {
    {"==", FILTER_EQUAL    },
    {"!=", FILTER_DIFFERENT},
    {"<=", FILTER_AT_MOST  },
    {">=", FILTER_AT_LEAST },
    {"=~", FILTER_LIKE     },
    {"!~", FILTER_UNLIKE   },
    {"<",  FILTER_LESS     },
    {">",  FILTER_MORE     },
};

__attribute__((format(printf, 3, 4))) static int refuse(struct parser *parser, const char *at,
                                                        const char *format, ...)
{
    va_list arguments;
    parser->error->column = (size_t)(at - parser->text) + 1;
    va_start(arguments, format);
    vsnprintf(parser->error->message, sizeof(parser->error->message), format, arguments);
    va_end(arguments);
    return -EINVAL;
}

/* Appends a node and gives its index. */
static int add_node(struct parser *parser, struct filter_node node, size_t *ret_index)
{
    if (parser->filter->nodes.count >= NODES_MAX)
        return refuse(parser, parser->scan.at, "too long: more than %d comparisons and operators", NODES_MAX);
    struct filter_node *slot = array_push(&parser->filter->nodes);
    if (!slot)
        return -ENOMEM;
    *slot = node;
    *ret_index = parser->filter->nodes.count - 1;
    return 0;
}

static bool is_name_character(char character)
{
    return isalnum((unsigned char)character) || character == '_' || character == '-';
}

static int parse_column(struct parser *parser, const struct column **ret_column)
{
    const char *name = parser->scan.at;
    while (is_name_character(scan_peek(&parser->scan)))
        parser->scan.at++;
    size_t length = (size_t)(parser->scan.at - name);
    if (!length)
        return refuse(parser, name, "a column is expected here");
    *ret_column = column_find(name, length);
    if (*ret_column)
        return 0;
    const char *near = column_suggest(name, length);
    if (near)
        return refuse(parser, name, "unknown column '%.*s' (did you mean '%s'?)",
                      (int)(length < 40 ? length : 40), name, near);
    return refuse(parser, name, "unknown column '%.*s'", (int)(length < 40 ? length : 40), name);
}

static int parse_operator(struct parser *parser, enum filter_operator *ret_operator)
{
    for (size_t i = 0; i < COUNT_OF(operators); i++) {
        if (!scan_literal(&parser->scan, operators[i].text))
            continue;
        *ret_operator = operators[i].operator;
        return 0;
    }
    return refuse(parser, parser->scan.at, "one of == != < <= > >= =~ !~ is expected here");
}

/* In quotes a backslash keeps the next quote; everything else is as `shmoo list` prints it. */
static int parse_quoted(struct parser *parser, char quote, struct strbuf *text)
{
    AUTO_STRBUF struct strbuf escaped = {0};
    const char *start = parser->scan.at++;
    for (;; parser->scan.at++) {
        char character = scan_peek(&parser->scan);
        if (scan_done(&parser->scan))
            return refuse(parser, start, "this quote is not closed");
        if (character == quote)
            break;
        if (character == '\\' && parser->scan.end - parser->scan.at > 1) {
            parser->scan.at++;
            if (scan_peek(&parser->scan) != quote)
                strbuf_add_char(&escaped, '\\');
        }
        strbuf_add_char(&escaped, scan_peek(&parser->scan));
    }
    parser->scan.at++;
    if (escaped.failed)
        return -ENOMEM;
    int r = escape_decode(text, strbuf_text(&escaped));
    return r == -EINVAL
               ? refuse(parser, start, "a backslash stands before \\, x and two digits, or the quote")
               : r;
}

static int parse_text(struct parser *parser, struct strbuf *text)
{
    char first = scan_peek(&parser->scan);
    if (first == '"' || first == '\'')
        return parse_quoted(parser, first, text);
    const char *start = parser->scan.at;
    size_t length = strcspn(start, " \t()&|!<>=~\"'");
    if (!length)
        return refuse(parser, start, "a value is expected here");
    strbuf_add(text, start, length);
    parser->scan.at += length;
    return text->failed ? -ENOMEM : 0;
}

static int parse_literal(struct parser *parser, const struct filter_node *node, struct value *ret_literal)
{
    AUTO_STRBUF struct strbuf text = {0};
    const char *start = parser->scan.at, *expected;
    bool is_glob = node->operator== FILTER_LIKE || node->operator== FILTER_UNLIKE;
    int r = parse_text(parser, &text);
    if (r < 0)
        return r;
    if (!is_glob && node->column->type != VALUE_STRING && node->column->type != VALUE_WORD) {
        r = filter_literal(node->column->type, strbuf_text(&text), ret_literal, &expected);
        return r < 0 ? refuse(parser, start, "'%s' takes %s", node->column->name, expected) : 0;
    }
    char *copy = strbuf_reserve(&text, 0) ? text.text : NULL;
    if (!copy)
        return -ENOMEM;
    *ret_literal = value_string(copy, text.length);
    text = (struct strbuf){0};
    return 0;
}

static int parse_comparison(struct parser *parser, size_t *ret_index)
{
    struct filter_node node = {.kind = FILTER_COMPARISON};
    int r = parse_column(parser, &node.column);
    scan_blanks(&parser->scan);
    if (r == 0)
        r = parse_operator(parser, &node.operator);
    scan_blanks(&parser->scan);
    if (r == 0)
        r = parse_literal(parser, &node, &node.literal);
    if (r < 0)
        return r;
    r = add_node(parser, node, ret_index);
    if (r < 0 && node.literal.type == VALUE_STRING)
        free((void *)node.literal.string);
    return r;
}

static int parse_or(struct parser *parser, size_t *ret_index);

static int parse_unary(struct parser *parser, size_t *ret_index);

static int parse_parenthesis(struct parser *parser, size_t *ret_index)
{
    const char *start = parser->scan.at - 1;
    int r = parse_or(parser, ret_index);
    if (r == 0 && !scan_char(&parser->scan, ')'))
        r = refuse(parser, start, "this parenthesis is not closed");
    return r;
}

static int parse_not(struct parser *parser, size_t *ret_index)
{
    struct filter_node node = {.kind = FILTER_NOT};
    int r = parse_unary(parser, &node.left);
    return r < 0 ? r : add_node(parser, node, ret_index);
}

/* Every nesting passes here. */
static int parse_unary(struct parser *parser, size_t *ret_index)
{
    if (parser->depth >= DEPTH_MAX)
        return refuse(parser, parser->scan.at, "nested deeper than %d levels", DEPTH_MAX);
    parser->depth++;
    scan_blanks(&parser->scan);
    int r;
    if (scan_char(&parser->scan, '('))
        r = parse_parenthesis(parser, ret_index);
    else if (scan_char(&parser->scan, '!'))
        r = parse_not(parser, ret_index);
    else
        r = parse_comparison(parser, ret_index);
    scan_blanks(&parser->scan);
    parser->depth--;
    return r;
}

static int parse_chain(struct parser *parser, const char *word, enum filter_kind kind,
                       int (*parse_operand)(struct parser *parser, size_t *ret_index), size_t *ret_index)
{
    int r = parse_operand(parser, ret_index);
    while (r == 0 && scan_literal(&parser->scan, word)) {
        struct filter_node node = {.kind = kind, .left = *ret_index};
        r = parse_operand(parser, &node.right);
        if (r == 0)
            r = add_node(parser, node, ret_index);
    }
    return r;
}

static int parse_and(struct parser *parser, size_t *ret_index)
{
    return parse_chain(parser, "&&", FILTER_AND, parse_unary, ret_index);
}

static int parse_or(struct parser *parser, size_t *ret_index)
{
    return parse_chain(parser, "||", FILTER_OR, parse_and, ret_index);
}

int filter_parse(const char *text, struct filter **ret_filter, struct filter_error *ret_error)
{
    struct filter *filter = calloc(1, sizeof(*filter));
    if (!filter)
        return -ENOMEM;
    struct parser parser = {.text = text, .scan = scan_text(text), .filter = filter, .error = ret_error};
    size_t root;
    int r = parse_or(&parser, &root);
    if (r == 0 && !scan_done(&parser.scan))
        r = refuse(&parser, parser.scan.at, "&&, || or the end is expected here");
    if (r < 0) {
        filter_free(filter);
        return r;
    }
    *ret_filter = filter;
    return 0;
}
