/* event_text.c - see event_text.h. */
#include "inject/event_text.h"

#include "common/array.h"
#include "common/escape.h"
#include "common/strbuf.h"
#include "inject/call_site.h"
#include "inject/names.h"

#include <errno.h>
#include <jansson.h>
#include <string.h>
#include <time.h>

enum { NANOSECONDS = 1000000000 };

static void add_quoted(struct strbuf *buffer, const char *text)
{
    strbuf_add_char(buffer, '"');
    escape_bytes(buffer, text, strlen(text), "\"");
    strbuf_add_char(buffer, '"');
}

static void add_hex(struct strbuf *buffer, const struct event *event, int index)
{
    strbuf_add_format(buffer, "%#llx", (unsigned long long)event->arguments[index]);
}

static void add_pointer(struct strbuf *buffer, const struct event *event, int index)
{
    if (event->arguments[index])
        add_hex(buffer, event, index);
    else
        strbuf_add_string(buffer, "NULL");
}

static void add_long(struct strbuf *buffer, const struct event *event, int index)
{
    strbuf_add_format(buffer, "%lld", (long long)event->arguments[index]);
}

static void add_int(struct strbuf *buffer, const struct event *event, int index)
{
    strbuf_add_format(buffer, "%d", (int)event->arguments[index]);
}

static void add_mode(struct strbuf *buffer, const struct event *event, int index)
{
    strbuf_add_format(buffer, "%#o", (unsigned)event->arguments[index]);
}

static void add_key(struct strbuf *buffer, const struct event *event, int index)
{
    unsigned key = (unsigned)event->arguments[index];
    if (key)
        strbuf_add_format(buffer, "0x%08x", key);
    else
        strbuf_add_string(buffer, "IPC_PRIVATE");
}

static void add_name(struct strbuf *buffer, const struct event *event, int index)
{
    if (event->name[0])
        add_quoted(buffer, event->name);
    else
        add_pointer(buffer, event, index);
}

/* What a descriptor or semaphore stands for, as in 3</ring>. */
static void add_object(struct strbuf *buffer, const struct event *event)
{
    if (!event->name[0] || call_name_param(&calls[event->call]) >= 0)
        return;
    strbuf_add_char(buffer, '<');
    escape_bytes(buffer, event->name, strlen(event->name), ">");
    strbuf_add_char(buffer, '>');
}

static void add_fd(struct strbuf *buffer, const struct event *event, int index)
{
    add_int(buffer, event, index);
    add_object(buffer, event);
}

static void add_semaphore(struct strbuf *buffer, const struct event *event, int index)
{
    add_pointer(buffer, event, index);
    add_object(buffer, event);
}

static void add_directory(struct strbuf *buffer, const struct event *event, int index)
{
    static const int at_cwd = -100; /* AT_FDCWD */
    if ((int)event->arguments[index] == at_cwd)
        strbuf_add_string(buffer, "AT_FDCWD");
    else
        add_int(buffer, event, index);
}

/* Locks are behind a pointer; other commands take a number. */
static void add_fcntl_argument(struct strbuf *buffer, const struct event *event, int index)
{
    if (call_is_lock_command(event->arguments[index - 1]))
        add_pointer(buffer, event, index);
    else
        add_long(buffer, event, index);
}

static void add_signal(struct strbuf *buffer, const struct event *event, int index)
{
    names_add_signal(buffer, (int)event->arguments[index]);
}

