/*
 * flawed_msg_leak.c - sends itself a message through a System V queue. Flaw: when it cannot be sent, the
 * queue is left behind.
 */
#include "tests/targets/flawed.h"

#include <sys/ipc.h>
#include <sys/msg.h>

struct letter {
    long type;
    char text[16];
};

static int remove_queue(int id)
{
    return msgctl(id, IPC_RMID, NULL) < 0 ? complain("msgctl") : 0;
}

static int read_letter(int id)
{
    struct letter letter;
    ssize_t length = msgrcv(id, &letter, sizeof(letter.text), 1, 0);
    if (length < 0)
        return complain("msgrcv");
    printf("got %.*s\n", (int)length, letter.text);
    return 0;
}

int main(void)
{
    struct letter letter = {1, "a letter"};
    int id = msgget(IPC_PRIVATE, IPC_CREAT | 0600);
    if (id < 0)
        return complain("msgget");
    if (msgsnd(id, &letter, strlen(letter.text), 0) < 0) {
        complain("msgsnd");
#ifdef SOUND
        remove_queue(id);
#endif
        return 1;
    }
    int status = read_letter(id);
    status |= remove_queue(id);
    return status;
}
