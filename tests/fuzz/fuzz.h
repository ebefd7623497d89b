/*
 * fuzz.h - what every fuzz target uses. A target is one function; whatever the input, a parser may say no and
 * nothing else. Inputs are copied to their exact length, so that AddressSanitizer sees a read behind the end.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* Ends the process unless it holds. */
#define FUZZ_CHECK(holds)     \
    do {                      \
        if (!(holds))         \
            __builtin_trap(); \
    } while (0)

/* A NUL-terminated copy, to be freed. */
static inline char *fuzz_text(const uint8_t *bytes, size_t length)
{
    char *text = malloc(length + 1);
    FUZZ_CHECK(text);
    if (length)
        memcpy(text, bytes, length);
    text[length] = '\0';
    return text;
}
