/* remote_stack.c - see remote_stack.h. */
#include "inject/remote_stack.h"

#include "common/array.h"
#include "inject/callers.h"
#include "inject/elfutils.h"
#include "inject/remote.h"
#include "inject/stack_hash.h"

#include <stdlib.h>
#include <string.h>

/* Processes whose maps are remembered; frames between a function of libc and its system call; frames in all.
 */
enum { SPACES_MAX = 8, WRAPPERS_MAX = 5, SEARCHED = PLAN_FRAMES_MAX + 8 };

/* DWARF's numbers, x86-64 psABI, figure 3.36. */
enum { REGISTER_STACK_POINTER = 7, REGISTER_RETURN_ADDRESS = 16 };

/* The address space of a process. */
struct space {
    pid_t pid; /* 0: free */
    Dwfl *dwfl;
};

struct remote_stacks {
    struct space spaces[SPACES_MAX];
    unsigned next; /* to be given up */
    /* The thread that is being looked at */
    pid_t tid;
    uint64_t stack_pointer, program_counter;
    uint64_t addresses[SEARCHED];
    uint32_t count;
};

struct remote_stacks *remote_stacks_new(void)
{
    return elfutils_load() == 0 ? calloc(1, sizeof(struct remote_stacks)) : NULL;
}

static void space_end(struct space *space)
{
    if (space->dwfl)
        elfutils.dwfl_end(space->dwfl);
    *space = (struct space){0};
}

void remote_stacks_free(struct remote_stacks *stacks)
{
    for (unsigned index = 0; stacks && index < SPACES_MAX; index++)
        space_end(&stacks->spaces[index]);
    free(stacks);
}

void remote_stacks_forget(struct remote_stacks *stacks, pid_t pid)
{
    for (unsigned index = 0; index < SPACES_MAX; index++)
        if (stacks->spaces[index].pid == pid)
            space_end(&stacks->spaces[index]);
}

static pid_t next_thread(Dwfl *dwfl, void *context, void **thread)
{
    struct remote_stacks *stacks = context;
    (void)dwfl;
    pid_t tid = *thread ? 0 : stacks->tid;
    *thread = stacks;
    return tid;
}

static bool get_thread(Dwfl *dwfl, pid_t tid, void *context, void **ret_thread)
{
    (void)dwfl;
    (void)tid;
    *ret_thread = context;
    return true;
}

static bool read_word(Dwfl *dwfl, Dwarf_Addr address, Dwarf_Word *ret_word, void *context)
{
    struct remote_stacks *stacks = context;
    (void)dwfl;
    return remote_read(stacks->tid, address, ret_word, sizeof(*ret_word)) == 0;
}

static bool set_registers(Dwfl_Thread *thread, void *context)
{
    struct remote_stacks *stacks = context;
    Dwarf_Word pointer = stacks->stack_pointer;
    Dwarf_Word counter = stacks->program_counter;
    return elfutils.dwfl_thread_state_registers(thread, REGISTER_STACK_POINTER, 1, &pointer) &&
           elfutils.dwfl_thread_state_registers(thread, REGISTER_RETURN_ADDRESS, 1, &counter);
}

static Dwfl *open_space(struct remote_stacks *stacks, pid_t pid)
{
    static const Dwfl_Thread_Callbacks threads = {.next_thread = next_thread,
                                                  .get_thread = get_thread,
                                                  .memory_read = read_word,
                                                  .set_initial_registers = set_registers};
    Dwfl *dwfl = elfutils.dwfl_begin(&elfutils_process_files);
    if (dwfl && elfutils.dwfl_linux_proc_report(dwfl, pid) == 0 &&
        elfutils.dwfl_report_end(dwfl, NULL, NULL) == 0 &&
        elfutils.dwfl_attach_state(dwfl, NULL, pid, &threads, stacks))
        return dwfl;
    if (dwfl)
        elfutils.dwfl_end(dwfl);
    return NULL;
}

/* NULL when the process is gone or memory is out. */
static Dwfl *get_space(struct remote_stacks *stacks, pid_t pid)
{
    for (unsigned index = 0; index < SPACES_MAX; index++)
        if (stacks->spaces[index].pid == pid)
            return stacks->spaces[index].dwfl;
    struct space *space = &stacks->spaces[stacks->next++ % SPACES_MAX];
    space_end(space);
    space->dwfl = open_space(stacks, pid);
    space->pid = space->dwfl ? pid : 0;
    return space->dwfl;
}

static int take_frame(Dwfl_Frame *frame, void *context)
{
    struct remote_stacks *stacks = context;
    Dwarf_Addr address;
    if (!elfutils.dwfl_frame_pc(frame, &address, NULL) || stacks->count == SEARCHED)
        return DWARF_CB_ABORT;
    stacks->addresses[stacks->count++] = address;
    return DWARF_CB_OK;
}

