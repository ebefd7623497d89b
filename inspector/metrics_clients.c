/* metrics_clients.c - see metrics_clients.h. */
#include "inspector/metrics_clients.h"

static const uint64_t longest = CLIENT_SECONDS * UINT64_C(1000000000);

void clients_init(struct clients *clients)
{
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        clients->all[i].fd = -1;
}

struct client *clients_add(struct clients *clients, int fd, uint64_t now)
{
    for (size_t i = 0; i < CLIENTS_MAX; i++)
        if (clients->all[i].fd < 0) {
            clients->all[i] = (struct client){.fd = fd, .since = now};
            return &clients->all[i];
        }
    return NULL;
}

void clients_remove(struct client *client)
{
    client->fd = -1;
}

int clients_end_one(struct clients *clients, uint64_t now)
{
    struct client *oldest = NULL;
    size_t kept = 0;
    for (size_t i = 0; i < CLIENTS_MAX; i++) {
        struct client *client = &clients->all[i];
        if (client->fd < 0 || client->ended)
            continue;
        kept++;
        if (!oldest || client->since < oldest->since)
            oldest = client;
    }
    if (!oldest || (kept <= CLIENTS_KEPT && now - oldest->since < longest))
        return -1;
    oldest->ended = true;
    return oldest->fd;
}
