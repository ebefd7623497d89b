/* own.h - what wrappers written by hand share. See own.c and open.c. */
#pragma once

#include "inject/shim/shim.h"

#include "inject/shim/wrap.h"

#define NUMBERS(...) ((const uint64_t[CALL_PARAMS_MAX]){__VA_ARGS__})
#define CALLER       __builtin_return_address(0)

/* The real function of a variadic row; `type` and parameters as in its libc header. */
#define REAL(name, type, ...)                                           \
    static type (*real_##name)(__VA_ARGS__);                            \
    static type (*find_##name(void))(__VA_ARGS__)                       \
    {                                                                   \
        if (!real_##name)                                               \
            real_##name = (__typeof__(real_##name))shim_resolve(#name); \
        return real_##name;                                             \
    }
