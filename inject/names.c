/* names.c - see names.h. The names of errors and signals are libc's. */
#include "inject/names.h"

#include "common/scan.h"
#include "common/strbuf.h"
#include "inject/calls_headers.h"

#include <string.h>

enum { ERRORS_END = 134 };

#define FLAG(name)     \
    {                  \
#name, name, 0 \
    }
#define FIELD(name, bits) \
    {                     \
#name, name, bits \
    }
#define END        \
    {              \
        NULL, 0, 0 \
    }

static const struct named_value open_flags[] = {
    FIELD(O_RDONLY, O_ACCMODE),
    FIELD(O_WRONLY, O_ACCMODE),
    FIELD(O_RDWR, O_ACCMODE),
    FLAG(O_CREAT),
    FLAG(O_EXCL),
    FLAG(O_NONBLOCK),
    FLAG(O_TRUNC),
    FLAG(O_CLOEXEC),
    FLAG(O_APPEND),
    FLAG(O_TMPFILE),
    FLAG(O_DIRECTORY),
    FLAG(O_NOFOLLOW),
    FLAG(O_PATH),
    FLAG(O_SYNC),
    FLAG(O_DSYNC),
    FLAG(O_NOCTTY),
    FLAG(O_DIRECT),
    END,
};
/* linux/watch_queue.h and linux/pidfd.h give the bit of O_EXCL other names. */
static const struct named_value pipe_flags[] = {
    FLAG(O_CLOEXEC), FLAG(O_NONBLOCK), FLAG(O_DIRECT), {"O_NOTIFICATION_PIPE", O_EXCL, 0},
       END
};
static const struct named_value eventfd_flags[] = {FLAG(EFD_SEMAPHORE), FLAG(EFD_NONBLOCK), FLAG(EFD_CLOEXEC),
                                                   END};
static const struct named_value signalfd_flags[] = {FLAG(SFD_NONBLOCK), FLAG(SFD_CLOEXEC), END};
static const struct named_value pidfd_flags[] = {
    {"PIDFD_NONBLOCK", O_NONBLOCK, 0},
    {"PIDFD_THREAD",   O_EXCL,     0},
    END
};
static const struct named_value fallocate_flags[] = {FLAG(FALLOC_FL_KEEP_SIZE), FLAG(FALLOC_FL_PUNCH_HOLE),
                                                     FLAG(FALLOC_FL_ZERO_RANGE), END};
static const struct named_value memfd_flags[] = {FLAG(MFD_CLOEXEC), FLAG(MFD_ALLOW_SEALING),
                                                 FLAG(MFD_HUGETLB), END};
static const struct named_value prot_flags[] = {FIELD(PROT_NONE, PROT_READ | PROT_WRITE | PROT_EXEC),
                                                FLAG(PROT_READ), FLAG(PROT_WRITE), FLAG(PROT_EXEC), END};
static const struct named_value map_flags[] = {
    FIELD(MAP_SHARED, MAP_TYPE),
    FIELD(MAP_PRIVATE, MAP_TYPE),
    FIELD(MAP_SHARED_VALIDATE, MAP_TYPE),
    FLAG(MAP_FIXED),
    FLAG(MAP_ANONYMOUS),
    FLAG(MAP_LOCKED),
    FLAG(MAP_FIXED_NOREPLACE),
    FLAG(MAP_NORESERVE),
    FLAG(MAP_POPULATE),
    FLAG(MAP_HUGETLB),
    FLAG(MAP_SYNC),
    FLAG(MAP_STACK),
    FLAG(MAP_DENYWRITE),
    FLAG(MAP_NONBLOCK),
    FLAG(MAP_GROWSDOWN),
    END,
};
static const struct named_value msync_flags[] = {FLAG(MS_ASYNC), FLAG(MS_SYNC), FLAG(MS_INVALIDATE), END};
static const struct named_value mremap_flags[] = {FLAG(MREMAP_MAYMOVE), FLAG(MREMAP_FIXED),
                                                  FLAG(MREMAP_DONTUNMAP), END};
static const struct named_value mlock_flags[] = {FLAG(MLOCK_ONFAULT), END};
static const struct named_value mlockall_flags[] = {FLAG(MCL_CURRENT), FLAG(MCL_FUTURE), FLAG(MCL_ONFAULT),
                                                    END};
static const struct named_value ipc_flags[] = {FLAG(IPC_CREAT), FLAG(IPC_EXCL), FLAG(SHM_HUGETLB),
                                               FLAG(SHM_NORESERVE), END};
static const struct named_value shmat_flags[] = {FLAG(SHM_RDONLY), FLAG(SHM_RND), FLAG(SHM_REMAP),
                                                 FLAG(SHM_EXEC), END};
static const struct named_value msg_flags[] = {FLAG(IPC_NOWAIT), FLAG(MSG_NOERROR), FLAG(MSG_EXCEPT),
                                               FLAG(MSG_COPY), END};
