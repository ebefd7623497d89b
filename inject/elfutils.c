/* elfutils.c - see elfutils.h. libdw brings libelf along: the one that is loaded already. */
#include "inject/elfutils.h"

#include "common/array.h"
#include "common/library.h"

struct elfutils elfutils;
Dwfl_Callbacks elfutils_process_files, elfutils_single_files;

int elfutils_load_elf(void)
{
    static const struct library_symbol functions[] = {
#define DW(function)
#define ELF(function) {#function, &elfutils.function},
#include "inject/elfutils.def"
#undef ELF
#undef DW
    };
    if (elfutils.elf_begin)
        return 0;
    int r = library_load("libelf.so.1", functions, COUNT_OF(functions));
    if (r < 0)
        return r;
    elfutils.elf_version(EV_CURRENT); /* elf_begin() gives nothing before */
    return 0;
}

int elfutils_load(void)
{
    static const struct library_symbol functions[] = {
#define ELF(function)
#define DW(function) {#function, &elfutils.function},
#include "inject/elfutils.def"
#undef DW
#undef ELF
    };
    static char *debug_path;
    if (elfutils.dwfl_begin)
        return 0;
    int r = elfutils_load_elf();
    if (r == 0)
        r = library_load("libdw.so.1", functions, COUNT_OF(functions));
    if (r < 0)
        return r;
    elfutils_process_files = (Dwfl_Callbacks){.find_elf = elfutils.dwfl_linux_proc_find_elf,
                                              .find_debuginfo = elfutils.dwfl_standard_find_debuginfo,
                                              .debuginfo_path = &debug_path};
    elfutils_single_files = elfutils_process_files;
    elfutils_single_files.find_elf = elfutils.dwfl_build_id_find_elf;
    elfutils_single_files.section_address = elfutils.dwfl_offline_section_address;
    return 0;
}
