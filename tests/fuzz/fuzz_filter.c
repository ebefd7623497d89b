/* fuzz_filter.c - filter expressions: any text is parsed or refused, and what is parsed can be matched. */
#include "common/strbuf.h"
#include "inspector/filter.h"
#include "tests/unit/sample_snapshot.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO_STRBUF struct strbuf text = {0}, scratch = {0};
    struct filter *filter;
    struct filter_error error;
    strbuf_add(&text, data, size);
    if (filter_parse(strbuf_text(&text), &filter, &error) < 0)
        return 0;
    for (size_t i = 0; i < SAMPLE_COUNT; i++)
        filter_match(filter, &sample, &sample_objects[i], &scratch);
    filter_free(filter);
    return 0;
}
