/* fuzz_fdinfo.c - /proc/PID/fdinfo/FD: numbers after names, the locks of a file, what epoll watches. */
#include "common/cleanup.h"
#include "common/scan.h"
#include "probes/parse.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_FREE char *text = fuzz_text(bytes, length);
    uint64_t number;
    parse_number_after(text, "eventfd-id", 10, &number);
    parse_number_after(text, "eventfd-count", 16, &number);
    parse_number_after(text, "flags", 8, &number);
    struct scan scan = scan_bytes(text, length), line;
    while (scan_line(&scan, &line)) {
        struct lock_line lock;
        struct epoll_line watched;
        if (parse_epoll_line(line, &watched))
            FUZZ_CHECK(watched.fd >= 0);
        if (scan_literal(&line, "lock:\t") && parse_lock_line(line, &lock))
            FUZZ_CHECK(strlen(lock.type) < sizeof(lock.type));
    }
    return 0;
}
