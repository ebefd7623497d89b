/*
 * flawed_hoarded_backlog.c - keeps what could not be sent, and goes on with the next. Flaw: until enough was
 * sent, so that what it keeps grows without end.
 */
#include "tests/targets/flawed.h"

#include <stdlib.h>
#include <sys/msg.h>

enum { RECORDS = 4, RECORD_SIZE = 64 * 1024 };

struct notice {
    long type;
    int number;
};

static char *backlog;

/* A list through the records' first bytes. */
static int keep_record(int number)
{
    char *record = malloc(RECORD_SIZE);
    if (!record)
        return -1;
    memset(record, number, RECORD_SIZE);
    memcpy(record, &backlog, sizeof(backlog));
    backlog = record;
    return 0;
}

static int send_records(int queue)
{
    int made = 0;
    int sent = 0;
#ifdef SOUND
    for (; made < RECORDS; made++) {
#else
    for (; sent < RECORDS; made++) {
#endif
        const struct notice notice = {.type = 1, .number = made};
        if (msgsnd(queue, &notice, sizeof(notice.number), IPC_NOWAIT) == 0)
            sent++;
        else if (keep_record(made) < 0)
            return complain("malloc");
    }
    printf("sent %d\n", sent);
    if (sent == made)
        return 0;
    fprintf(stderr, "%d not sent\n", made - sent);
    return 1;
}

int main(void)
{
    int queue = msgget(IPC_PRIVATE, 0600);
    if (queue < 0)
        return complain("msgget");
    int status = send_records(queue);
    if (msgctl(queue, IPC_RMID, NULL) < 0)
        status = complain("msgctl");
    return status;
}
