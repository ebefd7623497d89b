/*
 * metrics_server.c - see metrics_server.h. One thread, so one look at the machine at a time, and that at most
 * once a second however many ask: to look costs more than to ask.
 */
#include "inspector/metrics_server.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "common/clock.h"
#include "common/library.h"
#include "common/strbuf.h"
#include "inspector/listen_address.h"
#include "inspector/metrics_clients.h"

#include <errno.h>
#include <microhttpd.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>

enum {
    PATIENCE = 10,       /* seconds without a byte, after which a connection is closed */
    MEMORY = 16384,      /* bytes for what a client sends */
    LONGEST_WAIT = 1000, /* milliseconds */
};

static const uint64_t fresh_enough = UINT64_C(1000000000);

struct metrics_server {
    int fd;
    struct MHD_Daemon *daemon;
    metrics_answer *answer;
    void *context;
    struct clients clients;
    struct strbuf page; /* made at: */
    uint64_t made;      /* monotonic nanoseconds; 0: never */
    char address[LISTEN_ADDRESS_MAX];
};

static volatile sig_atomic_t stop;

static void on_signal(int signal)
{
    (void)signal;
    stop = 1;
}

/* --- the library: it brings a dozen others along, which no other command should have to load --- */

static struct {
#define X(function) __typeof__(function) *function;
#include "inspector/microhttpd.def"
#undef X
} http;

static int load_library(void)
{
    static const struct library_symbol functions[] = {
#define X(function) {#function, &http.function},
#include "inspector/microhttpd.def"
#undef X
    };
    return library_load("libmicrohttpd.so.12", functions, COUNT_OF(functions));
}

/* --- one request --- */

struct header {
    const char *name, *value;
};

static enum MHD_Result respond(struct MHD_Connection *connection, unsigned status, const char *text,
                               size_t length, struct header header)
{
    /* The library takes the text as not const, and copies it. */
    struct MHD_Response *response =
        http.MHD_create_response_from_buffer(length, (void *)(uintptr_t)text, MHD_RESPMEM_MUST_COPY);
    if (!response)
        return MHD_NO;
    enum MHD_Result result = http.MHD_add_response_header(response, header.name, header.value);
    if (result == MHD_YES)
        result = http.MHD_queue_response(connection, status, response);
    http.MHD_destroy_response(response);
    return result;
}

static enum MHD_Result refuse(struct MHD_Connection *connection, unsigned status, const char *text,
                              struct header header)
{
    return respond(connection, status, text, strlen(text), header);
}

static int refresh(struct metrics_server *server)
{
    if (server->made && clock_nanoseconds(CLOCK_MONOTONIC) - server->made < fresh_enough)
        return 0;
    server->made = 0;
    strbuf_clear(&server->page);
    int r = server->answer(server->context, &server->page);
    if (r == 0)
        server->made = clock_nanoseconds(CLOCK_MONOTONIC);
    return r;
}

/* The text is good for both; only one who asks for the older format by name, and not for the newer, gets
 * that. */
static const char *content_type(struct MHD_Connection *connection)
{
    const char *accept =
        http.MHD_lookup_connection_value(connection, MHD_HEADER_KIND, MHD_HTTP_HEADER_ACCEPT);
    bool older = accept && strstr(accept, "text/plain") && !strstr(accept, "application/openmetrics-text");
    return older ? "text/plain; version=0.0.4; charset=utf-8"
                 : "application/openmetrics-text; version=1.0.0; charset=utf-8";
}

