/* call_site.c - see call_site.h. */
#include "inject/call_site.h"

#include "common/arena.h"
#include "common/array.h"
#include "common/cleanup.h"
#include "common/hash.h"
#include "inject/elfutils.h"

#include <dwarf.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>

struct module {
    const char *path;
    Dwfl *dwfl;          /* one per module: each is reported at address 0 */
    Dwfl_Module *module; /* NULL when it could not be read */
};

struct call_sites {
    struct arena arena;
    ARRAY(struct module) modules;
    ARRAY(struct call_site) found;
    struct hash found_at; /* module index, offset → index in found */
};

struct call_sites *call_sites_new(void)
{
    int r = elfutils_load();
    if (r == 0)
        return calloc(1, sizeof(struct call_sites));
    errno = -r;
    return NULL;
}

void call_sites_free(struct call_sites *sites)
{
    if (!sites)
        return;
    array_each(&sites->modules, module) elfutils.dwfl_end(module->dwfl);
    array_free(&sites->modules);
    array_free(&sites->found);
    hash_free(&sites->found_at);
    arena_free(&sites->arena);
    free(sites);
}

/* Debugging information may be in a file beside the module or found by its build id. */
static void read_module(struct module *module)
{
    module->dwfl = elfutils.dwfl_begin(&elfutils_single_files);
    if (!module->dwfl)
        return;
    module->module = elfutils.dwfl_report_elf(module->dwfl, module->path, module->path, -1, 0, false);
    elfutils.dwfl_report_end(module->dwfl, NULL, NULL);
}

static const struct module *get_module(struct call_sites *sites, const char *path)
{
    array_each(&sites->modules, module) if (strcmp(module->path, path) == 0) return module;
    const char *copy = arena_string(&sites->arena, path);
    struct module *module = copy ? array_push(&sites->modules) : NULL;
    if (!module)
        return NULL;
    module->path = copy;
    read_module(module);
    return module;
}

/* The innermost function that was inlined there, or NULL. */
static const char *inlined_function(Dwfl_Module *module, Dwarf_Addr address)
{
    Dwarf_Addr bias;
    Dwarf_Die *unit = elfutils.dwfl_module_addrdie(module, address, &bias);
    AUTO_FREE Dwarf_Die *scopes = NULL;
    int count = unit ? elfutils.dwarf_getscopes(unit, address - bias, &scopes) : 0;
    for (int index = 0; index < count; index++) {
        int tag = elfutils.dwarf_tag(&scopes[index]);
        Dwarf_Attribute attribute;
        if (tag == DW_TAG_subprogram)
            return NULL;
        if (tag == DW_TAG_inlined_subroutine)
            return elfutils.dwarf_formstring(
                elfutils.dwarf_attr_integrate(&scopes[index], DW_AT_name, &attribute));
    }
    return NULL;
}

/* Without the ".isra.0" and such that compilers add to their copies of a function; dots are part of Go's
 * names. */
static const char *copy_function(struct call_sites *sites, const char *name)
{
    static const char *const marks[] = {".isra.", ".part.", ".constprop.", ".cold", ".lto_priv.", ".llvm."};
    size_t length = name ? strlen(name) : 0;
    for (size_t index = 0; name && index < COUNT_OF(marks); index++) {
        const char *mark = strstr(name, marks[index]);
        if (mark && (size_t)(mark - name) < length)
            length = (size_t)(mark - name);
    }
    return name ? arena_copy(&sites->arena, name, length) : NULL;
}

/* The call is before the address it returns to. */
static struct call_site look_up(struct call_sites *sites, const struct module *module, uint64_t offset)
{
    struct call_site site = {0};
    if (!module->module || !offset)
        return site;
    const char *function = inlined_function(module->module, offset - 1);
    if (!function)
        function = elfutils.dwfl_module_addrname(module->module, offset - 1);
    site.function = copy_function(sites, function);
    Dwfl_Line *line = elfutils.dwfl_module_getsrc(module->module, offset - 1);
    const char *file = line ? elfutils.dwfl_lineinfo(line, NULL, &site.line, NULL, NULL, NULL) : NULL;
    site.file = arena_string(&sites->arena, file);
    return site;
}

struct call_site call_sites_find(struct call_sites *sites, const char *path, uint64_t offset)
{
    const struct module *module = *path ? get_module(sites, path) : NULL;
    if (!module)
        return (struct call_site){0};
    uint64_t key = (uint64_t)(module - sites->modules.items);
    uint32_t index;
    if (hash_get(&sites->found_at, key, offset, &index))
        return sites->found.items[index];
    struct call_site site = look_up(sites, module, offset);
    struct call_site *kept = array_push(&sites->found);
    if (kept) {
        *kept = site;
        hash_put(&sites->found_at, key, offset, (uint32_t)sites->found.count - 1);
    }
    return site;
}
