/*
 * flawed_double_unlink.c - starts a new journal and keeps it, under the name of the old one. Flaw: when the
 * old one could not be given up at once, all of it is done again later, and so the name of the new journal is
 * removed.
 */
#include "tests/targets/flawed.h"

#include <fcntl.h>
#include <stdbool.h>
#include <sys/mman.h>

enum { SIZE = 4096 };

static const char journal_name[] = "/flawed-journal";

struct journal {
    char *page;
    bool unlinked;
};

static int start(struct journal *ret_journal)
{
    int fd = shm_open(journal_name, O_RDWR | O_CREAT | O_EXCL, 0600);
    if (fd < 0)
        return complain("shm_open");
    int error = posix_fallocate(fd, 0, SIZE);
    char *page = error ? MAP_FAILED : mmap(NULL, SIZE, PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
    if (!error && page == MAP_FAILED)
        error = errno;
    close(fd);
    if (error) {
        shm_unlink(journal_name);
        return complain_of("start a journal", error);
    }
    *ret_journal = (struct journal){.page = page};
    return 0;
}

/* To be called again when it failed. */
static int give_up(struct journal *journal)
{
#ifdef SOUND
    if (!journal->unlinked && shm_unlink(journal_name) < 0)
#else
    if (shm_unlink(journal_name) < 0)
#endif
        return -1;
    journal->unlinked = true;
    return munmap(journal->page, SIZE);
}

int main(void)
{
    struct journal old, new;
    shm_unlink(journal_name);
    if (start(&old))
        return 1;
    bool later = give_up(&old) < 0;
    if (!old.unlinked)
        return complain("shm_unlink");
    if (start(&new))
        return 1;
    snprintf(new.page, SIZE, "day 1");
    if (later && give_up(&old) < 0)
        return complain("munmap");
    puts("a new journal");
    return 0;
}
