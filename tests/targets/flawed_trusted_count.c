/*
 * flawed_trusted_count.c - adds a value to a list that programs share, and makes the list when it is the
 * first. Flaw: takes how many values there are from memory that anyone may have written.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <stdint.h>
#include <sys/mman.h>

enum { VALUES_MAX = 15 };

struct list {
    uint32_t count;
    int32_t values[VALUES_MAX];
};

static const char list_name[] = "/flawed-list";

static int add(struct list *list, int32_t value)
{
#ifdef SOUND
    if (list->count >= VALUES_MAX) {
        fputs("the list is full, or none of ours\n", stderr);
        return 1;
    }
#endif
    list->values[list->count++] = value;
    printf("added %d\n", value);
    return 0;
}

static int open_list(struct list **ret_list)
{
    int fd = shm_open(list_name, O_RDWR | O_CREAT, 0600);
    if (fd < 0)
        return complain("shm_open");
    if (ftruncate(fd, sizeof(**ret_list)) < 0)
        return complain("ftruncate");
    *ret_list = mmap(NULL, sizeof(**ret_list), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    return *ret_list == MAP_FAILED ? complain("mmap") : 0;
}

int main(void)
{
    struct list *list = NULL;
    int status = open_list(&list);
    if (status == 0)
        status = add(list, 7);
    if (shm_unlink(list_name) < 0 && errno != ENOENT)
        status = complain("shm_unlink");
    return status;
}