static enum MHD_Result handle(void *context, struct MHD_Connection *connection, const char *url,
                              const char *method, const char *version, const char *upload,
                              size_t *upload_length, void **request)
{
    static const struct header plain = {MHD_HTTP_HEADER_CONTENT_TYPE, "text/plain; charset=utf-8"};
    static const struct header allow = {MHD_HTTP_HEADER_ALLOW, "GET, HEAD"};
    struct metrics_server *server = context;
    (void)version;
    (void)upload;
    (void)upload_length;
    if (strcmp(url, "/metrics") != 0)
        return refuse(connection, MHD_HTTP_NOT_FOUND, "only /metrics is here\n", plain);
    if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
        return refuse(connection, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n", allow);
    /* The first call is about headers; a connection is kept only when the answer comes with the second. */
    if (!*request) {
        *request = server;
        return MHD_YES;
    }
    int r = refresh(server);
    if (r < 0)
        return refuse(connection, MHD_HTTP_SERVICE_UNAVAILABLE, strerror(-r), plain);
    return respond(connection, MHD_HTTP_OK, server->page.text, server->page.length,
                   (struct header){MHD_HTTP_HEADER_CONTENT_TYPE, content_type(connection)});
}

/* --- connections --- */

static void on_connection(void *context, struct MHD_Connection *connection, void **socket,
                          enum MHD_ConnectionNotificationCode what)
{
    struct metrics_server *server = context;
    if (what == MHD_CONNECTION_NOTIFY_STARTED) {
        int fd = http.MHD_get_connection_info(connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd;
        *socket = clients_add(&server->clients, fd, clock_nanoseconds(CLOCK_MONOTONIC));
    } else if (*socket) {
        clients_remove(*socket);
    }
}

static void on_answered(void *context, struct MHD_Connection *connection, void **request,
                        enum MHD_RequestTerminationCode how)
{
    struct client *client =
        http.MHD_get_connection_info(connection, MHD_CONNECTION_INFO_SOCKET_CONTEXT)->socket_context;
    (void)context;
    (void)request;
    if (client && how == MHD_REQUEST_TERMINATED_COMPLETED_OK)
        client->since = clock_nanoseconds(CLOCK_MONOTONIC);
}

/* The library closes them when it sees that their sockets are at an end. */
static void end_connections(struct metrics_server *server)
{
    uint64_t now = clock_nanoseconds(CLOCK_MONOTONIC);
    for (int fd; (fd = clients_end_one(&server->clients, now)) >= 0;)
        shutdown(fd, SHUT_RDWR);
}

/* --- all of them --- */

static int start(struct metrics_server *server, bool ipv6)
{
    unsigned flags = MHD_USE_EPOLL | (ipv6 ? MHD_USE_IPv6 : 0u);
    server->daemon = http.MHD_start_daemon(
        flags, 0, NULL, NULL, handle, server, MHD_OPTION_LISTEN_SOCKET, server->fd,
        MHD_OPTION_CONNECTION_LIMIT, (unsigned)CLIENTS_MAX, MHD_OPTION_CONNECTION_TIMEOUT, (unsigned)PATIENCE,
        MHD_OPTION_NOTIFY_CONNECTION, on_connection, server, MHD_OPTION_NOTIFY_COMPLETED, on_answered, server,
        MHD_OPTION_CONNECTION_MEMORY_LIMIT, (size_t)MEMORY, MHD_OPTION_END);
    return server->daemon ? 0 : -EIO;
}

int metrics_server_open(const char *where, metrics_answer *answer, void *context,
                        struct metrics_server **ret_server)
{
    bool ipv6;
    int r = load_library();
    if (r < 0)
        return r;
    struct metrics_server *server = calloc(1, sizeof(*server));
    if (!server)
        return -ENOMEM;
    *server = (struct metrics_server){.fd = -1, .answer = answer, .context = context};
    clients_init(&server->clients);
    r = listen_at(where, CLIENTS_MAX, &server->fd, &ipv6);
    if (r == 0)
        r = listen_address(server->fd, server->address);
    if (r == 0)
        r = start(server, ipv6);
    if (r < 0) {
        metrics_server_close(server);
        return r;
    }
    *ret_server = server;
    return 0;
}

const char *metrics_server_address(const struct metrics_server *server)
{
    return server->address;
}

/* Signals come while it waits, and at no other time. */
static void catch_signals(sigset_t *ret_while_waiting)
{
    static const int signals[] = {SIGTERM, SIGINT};
    struct sigaction action = {.sa_handler = on_signal};
    sigset_t blocked;
    sigemptyset(&blocked);
    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        sigaction(signals[i], &action, NULL);
        sigaddset(&blocked, signals[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, ret_while_waiting);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        sigdelset(ret_while_waiting, signals[i]);
    signal(SIGPIPE, SIG_IGN);
}

/* Until something can be done, though not for long: connections grow old without a sign. */
static int wait_for_work(struct metrics_server *server, const sigset_t *while_waiting)
{
    const union MHD_DaemonInfo *info = http.MHD_get_daemon_info(server->daemon, MHD_DAEMON_INFO_EPOLL_FD);
    struct pollfd ready = {.fd = info->epoll_fd, .events = POLLIN};
    MHD_UNSIGNED_LONG_LONG left;
    if (http.MHD_get_timeout(server->daemon, &left) != MHD_YES || left > LONGEST_WAIT)
        left = LONGEST_WAIT;
    struct timespec timeout = {.tv_sec = (time_t)(left / 1000), .tv_nsec = (long)(left % 1000) * 1000000};
    int r = ppoll(&ready, 1, &timeout, while_waiting);
    return r < 0 && errno != EINTR ? -errno : 0;
}

int metrics_server_run(struct metrics_server *server)
{
    sigset_t while_waiting;
    int r = 0;
    catch_signals(&while_waiting);
    while (r == 0 && !stop) {
        r = wait_for_work(server, &while_waiting);
        if (r == 0 && !stop && http.MHD_run(server->daemon) != MHD_YES)
            r = -EIO;
        end_connections(server);
    }
    return r;
}

/* The library closes the socket it was given. */
void metrics_server_close(struct metrics_server *server)
{
    if (server->daemon)
        http.MHD_stop_daemon(server->daemon);
    else
        cleanup_close(&server->fd);
    strbuf_free(&server->page);
    free(server);
}
