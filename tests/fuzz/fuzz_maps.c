/* fuzz_maps.c - /proc/PID/maps. */
#include "common/cleanup.h"
#include "common/scan.h"
#include "probes/parse.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_FREE char *text = fuzz_text(bytes, length);
    struct scan scan = scan_bytes(text, length), line;
    while (scan_line(&scan, &line)) {
        struct vma vma;
        const char *name;
        size_t name_length;
        if (!parse_maps_line(line, &vma, &name, &name_length))
            continue;
        FUZZ_CHECK(vma.start <= vma.end && name >= text && name + name_length <= text + length);
        AUTO_FREE char *copy = malloc(name_length + 1);
        FUZZ_CHECK(copy);
        parse_maps_name(name, name_length, copy);
        FUZZ_CHECK(strlen(copy) <= name_length);
    }
    return 0;
}
