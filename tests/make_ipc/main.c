/*
 * main.c - make_ipc makes real IPC objects with the attributes that a test asks for:
 *     make_ipc [--hold] [--uid UID] KIND[:key=value,...]...
 * It prints a line of tab-separated key=value for each, then "ready" once every process that shall wait does;
 * it cleans up all of it when stdin closes (unless --hold) or when it is told to end by a signal.
 */
#include "tests/make_ipc/making.h"

#include "tests/make_ipc/world.h"

#include <errno.h>
#include <getopt.h>
#include <grp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

static volatile sig_atomic_t told_to_end;

static void end_soon(int signal_number)
{
    (void)signal_number;
    told_to_end = 1;
}

/* The signals stay blocked while objects are made, so that none is forgotten. */
static void block_end_signals(sigset_t *ret_before)
{
    static const int signals[] = {SIGTERM, SIGINT, SIGHUP};
    struct sigaction action = {.sa_handler = end_soon};
    sigset_t blocked;
    sigemptyset(&blocked);
    for (size_t i = 0; i < COUNT_OF(signals); i++) {
        sigaction(signals[i], &action, NULL);
        sigaddset(&blocked, signals[i]);
    }
    sigprocmask(SIG_BLOCK, &blocked, ret_before);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        sigdelset(ret_before, signals[i]);
}

static void wait_for_end(bool hold, const sigset_t *mask)
{
    char buffer[256];
    while (!told_to_end) {
        struct pollfd input = {.fd = hold ? -1 : STDIN_FILENO, .events = POLLIN};
        int ready = ppoll(&input, 1, NULL, mask);
        if (ready > 0 && read(STDIN_FILENO, buffer, sizeof(buffer)) <= 0)
            return;
    }
}

static void make(const char *text)
{
    struct making making;
    making_parse(&making, text);
    for (making.index = 0; making.index < making.count; making.index++) {
        making.maker->make(&making);
        making_print(&making);
    }
    making_free(&making);
}

static void make_world(void)
{
    for (const char *const *text = world; *text; text++)
        make(*text);
}

static void print_help(void)
{
    printf(
        "Usage: make_ipc [--hold] [--uid UID] KIND[:KEY=VALUE,...]... | world\n\n"
        "Makes real IPC objects, says \"ready\", and removes them when stdin closes (--hold: when killed).\n"
        "Every kind: count=N (objects), comm=NAME (of its processes), headless (their first thread ends, and "
        "another one\ngoes on). Values may contain \\xHH, also for a comma (\\x2c).\n");
    for (const struct maker *const *maker = makers; *maker; maker++) {
        printf("\n%s\n", (*maker)->kind);
        for (const struct maker_key *key = (*maker)->keys; key->name; key++)
            printf("  %-10s %s\n", key->name, key->help);
    }
}

static void become(const char *text)
{
    char *end;
    unsigned long uid = strtoul(text, &end, 10);
    if (!*text || *end || setgroups(0, NULL) < 0 || setresgid((gid_t)uid, (gid_t)uid, (gid_t)uid) < 0 ||
        setresuid((uid_t)uid, (uid_t)uid, (uid_t)uid) < 0)
        die(text);
}

int main(int argc, char **argv)
{
    static const struct option options[] = {
        {"hold", no_argument,       NULL, 'H'},
        {"help", no_argument,       NULL, 'h'},
        {"uid",  required_argument, NULL, 'u'},
        {NULL,   0,                 NULL, 0  }
    };
    bool hold = false;
    for (int option; (option = getopt_long(argc, argv, "", options, NULL)) != -1;) {
        hold |= option == 'H';
        if (option == 'u')
            become(optarg);
        if (option == 'h') {
            print_help();
            return 0;
        }
        if (option == '?')
            return 2;
    }

    sigset_t mask;
    block_end_signals(&mask);
    for (int i = optind; i < argc; i++) {
        if (strcmp(argv[i], "world") == 0)
            make_world();
        else
            make(argv[i]);
    }
    puts("ready");
    if (fflush(stdout) != 0)
        die("standard output");
    wait_for_end(hold, &mask);
    end_everything();
    return 0;
}
