/* fuzz_status.c - /proc/PID/status. */
#include "common/cleanup.h"
#include "probes/parse.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_FREE char *text = fuzz_text(bytes, length);
    struct signal_state signals;
    uint64_t number;
    parse_signals(text, &signals);
    parse_number_after(text, "Tgid", 10, &number);
    parse_number_after(text, "Uid", 10, &number);
    parse_number_after(text, "Threads", 10, &number);
    return 0;
}
