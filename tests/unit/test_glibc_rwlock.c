/* test_glibc_rwlock.c - what glibc makes of a read-write lock, and what only looks like one. */
#include "tests/unit/unit.h"

#include "common/array.h"
#include "probes/glibc_rwlock.h"

#include <pthread.h>
#include <unistd.h>

static struct glibc_rwlock bytes_of(const pthread_rwlock_t *lock)
{
    struct glibc_rwlock bytes;
    _Static_assert(sizeof(bytes) == sizeof(*lock), "all of it");
    memcpy(&bytes, lock, sizeof(bytes));
    return bytes;
}

static struct glibc_rwlock written(int preference)
{
    pthread_rwlockattr_t attributes;
    pthread_rwlock_t lock;
    pthread_rwlockattr_init(&attributes);
    pthread_rwlockattr_setpshared(&attributes, PTHREAD_PROCESS_SHARED);
    pthread_rwlockattr_setkind_np(&attributes, preference);
    pthread_rwlock_init(&lock, &attributes);
    struct glibc_rwlock bytes = bytes_of(&lock);
    assert_false(glibc_rwlock_has_writer(&bytes));
    pthread_rwlock_rdlock(&lock);
    bytes = bytes_of(&lock);
    assert_false(glibc_rwlock_has_writer(&bytes));
    pthread_rwlock_unlock(&lock);
    pthread_rwlock_wrlock(&lock);
    bytes = bytes_of(&lock);
    pthread_rwlock_unlock(&lock);
    struct glibc_rwlock after = bytes_of(&lock);
    assert_false(glibc_rwlock_has_writer(&after));
    return bytes;
}

static void test_the_writer_is_in_it(void **state)
{
    (void)state;
    for (int preference = 0; preference < 3; preference++) {
        struct glibc_rwlock lock = written(preference);
        assert_true(glibc_rwlock_has_writer(&lock));
        assert_int_equal(lock.writer, gettid());
    }
}

/* Private ones too: they are no business of other processes. */
static void test_other_words_are_no_lock(void **state)
{
    (void)state;
    static const struct {
        size_t word;
        uint32_t value;
    } changes[] = {
        {0,  0         },
        {0,  1         },
        {0,  2         },
        {2,  4         },
        {3,  1000      },
        {4,  1         },
        {5,  1         },
        {6,  0         },
        {6,  0x80000001},
        {7,  0         },
        {7,  2         },
        {8,  1         },
        {11, 1         },
        {12, 3         },
    };
    const struct glibc_rwlock lock = written(0);
    for (size_t i = 0; i < COUNT_OF(changes); i++) {
        struct glibc_rwlock changed = lock;
        memcpy((char *)&changed + 4 * changes[i].word, &changes[i].value, 4);
        assert_false(glibc_rwlock_has_writer(&changed));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_the_writer_is_in_it),
        cmocka_unit_test(test_other_words_are_no_lock),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
