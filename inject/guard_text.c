/* guard_text.c - see guard_text.h. */
#include "inject/guard_text.h"

#include "common/array.h"
#include "common/strbuf.h"
#include "inject/fd_kind.h"
#include "inject/names.h"

static const struct {
    uint32_t state;
    const char *text;
} states[] = {
    {STATE_NONBLOCK,     "non-blocking"                                  },
    {STATE_BLOCKING,     "blocking"                                      },
    {STATE_SEALED,       "forbidden by the seals of the file"            },
    {STATE_ABOVE_FSIZE,  "size above RLIMIT_FSIZE"                       },
    {STATE_CREATES,      "IPC_CREAT or IPC_PRIVATE"                      },
    {STATE_FD_GIVEN,     "descriptor not -1"                             },
    {STATE_REALTIME,     "real-time signal"                              },
    {STATE_UNDO,         "SEM_UNDO"                                      },
    {STATE_SHARED,       "process-shared"                                },
    {STATE_ROBUST,       "process-shared robust mutex"                   },
    {STATE_RECURSIVE,    "process-shared recursive mutex"                },
    {STATE_ERRORCHECK,   "process-shared error-checking or robust mutex" },
    {STATE_DETECTING,    "process-shared mutex that finds deadlocks"     },
    {STATE_CEILING,      "process-shared mutex with PTHREAD_PRIO_PROTECT"},
    {STATE_READ_ONLY,    "descriptor not open for writing"               },
    {STATE_TOO_LONG,     "message longer than the queue takes"           },
    {STATE_INVALID,      "time, clock, priority or flag out of range"    },
    {STATE_THREAD_EVENT, "SIGEV_THREAD"                                  },
    {STATE_FILE_MAPPING, "memory writes to a file"                       },
    {STATE_READ_MAPPING, "shared mapping of a file not open for writing" },
    {STATE_WAITABLE,     "operation that others can hold up"             },
    {STATE_STRANGER,     "neither the caller nor its child"              },
    {STATE_FULL,         "semaphore at SEM_VALUE_MAX"                    },
    {STATE_BEYOND,       "semaphore number beyond the set"               },
    {STATE_HANDLER,      "a signal handler"                              },
    {STATE_FOREIGN,      "may be another user's"                         },
    {STATE_TOO_SHORT,    "buffer shorter than the queue's messages"      },
    {STATE_UNKNOWABLE,   "only with force"                               },
};

static void separate(struct strbuf *buffer, size_t start)
{
    if (buffer->length > start)
        strbuf_add_string(buffer, ", ");
}

static void add_commands(struct strbuf *buffer, enum call_role role, uint64_t commands)
{
    const struct named_value *value = names_of_role(role);
    bool first = true;
    for (; value && value->name; value++)
        if (commands & call_command_bit(value->value)) {
            strbuf_add_format(buffer, "%s%s", first ? "" : "/", value->name);
            first = false;
        }
}

static void add_fd_kinds(struct strbuf *buffer, uint32_t kinds)
{
    const char *before = "descriptor ";
    for (uint32_t kind = 1; kind <= FD_OTHER; kind <<= 1)
        if (kinds & kind) {
            strbuf_add_format(buffer, "%s%s", before, fd_kind_name(kind));
            before = "/";
        }
}

void guard_add_text(struct strbuf *buffer, const struct call *call, const struct guard *guard)
{
    size_t start = buffer->length;
    int flags = call_flags_param(call);
    enum call_role role = flags < 0 ? ROLE_NONE : (enum call_role)call->params[flags].role;
    if (guard->set)
        names_add_bits(buffer, role, guard->set);
    if (guard->clear) {
        separate(buffer, start);
        strbuf_add_string(buffer, "no ");
        names_add_bits(buffer, role, guard->clear);
    }
    if (guard->not_all) {
        separate(buffer, start);
        strbuf_add_string(buffer, "not ");
        names_add_bits(buffer, role, guard->not_all);
    }
    if (guard->commands) {
        separate(buffer, start);
        add_commands(buffer, role, guard->commands);
    }
    for (unsigned index = 0; guard->nonzero >> index; index++)
        if (guard->nonzero >> index & 1) {
            separate(buffer, start);
            strbuf_add_format(buffer, "%s not 0", call->params[index].name);
        }
    if (guard->above.value) {
        separate(buffer, start);
        strbuf_add_format(buffer, "%s above %lld", call->params[guard->above.argument].name,
                          (long long)guard->above.value);
    }
    for (size_t index = 0; index < COUNT_OF(states); index++)
        if (guard->state & states[index].state) {
            separate(buffer, start);
            strbuf_add_string(buffer, states[index].text);
        }
    if (guard->fd_kinds) {
        separate(buffer, start);
        add_fd_kinds(buffer, guard->fd_kinds);
    }
    if (guard->preload_only) {
        separate(buffer, start);
        strbuf_add_string(buffer, "preload engine");
    }
}
