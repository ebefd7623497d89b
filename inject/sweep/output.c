/* output.c - see output.h. */
#include "inject/sweep/output.h"

#include "common/fnv.h"
#include "inject/sweep/trial.h"

#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

enum { CHUNK = 16 * 1024 };

/* What columns of numbers are made of. */
static const char number_bytes[] = "0123456789 \t.+-";

int output_new(void)
{
    static const char *const folders[] = {"/run", "/tmp", "/var/tmp"};
    for (size_t index = 0; index < COUNT_OF(folders); index++) {
        int fd = open(folders[index], O_TMPFILE | O_RDWR | O_APPEND | O_CLOEXEC, 0600);
        if (fd >= 0)
            return fd;
    }
    return memfd_create("shmoo-output", MFD_CLOEXEC);
}

void output_clear(int fd)
{
    if (output_size(fd) && ftruncate(fd, 0) == 0)
        lseek(fd, 0, SEEK_SET);
}

uint64_t output_size(int fd)
{
    struct stat status;
    return fstat(fd, &status) == 0 ? (uint64_t)status.st_size : 0;
}

void output_read(int fd, struct output_seen *ret_output)
{
    char chunk[CHUNK];
    struct output_seen output = {.hash = FNV_START, .words_hash = FNV_START};
    for (ssize_t got; (got = pread(fd, chunk, sizeof(chunk), (off_t)output.length)) > 0;) {
        for (ssize_t index = 0; index < got; index++) {
            unsigned char byte = (unsigned char)chunk[index];
            output.hash = fnv_add(output.hash, &byte, 1);
            if (!memchr(number_bytes, byte, sizeof(number_bytes) - 1))
                output.words_hash = fnv_add(output.words_hash, &byte, 1);
            if (output.kept < SEEN_TEXT_MAX - 1)
                output.text[output.kept++] = chunk[index];
        }
        output.length += (uint64_t)got;
    }
    *ret_output = output;
}
