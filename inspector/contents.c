/* contents.c - see contents.h. */
#include "inspector/contents.h"

#include "common/strbuf.h"
#include "common/units.h"
#include "inspector/hexdump.h"
#include "probes/kind.h"
#include "probes/object.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <string.h>

static int parse_offset(const char *text, size_t length, uint64_t *ret_offset)
{
    char number[UNITS_TEXT_MAX];
    if (!length || length >= sizeof(number))
        return -EINVAL;
    memcpy(number, text, length);
    number[length] = '\0';
    int r = units_parse_number(number, ret_offset);
    return r == -EINVAL ? units_parse_size(number, ret_offset) : r;
}

int contents_parse_range(const char *text, struct peek_range *ret_range)
{
    struct peek_range range = CONTENTS_DEFAULT;
    size_t length = strcspn(text, "-+");
    uint64_t second;
    const char *rest = text + length;
    if (parse_offset(text, length, &range.offset) < 0)
        return -EINVAL;
    if (strcmp(rest, "-") == 0) {
        range.length = UINT64_MAX;
    } else if (*rest) {
        if (parse_offset(rest + 1, strlen(rest + 1), &second) < 0 || (*rest == '-' && second < range.offset))
            return -EINVAL;
        range.length = *rest == '+' ? second : second - range.offset;
        range.length += *rest == '-' && range.length < UINT64_MAX;
    }
    *ret_range = range;
    return 0;
}

struct dumping {
    FILE *out;
    struct hexdump dump;
    struct strbuf text;
    bool messages, any;
    uint64_t end, size; /* of what was shown, of the whole */
    uint64_t missing;   /* bytes that were not there, up to `end` */
};

static void say_missing(struct dumping *dumping)
{
    if (!dumping->missing)
        return;
    uint64_t first = dumping->end - dumping->missing;
    strbuf_add_format(&dumping->text,
                      "%08" PRIx64 "  %" PRIu64 " bytes in no memory that may be read: "
                      "never touched, or swapped out\n",
                      first, dumping->missing);
    dumping->missing = 0;
}

static int write_out(struct dumping *dumping)
{
    if (dumping->text.failed)
        return -ENOMEM;
    size_t length = dumping->text.length;
    bool written = fwrite(strbuf_text(&dumping->text), 1, length, dumping->out) == length;
    strbuf_clear(&dumping->text);
    return written ? 0 : -EIO;
}

static int see_part(void *argument, const struct peek_part *part)
{
    struct dumping *dumping = argument;
    if (dumping->messages) {
        hexdump_break(&dumping->dump);
        strbuf_add_format(&dumping->text, "Message %zu, type %" PRId64 ", %" PRIu64 " bytes\n", part->message,
                          part->type, part->size);
    }
    if (part->bytes) {
        say_missing(dumping);
        hexdump_add(&dumping->dump, &dumping->text, part->offset, part->bytes, part->length);
    } else {
        hexdump_break(&dumping->dump);
        dumping->missing += part->length;
    }
    dumping->any = true;
    dumping->end = part->offset + part->length;
    dumping->size = part->size;
    return write_out(dumping);
}

/* What is beyond the range, since the default range is short. */
static void say_rest(struct dumping *dumping)
{
    say_missing(dumping);
    if (!dumping->any)
        strbuf_add_string(&dumping->text, "nothing in this range\n");
    else if (!dumping->messages && dumping->end < dumping->size)
        strbuf_add_format(&dumping->text, "%08" PRIx64 "  and %" PRIu64 " bytes more: --hex=0x%" PRIx64 "-\n",
                          dumping->end, dumping->size - dumping->end, dumping->end);
}

int contents_print(struct kernel *kernel, const struct snapshot *snapshot, const struct object *object,
                   const struct peek_range *range, FILE *out)
{
    struct dumping dumping = {.out = out, .messages = object->kind == &kind_sysv_msg};
    const char *why = "";
    fputs("\nContents\n", out);
    int r = peek(kernel, snapshot, object, range, see_part, &dumping, &why);
    if (r == -ENOTSUP)
        strbuf_add_format(&dumping.text, "not shown: %s\n", why);
    else if (r < 0 && r != -ENOMEM && r != -EIO)
        strbuf_add_format(&dumping.text, "not shown: %s\n", strerror(-r));
    else if (r == 0)
        say_rest(&dumping);
    if (r != -ENOMEM && r != -EIO)
        r = write_out(&dumping);
    strbuf_free(&dumping.text);
    return r;
}
