/* fuzz_mountinfo.c - /proc/PID/mountinfo. */
#include "common/cleanup.h"
#include "common/scan.h"
#include "probes/parse.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_FREE char *text = fuzz_text(bytes, length);
    struct scan scan = scan_bytes(text, length), line;
    while (scan_line(&scan, &line)) {
        struct mount_line mount;
        if (parse_mount_line(line, &mount))
            FUZZ_CHECK(strlen(mount.point) < sizeof(mount.point) && strlen(mount.type) < sizeof(mount.type) &&
                       strlen(mount.options) < sizeof(mount.options));
    }
    return 0;
}
