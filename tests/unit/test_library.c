/* test_library.c - functions are found in a library, all of them or none. */
#include "common/library.h"

#include "tests/unit/unit.h"

#include <errno.h>

enum { FUNCTIONS = 2 };

static double (*functions[FUNCTIONS])(double);

static int load(const char *soname, const char *second)
{
    const struct library_symbol symbols[FUNCTIONS] = {
        {"floor", &functions[0]},
        {second,  &functions[1]},
    };
    functions[0] = functions[1] = NULL;
    return library_load(soname, symbols, FUNCTIONS);
}

static void functions_are_found(void **state)
{
    (void)state;
    for (int again = 0; again < 2; again++) {
        assert_int_equal(load("libm.so.6", "ceil"), 0);
        assert_true(functions[0](1.5) == 1 && functions[1](1.5) == 2);
    }
}

static void a_function_that_lacks_leaves_all_unfilled(void **state)
{
    (void)state;
    assert_int_equal(load("libm.so.6", "no_such_function"), -ELIBACC);
    assert_null(functions[0]);
    assert_null(functions[1]);
}

static void a_library_may_lack(void **state)
{
    (void)state;
    assert_int_equal(load("libshmoo-none.so.1", "ceil"), -ELIBACC);
    assert_null(functions[0]);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(functions_are_found),
        cmocka_unit_test(a_function_that_lacks_leaves_all_unfilled),
        cmocka_unit_test(a_library_may_lack),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
