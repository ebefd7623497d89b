/* fuzz_sysvipc.c - /proc/sysvipc/{shm,sem,msg}. */
#include "common/cleanup.h"
#include "common/scan.h"
#include "probes/parse.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    enum { ROOM = 16 };
    AUTO_FREE char *text = fuzz_text(bytes, length);
    struct scan scan = scan_bytes(text, length), line;
    while (scan_line(&scan, &line)) {
        AUTO_FREE int64_t *numbers = calloc(ROOM, sizeof(*numbers));
        FUZZ_CHECK(numbers);
        FUZZ_CHECK(parse_sysvipc_line(line, numbers, ROOM) <= ROOM);
    }
    return 0;
}