static const struct named_value socket_flags[] = {FLAG(MSG_DONTWAIT),
                                                  FLAG(MSG_NOSIGNAL),
                                                  FLAG(MSG_PEEK),
                                                  FLAG(MSG_WAITALL),
                                                  FLAG(MSG_CMSG_CLOEXEC),
                                                  FLAG(MSG_TRUNC),
                                                  END};
static const struct named_value flock_flags[] = {FLAG(LOCK_SH), FLAG(LOCK_EX), FLAG(LOCK_UN), FLAG(LOCK_NB),
                                                 END};
static const struct named_value shm_commands[] = {
    FLAG(IPC_RMID),   FLAG(IPC_SET),  FLAG(IPC_STAT), FLAG(IPC_INFO),     FLAG(SHM_LOCK),
    FLAG(SHM_UNLOCK), FLAG(SHM_STAT), FLAG(SHM_INFO), FLAG(SHM_STAT_ANY), END};
static const struct named_value sem_commands[] = {
    FLAG(IPC_RMID), FLAG(IPC_SET),  FLAG(IPC_STAT), FLAG(IPC_INFO),     FLAG(GETPID),
    FLAG(GETVAL),   FLAG(GETALL),   FLAG(GETNCNT),  FLAG(GETZCNT),      FLAG(SETVAL),
    FLAG(SETALL),   FLAG(SEM_STAT), FLAG(SEM_INFO), FLAG(SEM_STAT_ANY), END};
static const struct named_value msg_commands[] = {
    FLAG(IPC_RMID), FLAG(IPC_SET),  FLAG(IPC_STAT),     FLAG(IPC_INFO),
    FLAG(MSG_STAT), FLAG(MSG_INFO), FLAG(MSG_STAT_ANY), END};
static const struct named_value advices[] = {
    FLAG(MADV_NORMAL),   FLAG(MADV_RANDOM),        FLAG(MADV_SEQUENTIAL),     FLAG(MADV_WILLNEED),
    FLAG(MADV_DONTNEED), FLAG(MADV_FREE),          FLAG(MADV_REMOVE),         FLAG(MADV_DONTFORK),
    FLAG(MADV_DOFORK),   FLAG(MADV_HUGEPAGE),      FLAG(MADV_NOHUGEPAGE),     FLAG(MADV_DONTDUMP),
    FLAG(MADV_DODUMP),   FLAG(MADV_WIPEONFORK),    FLAG(MADV_KEEPONFORK),     FLAG(MADV_COLD),
    FLAG(MADV_PAGEOUT),  FLAG(MADV_POPULATE_READ), FLAG(MADV_POPULATE_WRITE), END};
static const struct named_value fcntl_commands[] = {FLAG(F_DUPFD),
                                                    FLAG(F_DUPFD_CLOEXEC),
                                                    FLAG(F_GETFD),
                                                    FLAG(F_SETFD),
                                                    FLAG(F_GETFL),
                                                    FLAG(F_SETFL),
                                                    FLAG(F_GETLK),
                                                    FLAG(F_SETLK),
                                                    FLAG(F_SETLKW),
                                                    FLAG(F_OFD_GETLK),
                                                    FLAG(F_OFD_SETLK),
                                                    FLAG(F_OFD_SETLKW),
                                                    FLAG(F_SETOWN),
                                                    FLAG(F_GETOWN),
                                                    FLAG(F_SETPIPE_SZ),
                                                    FLAG(F_GETPIPE_SZ),
                                                    FLAG(F_ADD_SEALS),
                                                    FLAG(F_GET_SEALS),
                                                    END};
static const struct named_value lockf_commands[] = {FLAG(F_LOCK), FLAG(F_TLOCK), FLAG(F_ULOCK), FLAG(F_TEST),
                                                    END};

static const struct named_value *const tables[ROLE_COUNT] = {
    [ROLE_SHM_COMMAND] = shm_commands,      [ROLE_SEM_COMMAND] = sem_commands,
    [ROLE_MSG_COMMAND] = msg_commands,      [ROLE_FCNTL_COMMAND] = fcntl_commands,
    [ROLE_LOCKF_COMMAND] = lockf_commands,  [ROLE_ADVICE] = advices,
    [ROLE_OPEN_FLAGS] = open_flags,         [ROLE_PIPE_FLAGS] = pipe_flags,
    [ROLE_EVENTFD_FLAGS] = eventfd_flags,   [ROLE_SIGNALFD_FLAGS] = signalfd_flags,
    [ROLE_PIDFD_FLAGS] = pidfd_flags,       [ROLE_FALLOCATE_FLAGS] = fallocate_flags,
    [ROLE_MEMFD_FLAGS] = memfd_flags,       [ROLE_PROT_FLAGS] = prot_flags,
    [ROLE_MAP_FLAGS] = map_flags,           [ROLE_MSYNC_FLAGS] = msync_flags,
    [ROLE_MREMAP_FLAGS] = mremap_flags,     [ROLE_MLOCK_FLAGS] = mlock_flags,
    [ROLE_MLOCKALL_FLAGS] = mlockall_flags, [ROLE_IPC_FLAGS] = ipc_flags,
    [ROLE_SHMAT_FLAGS] = shmat_flags,       [ROLE_MSG_FLAGS] = msg_flags,
    [ROLE_SOCKET_FLAGS] = socket_flags,     [ROLE_FLOCK_FLAGS] = flock_flags,
};

