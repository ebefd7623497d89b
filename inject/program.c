/* program.c - see program.h. ELF files are read with libelf, which copes with broken ones. */
#include "inject/program.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "inject/elfutils.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>

enum { SCRIPT_DEPTH = 4, LINE = 256 };

#ifdef __x86_64__
#define NATIVE_MACHINE EM_X86_64
#else
#define NATIVE_MACHINE EM_AARCH64
#endif

static void cleanup_elf(Elf **elf)
{
    elfutils.elf_end(*elf);
}

static bool executable(const char *path)
{
    struct stat status;
    return access(path, X_OK) == 0 && stat(path, &status) == 0 && S_ISREG(status.st_mode);
}

static int find_in_path(const char *command, char path[PATH_MAX])
{
    const char *at = getenv("PATH");
    if (!at)
        at = "/usr/local/bin:/bin:/usr/bin";
    while (*at) {
        size_t length = strcspn(at, ":");
        int written =
            snprintf(path, PATH_MAX, "%.*s/%s", length ? (int)length : 1, length ? at : ".", command);
        if (written > 0 && written < PATH_MAX && executable(path))
            return 0;
        at += length + (at[length] == ':');
    }
    return -ENOENT;
}

static int find(const char *command, char path[PATH_MAX])
{
    if (!strchr(command, '/'))
        return find_in_path(command, path);
    if ((size_t)snprintf(path, PATH_MAX, "%s", command) >= PATH_MAX)
        return -ENAMETOOLONG;
    if (executable(path))
        return 0;
    return access(path, F_OK) == 0 ? -EACCES : -ENOENT;
}

/* True with the interpreter in `path` when the file starts with "#!". "#!/usr/bin/env X" is X. */
static bool script_interpreter(int fd, char path[PATH_MAX])
{
    char line[LINE] = "";
    if (pread(fd, line, sizeof(line) - 1, 0) < 2 || line[0] != '#' || line[1] != '!')
        return false;
    line[strcspn(line, "\n")] = '\0';
    char *rest = line + 2 + strspn(line + 2, " \t");
    char *word = strsep(&rest, " \t");
    if (rest && strcmp(word, "/usr/bin/env") == 0 && *rest && *rest != '-')
        return find(strsep(&rest, " \t"), path) == 0;
    snprintf(path, PATH_MAX, "%s", word);
    return true;
}

static void look_at_dynamic(Elf *elf, const GElf_Phdr *segment, struct program *program)
{
    Elf_Scn *section = elfutils.gelf_offscn(elf, segment->p_offset);
    GElf_Shdr header;
    Elf_Data *data = section ? elfutils.elf_getdata(section, NULL) : NULL;
    if (!data || !elfutils.gelf_getshdr(section, &header))
        return;
    GElf_Dyn entry;
    for (int index = 0; elfutils.gelf_getdyn(data, index, &entry); index++) {
        const char *name =
            entry.d_tag == DT_NEEDED ? elfutils.elf_strptr(elf, header.sh_link, entry.d_un.d_val) : NULL;
        if (!name)
            continue;
        if (strncmp(name, "libasan.so", 10) == 0 || strncmp(name, "libtsan.so", 10) == 0)
            snprintf(program->sanitizer, sizeof(program->sanitizer), "%s", name);
        if (strcmp(name, "libc.so") == 0)
            program->musl = true;
    }
}

/* By its chunk: elf_rawfile() would read the whole file, which may have hundreds of megabytes. */
static bool is_for_musl(Elf *elf, const GElf_Phdr *interpreter)
{
    size_t size = interpreter->p_filesz < PATH_MAX ? interpreter->p_filesz : PATH_MAX;
    Elf_Data *data = elfutils.elf_getdata_rawchunk(elf, (int64_t)interpreter->p_offset, size, ELF_T_BYTE);
    return data && data->d_buf && memmem(data->d_buf, data->d_size, "ld-musl", 7);
}

static void look_at_segments(Elf *elf, struct program *program)
{
    size_t count = 0;
    elfutils.elf_getphdrnum(elf, &count);
    for (size_t index = 0; index < count; index++) {
        GElf_Phdr segment;
        if (!elfutils.gelf_getphdr(elf, (int)index, &segment))
            continue;
        if (segment.p_type == PT_INTERP) {
            program->dynamic = true;
            program->musl |= is_for_musl(elf, &segment);
        }
        if (segment.p_type == PT_DYNAMIC)
            look_at_dynamic(elf, &segment, program);
    }
}

static bool has_section(Elf *elf, const char *wanted)
{
    size_t names = 0;
    if (elfutils.elf_getshdrstrndx(elf, &names) != 0)
        return false;
    for (Elf_Scn *section = NULL; (section = elfutils.elf_nextscn(elf, section));) {
        GElf_Shdr header;
        const char *name =
            elfutils.gelf_getshdr(section, &header) ? elfutils.elf_strptr(elf, names, header.sh_name) : NULL;
        if (name && strcmp(name, wanted) == 0)
            return true;
    }
    return false;
}