/* How each role is written, and what it is in JSON; roles without a row are flags and commands. */
static const struct {
    void (*add)(struct strbuf *, const struct event *, int);
    enum { TEXT, INT, LONG } json;
} forms[ROLE_COUNT] = {
    [ROLE_NAME] = {add_name,           TEXT},
    [ROLE_PATH] = {add_name,           TEXT},
    [ROLE_FD] = {add_fd,             INT },
    [ROLE_DIR_FD] = {add_directory,      TEXT},
    [ROLE_FDS] = {add_pointer,        TEXT},
    [ROLE_SIZE] = {add_long,           LONG},
    [ROLE_OFFSET] = {add_long,           LONG},
    [ROLE_NUMBER] = {add_long,           LONG},
    [ROLE_MODE] = {add_mode,           TEXT},
    [ROLE_KEY] = {add_key,            TEXT},
    [ROLE_ID] = {add_int,            INT },
    [ROLE_PID] = {add_int,            INT },
    [ROLE_SIGNO] = {add_signal,         TEXT},
    [ROLE_ADDRESS] = {add_pointer,        TEXT},
    [ROLE_POINTER] = {add_pointer,        TEXT},
    [ROLE_TIMEOUT] = {add_pointer,        TEXT},
    [ROLE_SEMOPS] = {add_pointer,        TEXT},
    [ROLE_FCNTL_ARGUMENT] = {add_fcntl_argument, LONG},
    [ROLE_MUTEX_ATTR] = {add_pointer,        TEXT},
    [ROLE_BARRIER_ATTR] = {add_pointer,        TEXT},
    [ROLE_MUTEX] = {add_pointer,        TEXT},
    [ROLE_SEM] = {add_semaphore,      TEXT},
    [ROLE_COND] = {add_pointer,        TEXT},
    [ROLE_RWLOCK] = {add_pointer,        TEXT},
    [ROLE_CLOCK] = {add_int,            INT },
    [ROLE_PRIORITY] = {add_int,            INT },
    [ROLE_EVENT] = {add_pointer,        TEXT},
    [ROLE_QUEUE_ATTR] = {add_pointer,        TEXT},
};

static void add_argument(struct strbuf *buffer, const struct event *event, int index)
{
    enum call_role role = calls[event->call].params[index].role;
    if (forms[role].add)
        forms[role].add(buffer, event, index);
    else
        names_add_value(buffer, role, event->arguments[index]);
}

/* mq_open's and open's mode mean nothing without O_CREAT. */
static int argument_count(const struct event *event)
{
    const struct call *call = &calls[event->call];
    int flags = call_param(call, ROLE_OPEN_FLAGS);
    int mode = call_param(call, ROLE_MODE);
    static const uint64_t creates = 0100; /* O_CREAT */
    if (flags >= 0 && mode > flags && !(event->arguments[flags] & creates))
        return mode;
    return call->param_count;
}

static bool returns_pointer(unsigned call)
{
    return call == CALL_mmap || call == CALL_mremap || call == CALL_shmat || call == CALL_sem_open;
}

static void add_result(struct strbuf *buffer, const struct event *event)
{
    if (event->started_only)
        strbuf_add_string(buffer, "(did not return)");
    else if (!event->result_known)
        strbuf_add_string(buffer, "?");
    else if (calls[event->call].failure == FAILURE_RETURNED && event->error)
        strbuf_add_string(buffer, names_error(event->error));
    else if (returns_pointer(event->call) && !event->error)
        strbuf_add_format(buffer, "%#llx", (unsigned long long)event->result);
    else
        strbuf_add_format(buffer, "%lld", (long long)event->result);
    if (event->error && calls[event->call].failure != FAILURE_RETURNED)
        strbuf_add_format(buffer, " %s (%s)", names_error(event->error), strerrordesc_np(event->error));
    if (event->rule >= 0)
        strbuf_add_format(buffer, " (INJECTED by rule %d)", event->rule);
}

static void add_time(struct strbuf *buffer, uint64_t time)
{
    time_t seconds = (time_t)(time / NANOSECONDS);
    struct tm parts;
    char text[16] = "";
    if (localtime_r(&seconds, &parts))
        strftime(text, sizeof(text), "%H:%M:%S", &parts);
    strbuf_add_format(buffer, "%s.%06llu ", text, (unsigned long long)(time % NANOSECONDS / 1000));
}

static const char *base_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slash ? slash + 1 : path;
}

static void add_caller(struct strbuf *buffer, const struct event *event, struct call_sites *sites)
{
    if (!event->module[0])
        return;
    struct call_site site = {0};
    if (sites)
        site = call_sites_find(sites, event->module, event->caller);
    strbuf_add_string(buffer, " at ");
    if (site.function) {
        escape_bytes(buffer, site.function, strlen(site.function), NULL);
        strbuf_add_char(buffer, ' ');
    }
    const char *file = base_name(site.file ? site.file : event->module);
    escape_bytes(buffer, file, strlen(file), NULL);
    if (site.file)
        strbuf_add_format(buffer, ":%d", site.line);
    else
        strbuf_add_format(buffer, "+%#llx", (unsigned long long)event->caller);
}

