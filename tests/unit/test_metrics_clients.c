/* test_metrics_clients.c - which connections of the metrics server have to go. */
#include "tests/unit/unit.h"

#include "inspector/metrics_clients.h"

static const uint64_t second = 1000000000;

static void test_the_oldest_go_when_there_are_many(void **state)
{
    (void)state;
    struct clients clients;
    struct client *all[CLIENTS_KEPT + 2];
    clients_init(&clients);
    for (int i = 0; i < CLIENTS_KEPT; i++)
        all[i] = clients_add(&clients, 100 + i, second + (uint64_t)i);
    assert_int_equal(clients_end_one(&clients, 2 * second), -1);
    all[0]->since = 2 * second; /* had its answer */
    all[CLIENTS_KEPT] = clients_add(&clients, 200, 2 * second);
    all[CLIENTS_KEPT + 1] = clients_add(&clients, 201, 2 * second);
    assert_int_equal(clients_end_one(&clients, 2 * second), 101);
    assert_int_equal(clients_end_one(&clients, 2 * second), 102);
    assert_int_equal(clients_end_one(&clients, 2 * second), -1);
    clients_remove(all[1]);
    clients_remove(all[2]);
    assert_int_equal(clients_end_one(&clients, 2 * second), -1);
}

static void test_the_slow_go(void **state)
{
    (void)state;
    struct clients clients;
    clients_init(&clients);
    clients_add(&clients, 7, second);
    clients_add(&clients, 8, 2 * second);
    assert_int_equal(clients_end_one(&clients, CLIENT_SECONDS * second), -1);
    assert_int_equal(clients_end_one(&clients, (CLIENT_SECONDS + 1) * second), 7);
    assert_int_equal(clients_end_one(&clients, (CLIENT_SECONDS + 1) * second), -1);
    assert_int_equal(clients_end_one(&clients, (CLIENT_SECONDS + 2) * second), 8);
}

static void test_places_are_taken_again(void **state)
{
    (void)state;
    struct clients clients;
    struct client *last = NULL;
    clients_init(&clients);
    for (int i = 0; i < CLIENTS_MAX; i++)
        assert_non_null(last = clients_add(&clients, i, second));
    assert_null(clients_add(&clients, 1000, second));
    clients_remove(last);
    assert_ptr_equal(clients_add(&clients, 1000, second), last);
    assert_false(last->ended);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_oldest_go_when_there_are_many),
        cmocka_unit_test(test_the_slow_go),
        cmocka_unit_test(test_places_are_taken_again),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