static int look_at_elf(int fd, struct program *program)
{
    CLEANUP(cleanup_elf) Elf *elf = elfutils.elf_begin(fd, ELF_C_READ, NULL);
    GElf_Ehdr header;
    if (!elf || elfutils.elf_kind(elf) != ELF_K_ELF || !elfutils.gelf_getehdr(elf, &header))
        return -ENOEXEC;
    program->foreign = elfutils.gelf_getclass(elf) != ELFCLASS64 || header.e_machine != NATIVE_MACHINE;
    look_at_segments(elf, program);
    program->go = has_section(elf, ".go.buildinfo") || has_section(elf, ".note.go.buildid");
    return 0;
}

int program_look(const char *command, struct program *ret_program)
{
    struct program program = {0};
    int r = elfutils_load_elf();
    if (r == 0)
        r = find(command, program.path);
    for (int depth = 0; r == 0; depth++) {
        AUTO_CLOSE int fd = open(program.path, O_RDONLY | O_CLOEXEC);
        if (fd < 0)
            return errno == EACCES ? -EACCES : -errno;
        if (depth < SCRIPT_DEPTH && script_interpreter(fd, program.path))
            continue;
        struct stat status;
        if (fstat(fd, &status) < 0)
            return -errno;
        program.privileged =
            (status.st_mode & (S_ISUID | S_ISGID)) != 0 || fgetxattr(fd, "security.capability", NULL, 0) > 0;
        r = look_at_elf(fd, &program);
        if (r != -ENOEXEC || depth)
            break;
        /* What the kernel cannot run, execvp(3) gives to the shell. */
        snprintf(program.path, sizeof(program.path), "/bin/sh");
        r = 0;
    }
    if (r == 0)
        *ret_program = program;
    return r;
}

const char *program_no_preload(const struct program *program)
{
    if (program->foreign)
        return "it is made for another machine or word size";
    if (!program->dynamic)
        return "it is statically linked";
    if (program->musl)
        return "it uses musl, not glibc";
    if (program->go)
        return "it is a Go program, which makes its system calls itself";
    if (program->privileged)
        return "it is setuid, setgid or has capabilities, so the loader ignores LD_PRELOAD";
    return NULL;
}

int program_engine(const struct program *program, const char *word, enum call_reach *ret_engine,
                   char reason[PROGRAM_REASON_MAX])
{
    static const char *const words[] = {"auto", "preload", "seccomp"};
    const char *no_preload = program_no_preload(program);
    const enum call_reach engines[] = {no_preload ? REACH_SECCOMP : REACH_PRELOAD, REACH_PRELOAD,
                                       REACH_SECCOMP};
    size_t index = 0;
    while (index < COUNT_OF(words) && strcmp(words[index], word) != 0)
        index++;
    if (index == COUNT_OF(words)) {
        snprintf(reason, PROGRAM_REASON_MAX, "no such engine; there are auto, preload and seccomp");
        return -EINVAL;
    }
    if (engines[index] == REACH_PRELOAD && no_preload) {
        snprintf(reason, PROGRAM_REASON_MAX, "the preload engine cannot reach it: %s; use --engine seccomp",
                 no_preload);
        return -ENOTSUP;
    }
    if (engines[index] == REACH_SECCOMP && program->foreign) {
        snprintf(reason, PROGRAM_REASON_MAX,
                 "no engine can reach it: it is made for another machine or word size");
        return -ENOTSUP;
    }
    *ret_engine = engines[index];
    return 0;
}

/* Link addresses are what the shim reports of callers: their address less where the file was loaded. */
static bool symbol_range(Elf *elf, Elf_Scn *section, const GElf_Shdr *header, const char *function,
                         unsigned long long *ret_low, unsigned long long *ret_high)
{
    Elf_Data *data = elfutils.elf_getdata(section, NULL);
    GElf_Sym symbol;
    for (int index = 0; data && elfutils.gelf_getsym(data, index, &symbol); index++) {
        const char *name = elfutils.elf_strptr(elf, header->sh_link, symbol.st_name);
        if (!name || GELF_ST_TYPE(symbol.st_info) != STT_FUNC || !symbol.st_size ||
            strcmp(name, function) != 0)
            continue;
        *ret_low = symbol.st_value;
        *ret_high =
            symbol.st_value + symbol.st_size + 1; /* a return address may be just behind a last call */
        return true;
    }
    return false;
}

int program_function(const char *path, const char *function, unsigned long long *ret_low,
                     unsigned long long *ret_high)
{
    int r = elfutils_load_elf();
    if (r < 0)
        return r;
    AUTO_CLOSE int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd < 0)
        return -errno;
    CLEANUP(cleanup_elf) Elf *elf = elfutils.elf_begin(fd, ELF_C_READ, NULL);
    for (Elf_Scn *section = NULL; elf && (section = elfutils.elf_nextscn(elf, section));) {
        GElf_Shdr header;
        if (!elfutils.gelf_getshdr(section, &header) ||
            (header.sh_type != SHT_SYMTAB && header.sh_type != SHT_DYNSYM))
            continue;
        if (symbol_range(elf, section, &header, function, ret_low, ret_high))
            return 0;
    }
    return -ENOENT;
}
