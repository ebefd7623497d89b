/*
 * metrics_server.h - a small HTTP server (libmicrohttpd) that knows one page, GET /metrics. It runs in the
 * calling thread, and needs SANDBOX_SERVING of a sandbox that is entered after metrics_server_open().
 */
#pragma once

struct metrics_server;
struct strbuf;

/* Appends the page to an empty text. Returns 0 or -errno, which the client gets as 503. */
typedef int metrics_answer(void *context, struct strbuf *text);

/*
 * Listens at "ADDRESS:PORT", "[ADDRESS]:PORT", ":PORT" or "PORT", the last two on 127.0.0.1. Port 0 is any
 * free one. -EINVAL when the text is none of these, -ELIBACC without the library; otherwise what bind(2)
 * says. `context` is handed to `answer`.
 */
int metrics_server_open(const char *where, metrics_answer *answer, void *context,
                        struct metrics_server **ret_server);

/* Where it listens, as "127.0.0.1:9933". */
const char *metrics_server_address(const struct metrics_server *server);

/* Answers until SIGTERM or SIGINT. Returns 0 or -errno. */
int metrics_server_run(struct metrics_server *server);

void metrics_server_close(struct metrics_server *server);
