/* elfutils.c - see elfutils.h. Relies on dlsym(3) looking in the libraries that a library was linked to, too.
 */
#include "inject/elfutils.h"

#include "common/array.h"
#include "common/library.h"

struct elfutils elfutils;
Dwfl_Callbacks elfutils_process_files, elfutils_single_files;

int elfutils_load(void)
{
    static const struct library_symbol functions[] = {
#define X(function) {#function, &elfutils.function},
#include "inject/elfutils.def"
#undef X
    };
    static char *debug_path;
    if (elfutils.elf_begin)
        return 0;
    int r = library_load("libdw.so.1", functions, COUNT_OF(functions));
    if (r < 0)
        return r;
    elfutils.elf_version(EV_CURRENT); /* elf_begin() gives nothing before */
    elfutils_process_files = (Dwfl_Callbacks){.find_elf = elfutils.dwfl_linux_proc_find_elf,
                                              .find_debuginfo = elfutils.dwfl_standard_find_debuginfo,
                                              .debuginfo_path = &debug_path};
    elfutils_single_files = elfutils_process_files;
    elfutils_single_files.find_elf = elfutils.dwfl_build_id_find_elf;
    elfutils_single_files.section_address = elfutils.dwfl_offline_section_address;
    return 0;
}
