/*
 * fuzz_listed.c - any bytes as a list of objects: refused with a reason, or read; and what was read has
 * labels of known kinds and is a list by itself.
 */
#include "common/auto_json.h"
#include "common/cleanup.h"
#include "inspector/listed.h"
#include "tests/fuzz/fuzz.h"

static void check(json_t *objects)
{
    char reason[LISTED_REASON_MAX] = "";
    json_t *object, *again = NULL;
    size_t i;
    json_array_foreach(objects, i, object)
    {
        FUZZ_CHECK(listed_label(object) && listed_kind(object));
        listed_lacks(object);
        listed_elsewhere(object, 1);
    }
    AUTO_JSON json_t *root = json_pack("{s:O}", "objects", objects);
    AUTO_FREE char *text = json_dumps(root, JSON_COMPACT);
    FUZZ_CHECK(text && listed_parse(text, strlen(text), &again, reason) == 0 && json_equal(objects, again));
    json_decref(again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    char reason[LISTED_REASON_MAX] = "";
    AUTO_FREE char *text = fuzz_text(bytes, length);
    AUTO_JSON json_t *objects = NULL;
    int r = listed_parse(text, length, &objects, reason);
    FUZZ_CHECK(r == 0 ? objects != NULL : !objects && *reason);
    if (r == 0)
        check(objects);
    return 0;
}