void event_add_line(struct strbuf *buffer, const struct event *event, struct call_sites *sites)
{
    add_time(buffer, event->time);
    strbuf_add_format(buffer, "%d", event->pid);
    if (event->tid != event->pid)
        strbuf_add_format(buffer, "/%d", event->tid);
    strbuf_add_format(buffer, " %s(", calls[event->call].name);
    for (int index = 0; index < argument_count(event); index++) {
        if (index)
            strbuf_add_string(buffer, ", ");
        add_argument(buffer, event, index);
    }
    strbuf_add_string(buffer, ") = ");
    add_result(buffer, event);
    if (event->result_known)
        strbuf_add_format(buffer, " <%llu.%06llu>", (unsigned long long)(event->duration / NANOSECONDS),
                          (unsigned long long)(event->duration % NANOSECONDS / 1000));
    add_caller(buffer, event, sites);
    strbuf_add_char(buffer, '\n');
}

/* A JSON string of bytes that may not be UTF-8: escaped as in the text form. */
static json_t *text_value(const char *text)
{
    AUTO_STRBUF struct strbuf escaped = {0};
    escape_bytes(&escaped, text, strlen(text), NULL);
    return json_string(strbuf_text(&escaped));
}

static json_t *arguments_object(const struct event *event)
{
    json_t *object = json_object();
    const struct call *call = &calls[event->call];
    for (int index = 0; index < argument_count(event); index++) {
        enum call_role role = call->params[index].role;
        json_t *value;
        if ((role == ROLE_NAME || role == ROLE_PATH) && event->name[0]) {
            value = text_value(event->name);
        } else if (forms[role].json == INT) {
            value = json_integer((int)event->arguments[index]);
        } else if (forms[role].json == LONG) {
            value = json_integer((json_int_t)event->arguments[index]);
        } else {
            AUTO_STRBUF struct strbuf text = {0};
            add_argument(&text, event, index);
            value = json_string(strbuf_text(&text));
        }
        json_object_set_new(object, call->params[index].name, value);
    }
    return object;
}

static json_t *caller_object(const struct event *event, struct call_sites *sites)
{
    if (!event->module[0])
        return json_null();
    struct call_site site = {0};
    if (sites)
        site = call_sites_find(sites, event->module, event->caller);
    json_t *object = json_object();
    json_object_set_new(object, "module", text_value(event->module));
    json_object_set_new(object, "offset", json_integer((json_int_t)event->caller));
    json_object_set_new(object, "function", site.function ? text_value(site.function) : json_null());
    json_object_set_new(object, "file", site.file ? text_value(site.file) : json_null());
    json_object_set_new(object, "line", site.file ? json_integer(site.line) : json_null());
    return object;
}

static int append_json(const char *bytes, size_t length, void *context)
{
    strbuf_add(context, bytes, length);
    return 0;
}

int event_add_json(struct strbuf *buffer, const struct event *event, struct call_sites *sites)
{
    json_t *object = json_object();
    json_object_set_new(object, "time", json_real((double)event->time / NANOSECONDS));
    json_object_set_new(object, "pid", json_integer(event->pid));
    json_object_set_new(object, "tid", json_integer(event->tid));
    json_object_set_new(object, "call", json_string(calls[event->call].name));
    json_object_set_new(object, "args", arguments_object(event));
    json_object_set_new(object, "object", event->name[0] ? text_value(event->name) : json_null());
    json_object_set_new(object, "result",
                        event->result_known ? json_integer((json_int_t)event->result) : json_null());
    json_object_set_new(object, "errno", event->error ? json_string(names_error(event->error)) : json_null());
    json_object_set_new(object, "injected", json_boolean(event->rule >= 0));
    json_object_set_new(object, "rule", event->rule >= 0 ? json_integer(event->rule) : json_null());
    json_object_set_new(object, "duration",
                        event->result_known ? json_real((double)event->duration / NANOSECONDS) : json_null());
    json_object_set_new(object, "caller", caller_object(event, sites));
    int r = json_dump_callback(object, append_json, buffer, JSON_COMPACT);
    json_decref(object);
    strbuf_add_char(buffer, '\n');
    return r < 0 || buffer->failed ? -ENOMEM : 0;
}