const struct named_value *names_of_role(enum call_role role)
{
    return tables[role];
}

static bool same(const char *name, size_t length, const char *other)
{
    return strlen(other) == length && memcmp(name, other, length) == 0;
}

const char *names_error(int error)
{
    const char *name = strerrorname_np(error);
    return name && error > 0 ? name : "";
}

const char *names_next_error(int *cursor)
{
    while (++*cursor < ERRORS_END)
        if (*names_error(*cursor))
            return names_error(*cursor);
    return NULL;
}

const char *names_next_signal(int *cursor)
{
    while (++*cursor < SIGRTMIN)
        if (sigabbrev_np(*cursor))
            return sigabbrev_np(*cursor);
    return NULL;
}

bool names_find_error(const char *name, size_t length, int *ret_error)
{
    static const struct named_value others[] = {
        {"EWOULDBLOCK", EWOULDBLOCK, 0},
        {"ENOTSUP",     ENOTSUP,     0},
        {"EDEADLOCK",   EDEADLK,     0},
        END
    };
    int error = 0;
    for (const char *known; (known = names_next_error(&error));)
        if (same(name, length, known)) {
            *ret_error = error;
            return true;
        }
    for (const struct named_value *other = others; other->name; other++)
        if (same(name, length, other->name)) {
            *ret_error = (int)other->value;
            return true;
        }
    return false;
}

/* "RTMIN", "RTMIN+3", "RTMAX", "RTMAX-3" */
static bool find_realtime_signal(const char *name, size_t length, int *ret_signal)
{
    struct scan scan = scan_bytes(name, length);
    uint64_t distance = 0;
    bool up = scan_literal(&scan, "RTMIN");
    if (!up && !scan_literal(&scan, "RTMAX"))
        return false;
    if (!scan_done(&scan) && (!scan_char(&scan, up ? '+' : '-') || !scan_decimal(&scan, &distance)))
        return false;
    if (!scan_done(&scan) || distance > (uint64_t)(SIGRTMAX - SIGRTMIN))
        return false;
    *ret_signal = up ? SIGRTMIN + (int)distance : SIGRTMAX - (int)distance;
    return true;
}

bool names_find_signal(const char *name, size_t length, int *ret_signal)
{
    if (length > 3 && memcmp(name, "SIG", 3) == 0) {
        name += 3;
        length -= 3;
    }
    int number = 0;
    for (const char *known; (known = names_next_signal(&number));)
        if (same(name, length, known)) {
            *ret_signal = number;
            return true;
        }
    return find_realtime_signal(name, length, ret_signal);
}

void names_add_signal(struct strbuf *buffer, int signal)
{
    const char *name = signal > 0 && signal < SIGRTMIN ? sigabbrev_np(signal) : NULL;
    if (name)
        strbuf_add_format(buffer, "SIG%s", name);
    else if (signal >= SIGRTMIN && signal <= SIGRTMAX)
        strbuf_add_format(buffer, "SIGRTMIN+%d", signal - SIGRTMIN);
    else
        strbuf_add_format(buffer, "%d", signal);
}

static void add_command(struct strbuf *buffer, const struct named_value *table, uint64_t value)
{
    for (; table->name; table++)
        if (table->value == value) {
            strbuf_add_string(buffer, table->name);
            return;
        }
    strbuf_add_format(buffer, "%d", (int)value);
}

/* `whole`: all flags of a call, and so a name for what is 0, as O_RDONLY. */
static void add_flags(struct strbuf *buffer, enum call_role role, uint64_t value, bool whole)
{
    size_t start = buffer->length;
    uint64_t rest = value;
    for (const struct named_value *table = tables[role]; table->name; table++) {
        if (!table->value && !whole)
            continue;
        uint64_t bits = table->field ? table->field : table->value;
        if ((value & bits) != table->value || (table->value & ~rest))
            continue;
        strbuf_add_format(buffer, "%s%s", buffer->length > start ? "|" : "", table->name);
        rest &= ~table->value;
    }
    const char *bar = buffer->length > start ? "|" : "";
    if (rest && role == ROLE_IPC_FLAGS)
        strbuf_add_format(buffer, "%s%#llo", bar, (unsigned long long)rest);
    else if (rest || buffer->length == start)
        strbuf_add_format(buffer, "%s%#llx", bar, (unsigned long long)rest);
}

void names_add_value(struct strbuf *buffer, enum call_role role, uint64_t value)
{
    value &= 0xffffffff;
    if (!tables[role])
        strbuf_add_format(buffer, "0x%llx", (unsigned long long)value);
    else if (call_role_is_command(role))
        add_command(buffer, tables[role], value);
    else
        add_flags(buffer, role, value, true);
}

void names_add_bits(struct strbuf *buffer, enum call_role role, uint64_t bits)
{
    add_flags(buffer, role, bits, false);
}
