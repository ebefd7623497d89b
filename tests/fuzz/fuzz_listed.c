/*
 * fuzz_listed.c - any bytes as a list of objects: refused with a reason, or read; and what was read has
 * labels of known kinds and is a list by itself.
 */
#include "common/auto_json.h"
#include "common/cleanup.h"
#include "inspector/listed.h"
#include "tests/fuzz/fuzz.h"

static void check(const struct listed *listed)
{
    char reason[LISTED_REASON_MAX] = "";
    struct listed again;
    json_t *object;
    size_t i;
    json_array_foreach(listed->objects, i, object)
    {
        FUZZ_CHECK(listed_label(object) && listed_kind(object));
        listed_lacks(object);
        listed_elsewhere(object, 1);
    }
    AUTO_JSON json_t *root =
        json_pack("{s:O, s:O}", "objects", listed->objects, "processes", listed->processes);
    AUTO_FREE char *text = json_dumps(root, JSON_COMPACT);
    FUZZ_CHECK(text && listed_parse(text, strlen(text), &again, reason) == 0);
    FUZZ_CHECK(json_equal(listed->objects, again.objects) && json_equal(listed->processes, again.processes));
    listed_free(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char reason[LISTED_REASON_MAX] = "";
    AUTO_FREE char *text = fuzz_text(bytes, length);
    struct listed listed = {0};
    int r = listed_parse(text, length, &listed, reason);
    FUZZ_CHECK(r == 0 ? listed.objects && listed.processes : !listed.objects && *reason);
    if (r == 0)
        check(&listed);
    listed_free(&listed);
    return 0;
}
