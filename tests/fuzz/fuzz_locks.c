/* fuzz_locks.c - /proc/locks. */
#include "common/cleanup.h"
#include "common/scan.h"
#include "probes/parse.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_FREE char *text = fuzz_text(bytes, length);
    struct scan scan = scan_bytes(text, length), line;
    while (scan_line(&scan, &line)) {
        struct lock_line lock;
        if (parse_lock_line(line, &lock))
            FUZZ_CHECK(strlen(lock.type) < sizeof(lock.type) && lock.pid >= -1);
    }
    return 0;
}
