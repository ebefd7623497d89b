/* streams.c - over pipes, sockets and queues. */
#include "tests/targets/stall/stall.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/ipc.h>
#include <sys/msg.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

static int sockets[2], queues[2];

static void hear(int own)
{
    char byte;
    close(sockets[!own]);
    check(read(sockets[own], &byte, 1) < 0, "read");
}

static void hear_first(void)
{
    hear(0);
}

static void hear_second(void)
{
    hear(1);
}

void both_listen(void)
{
    check(socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) < 0, "socketpair");
    start(hear_first);
    start(hear_second);
    close(sockets[0]);
    close(sockets[1]);
}

static void wake_up(int signal_number)
{
    ssize_t written = write(pipes[0][1], "", 1);
    (void)signal_number;
    (void)written;
}

/* Reads the pipe that only its own signal handler writes to. */
static void await_signal(void)
{
    char byte;
    check(pipe(pipes[0]) < 0, "pipe");
    signal(SIGUSR1, wake_up);
    for (;;)
        check(read(pipes[0][0], &byte, 1) < 0 && errno != EINTR, "read");
}

void self_pipe(void)
{
    start(await_signal);
}

static void read_pipe(void)
{
    char byte;
    close(pipes[0][1]);
    check(read(pipes[0][0], &byte, 1) < 0, "read");
}

static void idle_with_pipe(void)
{
    close(pipes[0][0]);
    poll(NULL, 0, -1);
}

/* A consumer whose producer has nothing to say. */
void idle_producer(void)
{
    check(pipe(pipes[0]) < 0, "pipe");
    start(read_pipe);
    start(idle_with_pipe);
    close_pipe();
}

/* The second pipe is full, and the first has something in it but nobody who writes to it. */
static void pass_on(void)
{
    close(pipes[0][1]);
    close(pipes[1][0]);
    check(splice(pipes[0][0], NULL, pipes[1][1], NULL, 1, 0) < 0, "splice");
}

static void idle_with_reader(void)
{
    close_pipe();
    close(pipes[1][1]);
    poll(NULL, 0, -1);
}

/* What waits for room in a pipe does not wait for more from another. */
void transfer(void)
{
    char page[4096] = "";
    check(pipe(pipes[0]) < 0 || write(pipes[0][1], "x", 1) < 0, "pipe");
    check(pipe(pipes[1]) < 0 || fcntl(pipes[1][1], F_SETPIPE_SZ, sizeof(page)) < 0, "pipe");
    check(write(pipes[1][1], page, sizeof(page)) < 0, "write");
    start(idle_with_reader);
    start(pass_on);
    close_pipe();
    close(pipes[1][0]);
    close(pipes[1][1]);
}

static void send_descriptor(int socket, int fd)
{
    char control[CMSG_SPACE(sizeof(fd))] = "";
    struct iovec text = {.iov_base = "", .iov_len = 1};
    struct msghdr message = {
        .msg_iov = &text, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof(control)};
    struct cmsghdr *header = CMSG_FIRSTHDR(&message);
    header->cmsg_level = SOL_SOCKET;
    header->cmsg_type = SCM_RIGHTS;
    header->cmsg_len = CMSG_LEN(sizeof(fd));
    memcpy(CMSG_DATA(header), &fd, sizeof(fd));
    check(sendmsg(socket, &message, 0) < 0, "sendmsg");
}

/* Nobody has the other end of the pipe until the message that it is in is taken out of the socket. */
void end_on_its_way(void)
{
    check(pipe(pipes[0]) < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) < 0, "pipe");
    send_descriptor(sockets[0], pipes[0][1]);
    start(read_pipe);
    close_pipe();
}

/* --- System V queues --- */

struct message {
    long type;
    char text[1];
};

static void send_to(int queue)
{
    struct message message = {.type = 1};
    check(msgsnd(queue, &message, sizeof(message.text), 0) < 0, "msgsnd");
}

static void receive_from(int queue)
{
    struct message message;
    check(msgrcv(queue, &message, sizeof(message.text), 0, 0) < 0, "msgrcv");
}

static void make_queues(void)
{
    for (int i = 0; i < 2; i++)
        check((queues[i] = msgget(IPC_PRIVATE, IPC_CREAT | 0600)) < 0, "msgget");
}

static void receive_one(void)
{
    receive_from(queues[0]);
}

static void send_for_ever(void)
{
    for (;;)
        send_to(queues[0]);
}

/* The only one that ever read from the queue dies, and who writes fills it. */
void queue_without_reader(void)
{
    make_queues();
    pid_t reader = start(receive_one);
    send_to(queues[0]);
    check(waitpid(reader, NULL, 0) < 0, "waitpid");
    start(send_for_ever);
}

static void serve(void)
{
    receive_from(queues[0]);
    send_to(queues[1]);
    receive_from(queues[0]);
}

static void subscribe(void)
{
    send_to(queues[0]);
    receive_from(queues[1]);
    receive_from(queues[1]);
}

/* A client that awaits news on one queue and has written to the other, whose reader awaits more of that. */
void subscriber(void)
{
    make_queues();
    start(serve);
    start(subscribe);
}
