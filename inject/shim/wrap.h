/*
 * wrap.h - makes C of the rows of calls.def: for CALL(open, int, ..., P2(PATH, const char *, path, ...)) the
 * parameter list, the names alone, and the way to and from an array of numbers.
 */
#pragma once

#include "inject/calls_headers.h"

#define DECLARE_P1(r1, t1, n1)      t1 n1
#define DECLARE_P2(r1, t1, n1, ...) t1 n1, DECLARE_P1(__VA_ARGS__)
#define DECLARE_P3(r1, t1, n1, ...) t1 n1, DECLARE_P2(__VA_ARGS__)
#define DECLARE_P4(r1, t1, n1, ...) t1 n1, DECLARE_P3(__VA_ARGS__)
#define DECLARE_P5(r1, t1, n1, ...) t1 n1, DECLARE_P4(__VA_ARGS__)
#define DECLARE_P6(r1, t1, n1, ...) t1 n1, DECLARE_P5(__VA_ARGS__)

#define NAMES_P1(r1, t1, n1)        n1
#define NAMES_P2(r1, t1, n1, ...)   n1, NAMES_P1(__VA_ARGS__)
#define NAMES_P3(r1, t1, n1, ...)   n1, NAMES_P2(__VA_ARGS__)
#define NAMES_P4(r1, t1, n1, ...)   n1, NAMES_P3(__VA_ARGS__)
#define NAMES_P5(r1, t1, n1, ...)   n1, NAMES_P4(__VA_ARGS__)
#define NAMES_P6(r1, t1, n1, ...)   n1, NAMES_P5(__VA_ARGS__)

/* Each as a 64-bit number, sign-extended where its type is signed. */
#define NUMBERS_P1(r1, t1, n1)      (uint64_t)(n1)
#define NUMBERS_P2(r1, t1, n1, ...) (uint64_t)(n1), NUMBERS_P1(__VA_ARGS__)
#define NUMBERS_P3(r1, t1, n1, ...) (uint64_t)(n1), NUMBERS_P2(__VA_ARGS__)
#define NUMBERS_P4(r1, t1, n1, ...) (uint64_t)(n1), NUMBERS_P3(__VA_ARGS__)
#define NUMBERS_P5(r1, t1, n1, ...) (uint64_t)(n1), NUMBERS_P4(__VA_ARGS__)
#define NUMBERS_P6(r1, t1, n1, ...) (uint64_t)(n1), NUMBERS_P5(__VA_ARGS__)

#define ROLES_P1(r1, t1, n1)        ROLE_##r1
#define ROLES_P2(r1, t1, n1, ...)   ROLE_##r1, ROLES_P1(__VA_ARGS__)
#define ROLES_P3(r1, t1, n1, ...)   ROLE_##r1, ROLES_P2(__VA_ARGS__)
#define ROLES_P4(r1, t1, n1, ...)   ROLE_##r1, ROLES_P3(__VA_ARGS__)
#define ROLES_P5(r1, t1, n1, ...)   ROLE_##r1, ROLES_P4(__VA_ARGS__)
#define ROLES_P6(r1, t1, n1, ...)   ROLE_##r1, ROLES_P5(__VA_ARGS__)

/* The numbers in `a` as arguments of the right types. */
#define TYPED_P1(r1, t1, n1)                         (t1)(a)[0]
#define TYPED_P2(r1, t1, n1, r2, t2, n2)             TYPED_P1(r1, t1, n1), (t2)(a)[1]
#define TYPED_P3(r1, t1, n1, r2, t2, n2, r3, t3, n3) TYPED_P2(r1, t1, n1, r2, t2, n2), (t3)(a)[2]
#define TYPED_P4(r1, t1, n1, r2, t2, n2, r3, t3, n3, r4, t4, n4) \
    TYPED_P3(r1, t1, n1, r2, t2, n2, r3, t3, n3), (t4)(a)[3]
#define TYPED_P5(r1, t1, n1, r2, t2, n2, r3, t3, n3, r4, t4, n4, r5, t5, n5) \
    TYPED_P4(r1, t1, n1, r2, t2, n2, r3, t3, n3, r4, t4, n4), (t5)(a)[4]
#define TYPED_P6(r1, t1, n1, r2, t2, n2, r3, t3, n3, r4, t4, n4, r5, t5, n5, r6, t6, n6) \
    TYPED_P5(r1, t1, n1, r2, t2, n2, r3, t3, n3, r4, t4, n4, r5, t5, n5), (t6)(a)[5]

/*
 * The real function behind a wrapper. It starts as a function that looks the real one up, so that calls
 * made before our constructor (by sanitizers, other libraries' constructors) work as well.
 */
#define REAL_FUNCTION(name, type, parameters, numbers)                    \
    static type find_##name(DECLARE_##parameters);                        \
    static type (*real_##name)(DECLARE_##parameters) = find_##name;       \
    static type find_##name(DECLARE_##parameters)                         \
    {                                                                     \
        void *found = shim_resolve(#name);                                \
        if (!found) {                                                     \
            errno = ENOSYS;                                               \
            return (type)call_failed_result(&calls[CALL_##name], ENOSYS); \
        }                                                                 \
        real_##name = (__typeof__(real_##name))found;                     \
        return real_##name(NAMES_##parameters);                           \
    }
