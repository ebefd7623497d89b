/* fuzz_mqueue.c - the text of a file in an mqueue file system. */
#include "common/cleanup.h"
#include "probes/parse.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_FREE char *text = fuzz_text(bytes, length);
    struct queue_file file = {0};
    if (parse_queue_text(text, &file))
        FUZZ_CHECK(file.text_read == 1 && file.notify_pid >= 0 && file.signal >= 0);
    return 0;
}
