/*
 * metrics_clients.h - which connections of the metrics server have to go, so that others are served whatever
 * clients do: those that take too long over a request and its answer, and while there are many those that
 * have gone longest without an answer. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
    CLIENTS_KEPT = 32, /* connections, as long as others want to come */
    CLIENTS_MAX = 96,  /* and with those that are on their way in and out */
    CLIENT_SECONDS = 30,
};

struct client {
    int fd;         /* -1: free */
    uint64_t since; /* monotonic nanoseconds: when it came, or had its last answer */
    bool ended;
};

struct clients {
    struct client all[CLIENTS_MAX];
};

void clients_init(struct clients *clients);

/* A connection that has come, until clients_remove(). NULL when there are too many. */
struct client *clients_add(struct clients *clients, int fd, uint64_t now);
void clients_remove(struct client *client);

/* The descriptor of one that has to go now, each of them once; or -1. */
int clients_end_one(struct clients *clients, uint64_t now);
