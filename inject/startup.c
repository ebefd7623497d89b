/* startup.c - see startup.h. The stack tells: a return address into the function that calls main() is there,
 * or not. */
#include "inject/startup.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/scan.h"
#include "inject/program.h"
#include "inject/remote.h"

#include <elf.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>

enum { TOP_WORDS = 1024, FIELD_STARTSTACK = 28, PATH_SIZE = 32 };

/* Further from its start than this, it is another stack. */
#define STACK_MAX (1ULL << 30)

static const struct {
    const char *function;
    bool ends;
} marks[] = {
    {"__libc_start_call_main", true }, /* glibc, static */
    {"libc_start_main_stage2", true }, /* musl, static */
    {"runtime.rt0_go.abi0",    false}, /* Go: under all that its first thread does for the run-time system */
    {"runtime.rt0_go",         false},
};

static bool read_file(pid_t pid, const char *name, void *buffer, size_t size, size_t *ret_length)
{
    char path[PATH_SIZE];
    snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t length = fd < 0 ? -1 : read(fd, buffer, size);
    *ret_length = length > 0 ? (size_t)length : 0;
    return length > 0;
}

static uint64_t read_entry(pid_t pid)
{
    Elf64_auxv_t auxv[64];
    size_t length;
    read_file(pid, "auxv", auxv, sizeof(auxv), &length);
    for (size_t index = 0; index < length / sizeof(auxv[0]); index++)
        if (auxv[index].a_type == AT_ENTRY)
            return auxv[index].a_un.a_val;
    return 0;
}

/* `bias`: where the program is loaded, less where it was linked to be. */
static bool find_marks(struct startup *startup, const char *path, uint64_t bias)
{
    unsigned long long low;
    unsigned long long high;
    for (size_t index = 0; index < COUNT_OF(marks); index++)
        if (program_function(path, marks[index].function, &low, &high) == 0) {
            startup->low = low + bias;
            startup->high = high + bias;
            startup->ends = marks[index].ends;
            return true;
        }
    return false;
}

/* How linkers begin a program's file. */
struct file_start {
    Elf64_Ehdr header;
    Elf64_Phdr segments[32];
};

/* musl's loader runs on the stack that main() will have, and calls nothing of the program before: all its
 * code. */
static bool find_code(struct startup *startup, const struct file_start *file, uint64_t bias)
{
    if (file->header.e_phoff != sizeof(file->header))
        return false;
    for (size_t index = 0; index < COUNT_OF(file->segments) && index < file->header.e_phnum; index++) {
        const Elf64_Phdr *segment = &file->segments[index];
        if (segment->p_type != PT_LOAD || !(segment->p_flags & PF_X))
            continue;
        startup->low = segment->p_vaddr + bias;
        startup->high = startup->low + segment->p_memsz;
        startup->ends = true;
        return true;
    }
    return false;
}

static void find_out(struct startup *startup, pid_t pid)
{
    char path[PATH_SIZE];
    struct file_start file = {0};
    size_t length;
    struct program program;
    snprintf(path, sizeof(path), "/proc/%d/exe", pid);
    startup->known = true;
    startup->running = false;
    startup->entry = read_entry(pid);
    if (!startup->entry || !read_file(pid, "exe", &file, sizeof(file), &length) ||
        length < sizeof(file.header) || program_look(path, &program) < 0)
        return;
    uint64_t bias = startup->entry - file.header.e_entry;
    if (!program.dynamic)
        startup->running = find_marks(startup, path, bias);
    else if (program.musl)
        startup->running = find_code(startup, &file, bias);
}

/* Where the stack of the first thread begins: above are arguments, environment and auxiliary vector. */
static uint64_t read_stack_start(pid_t pid)
{
    char text[1024] = "";
    size_t length;
    uint64_t value = 0;
    read_file(pid, "stat", text, sizeof(text) - 1, &length);
    const char *end = strrchr(text, ')');
    struct scan scan = scan_text(end ? end + 1 : "");
    for (int field = 3; field <= FIELD_STARTSTACK; field++) {
        const char *word;
        size_t word_length;
        scan_blanks(&scan);
        if (!scan_word(&scan, &word, &word_length))
            return 0;
        struct scan number = scan_bytes(word, word_length);
        if (field == FIELD_STARTSTACK && !scan_decimal(&number, &value))
            return 0;
    }
    return value;
}

/* The mark is among the first words that were put on the stack. On another stack, start-up is over. */
static bool is_over(const struct startup *startup, pid_t pid, pid_t tid)
{
    uint64_t words[TOP_WORDS];
    uint64_t pointer;
    uint64_t counter;
    uint64_t start = read_stack_start(pid);
    if (remote_registers(tid, &pointer, &counter) < 0 || pointer >= start || start - pointer > STACK_MAX)
        return true;
    size_t size = start - pointer < sizeof(words) ? start - pointer : sizeof(words);
    if (remote_read(tid, start - size, words, size) < 0)
        return true;
    bool found = false;
    for (size_t index = 0; index < size / sizeof(words[0]); index++)
        found |=
            words[index] > startup->low && words[index] < startup->high && words[index] != startup->entry;
    return found == startup->ends;
}

bool startup_goes_on(struct startup *startup, pid_t pid, pid_t tid)
{
    if (!startup->running)
        return false;
    if (!startup->known)
        find_out(startup, pid);
    if (startup->running && (tid != pid || is_over(startup, pid, tid)))
        startup->running = false;
    return startup->running;
}