/* Something was loaded where nothing was when the maps were read. */
static bool is_outdated(Dwfl *dwfl, const struct remote_stacks *stacks, pid_t pid)
{
    struct remote_module module;
    uint64_t last = stacks->count ? stacks->addresses[stacks->count - 1] : stacks->program_counter;
    return !elfutils.dwfl_addrmodule(dwfl, last) && remote_module(pid, last, &module) == 0 && module.name[0];
}

static Dwfl *unwind(struct remote_stacks *stacks, pid_t pid)
{
    Dwfl *dwfl = NULL;
    for (int attempt = 0; attempt < 2; attempt++) {
        stacks->count = 0;
        dwfl = get_space(stacks, pid);
        if (!dwfl)
            return NULL;
        elfutils.dwfl_getthread_frames(dwfl, stacks->tid, take_frame, stacks);
        if (!is_outdated(dwfl, stacks, pid))
            break;
        remote_stacks_forget(stacks, pid);
    }
    return dwfl;
}

/* glibc calls the inside of its functions __open64, __libc_open or __GI___open. */
static bool names_call(const char *function, const char *call)
{
    static const char *const before[] = {"GI_", "libc_"};
    size_t length = strlen(call);
    function += strspn(function, "_");
    for (size_t index = 0; index < COUNT_OF(before); index++)
        if (strncmp(function, before[index], strlen(before[index])) == 0)
            function += strlen(before[index]);
    function += strspn(function, "_");
    return strncmp(function, call, length) == 0 &&
           (!function[length] || strcmp(function + length, "64") == 0);
}

/* Packages of Go whose functions are what libc's are in C. */
static bool is_go_wrapper(const char *function)
{
    static const char *const packages[] = {"syscall.", "runtime/internal/syscall.",
                                           "internal/runtime/syscall.", "golang.org/x/sys/unix."};
    for (size_t index = 0; index < COUNT_OF(packages); index++)
        if (strncmp(function, packages[index], strlen(packages[index])) == 0)
            return true;
    return false;
}

static const char *module_path(Dwfl_Module *module)
{
    return module ? elfutils.dwfl_module_info(module, NULL, NULL, NULL, NULL, NULL, NULL, NULL) : NULL;
}

static bool in_libc(Dwfl *dwfl, uint64_t address)
{
    const char *path = module_path(elfutils.dwfl_addrmodule(dwfl, address - 1));
    const char *slash = path ? strrchr(path, '/') : NULL;
    return slash && code_origin(slash + 1) != CODE_PROGRAM;
}

static bool in_wrapper(Dwfl *dwfl, uint64_t address, const char *call)
{
    Dwfl_Module *module = elfutils.dwfl_addrmodule(dwfl, address - 1);
    const char *function = module ? elfutils.dwfl_module_addrname(module, address - 1) : NULL;
    return function && (names_call(function, call) || is_go_wrapper(function));
}

/* In a static program what is libc is told by the names of its functions, and the innermost may have any. */
static uint32_t find_caller(Dwfl *dwfl, const struct remote_stacks *stacks, const char *call)
{
    uint32_t caller = 0;
    while (caller < stacks->count && in_libc(dwfl, stacks->addresses[caller]))
        caller++;
    if (caller)
        return caller;
    caller = 1;
    for (uint32_t index = 0; index < stacks->count && index < WRAPPERS_MAX; index++)
        if (in_wrapper(dwfl, stacks->addresses[index], call))
            caller = index + 1;
    return caller;
}

static void add_frame(Dwfl *dwfl, struct plan *plan, uint64_t address, struct remote_stack *stack)
{
    struct plan_frame *frame = &stack->frames[stack->count++];
    Dwfl_Module *module = elfutils.dwfl_addrmodule(dwfl, address - 1);
    GElf_Addr bias = 0;
    *frame = (struct plan_frame){address, PLAN_MODULE_UNKNOWN};
    const char *path = module_path(module);
    if (!path || *path != '/' || !elfutils.dwfl_module_getelf(module, &bias))
        return;
    *frame = (struct plan_frame){address - bias, plan_module(plan, path)};
    stack->hash = stack_hash_frame(stack->hash, path, frame->offset);
    if (stack->count == 1)
        memccpy(stack->module, path, '\0', sizeof(stack->module) - 1);
}

void remote_stack_read(struct remote_stacks *stacks, struct plan *plan, pid_t pid, pid_t tid, unsigned call,
                       struct remote_stack *ret_stack)
{
    struct remote_stack stack = {.hash = STACK_HASH_START};
    *ret_stack = (struct remote_stack){0};
    stacks->tid = tid;
    if (remote_registers(tid, &stacks->stack_pointer, &stacks->program_counter) < 0)
        return;
    Dwfl *dwfl = unwind(stacks, pid);
    if (!dwfl)
        return;
    uint32_t first = find_caller(dwfl, stacks, calls[call].name);
    for (uint32_t index = first; index < stacks->count && stack.count < PLAN_FRAMES_MAX; index++)
        add_frame(dwfl, plan, stacks->addresses[index], &stack);
    if (stack.count)
        *ret_stack = stack;
}
