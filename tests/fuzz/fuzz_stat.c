/* fuzz_stat.c - /proc/PID/stat, task/TID/syscall, cgroup, and links of namespaces. */
#include "common/cleanup.h"
#include "probes/blocked.h"
#include "probes/parse.h"
#include "probes/process.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_FREE char *text = fuzz_text(bytes, length);
    struct process process;
    struct wait wait;
    uint64_t number;
    const char *id;
    size_t id_length;
    if (parse_stat(text, length, &process, &number))
        FUZZ_CHECK(process.comm.string >= text && process.comm.string + process.comm.length <= text + length);
    if (blocked_parse(text, &wait))
        FUZZ_CHECK(wait.call && wait.call->name);
    if (parse_container(text, &id, &id_length))
        FUZZ_CHECK(id_length && id + id_length <= text + strlen(text));
    parse_bracketed(text, &number);
    return 0;
}
