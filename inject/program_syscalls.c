/*
 * program_syscalls.c - finds system calls that a program makes without libc by the instructions a compiler
 * makes of them: a number is loaded, and soon after the kernel is entered. A hint, not a proof: a number that
 * comes from elsewhere is not found, and data among the code may look like it.
 */
#include "inject/program.h"

#include "common/cleanup.h"

#include <elf.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>

/* How far the number may be ahead: arguments are loaded in between. */
enum { REACH = 64 };

static bool is_wanted(const struct program_syscalls *wanted, uint32_t number)
{
    return number < PROGRAM_SYSCALLS_MAX && (wanted->bits[number / 64] >> (number % 64) & 1);
}

#ifdef __x86_64__

/* The number comes by mov $N, %eax (b8 N) or mov $N, %rax (48 c7 c0 N): both end in a byte and the number. */
static bool loads_number(const unsigned char *code, const struct program_syscalls *wanted)
{
    uint32_t number;
    if (code[0] != 0xb8 && code[0] != 0xc0)
        return false;
    memcpy(&number, code + 1, sizeof(number));
    return is_wanted(wanted, number);
}

static bool in_code(const unsigned char *code, size_t size, const struct program_syscalls *wanted)
{
    static const unsigned char enter[] = {0x0f, 0x05};
    const unsigned char *end = code + size;
    const unsigned char *after = code;
    for (const unsigned char *at; (at = memmem(after, (size_t)(end - after), enter, sizeof(enter)));) {
        after = at + sizeof(enter);
        const unsigned char *first = at - code > REACH ? at - REACH : code;
        for (const unsigned char *before = first; before + 5 <= at; before++)
            if (loads_number(before, wanted))
                return true;
    }
    return false;
}

#else

/* svc #0 is d4000001; the number comes by mov w8, #N or mov x8, #N. */
static bool in_code(const unsigned char *code, size_t size, const struct program_syscalls *wanted)
{
    size_t count = size / sizeof(uint32_t);
    size_t loaded_at = SIZE_MAX;
    for (size_t index = 0; index < count; index++) {
        uint32_t word;
        memcpy(&word, code + index * sizeof(word), sizeof(word));
        if ((word & 0x7fe0001f) == 0x52800008 && is_wanted(wanted, word >> 5 & 0xffff))
            loaded_at = index;
        if (word == 0xd4000001 && loaded_at != SIZE_MAX && index - loaded_at <= REACH / sizeof(word))
            return true;
    }
    return false;
}

#endif

static bool in_segments(const unsigned char *file, size_t size, const struct program_syscalls *wanted)
{
    Elf64_Ehdr header;
    if (size < sizeof(header))
        return false;
    memcpy(&header, file, sizeof(header));
    for (unsigned index = 0; index < header.e_phnum; index++) {
        Elf64_Phdr segment;
        uint64_t at = header.e_phoff + index * sizeof(segment);
        if (header.e_phoff > size || at > size - sizeof(segment))
            return false;
        memcpy(&segment, file + at, sizeof(segment));
        bool code = segment.p_type == PT_LOAD && (segment.p_flags & PF_X);
        if (!code || segment.p_offset > size || segment.p_filesz > size - segment.p_offset)
            continue;
        if (in_code(file + segment.p_offset, segment.p_filesz, wanted))
            return true;
    }
    return false;
}

bool program_makes_syscall(const struct program *program, const struct program_syscalls *wanted)
{
    AUTO_CLOSE int fd = open(program->path, O_RDONLY | O_CLOEXEC);
    struct stat status;
    if (fd < 0 || fstat(fd, &status) < 0 || status.st_size <= 0)
        return false;
    size_t size = (size_t)status.st_size;
    void *file = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
    if (file == MAP_FAILED)
        return false;
    bool found = in_segments(file, size, wanted);
    munmap(file, size);
    return found;
}
