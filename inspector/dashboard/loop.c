/* loop.c - see loop.h. It sleeps when there is nothing to do. */
#include "inspector/dashboard/loop.h"

#include "common/array.h"
#include "common/cleanup.h"
#include "inspector/dashboard/dashboard.h"
#include "inspector/dashboard/draw.h"
#include "inspector/dashboard/footer.h"
#include "inspector/dashboard/header.h"
#include "inspector/dashboard/keys.h"
#include "inspector/dashboard/mouse.h"
#include "inspector/dashboard/pane.h"
#include "inspector/dashboard/removal.h"
#include "inspector/dashboard/terminal.h"

#include <curses.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

/* Signals the loop takes in its own time. */
static const int signals[] = {COLLECTOR_SIGNAL, SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGTSTP, SIGCONT, SIGWINCH};

static void draw(struct dashboard *dashboard)
{
    erase();
    int top = header_draw(dashboard), height = LINES - 1 - top;
    if (dashboard->detail == DETAIL_WHOLE) {
        pane_draw(dashboard, top, 0, height, COLS);
    } else if (dashboard->detail == DETAIL_SPLIT) {
        int list = height * 2 / 5 < 4 ? height / 2 : height * 2 / 5;
        table_draw(dashboard, dashboard_table(dashboard), top, 0, list, COLS);
        pane_draw(dashboard, top + list, 0, height - list, COLS);
    } else {
        table_draw(dashboard, dashboard_table(dashboard), top, 0, height, COLS);
    }
    footer_draw(dashboard, LINES - 1);
    if (dashboard->popup)
        dashboard->popup->draw(dashboard);
    refresh();
}

static void press(struct dashboard *dashboard, int code)
{
    dashboard->message[0] = '\0';
    if (code == KEY_RESIZE)
        return;
    if (code == KEY_MOUSE) {
        mouse_act(dashboard);
        return;
    }
    if (dashboard->popup) {
        dashboard->popup->key(dashboard, code);
        return;
    }
    const struct key *key = key_find(code);
    if (key)
        key->act(dashboard, code);
}

/* Everything typed so far. False when the terminal is gone. */
static bool take_keys(struct dashboard *dashboard)
{
    wint_t character;
    bool any = false;
    for (int got; (got = get_wch(&character)) != ERR && !dashboard->quit;) {
        any = true;
        press(dashboard, (int)character + (got == OK && character >= KEY_MIN ? KEY_WIDE : 0));
    }
    return any;
}

static void take_sample(struct dashboard *dashboard)
{
    struct sample sample;
    int r = collector_take(dashboard->collector, &sample);
    if (r == 0)
        return;
    if (r > 0) {
        r = model_update(&dashboard->model, &sample);
        sample_free(&sample);
    }
    if (r == 0)
        removal_finish(dashboard);
    dashboard->error = r;
    if (r < 0)
        dashboard_complain(dashboard, "could not collect: %s", strerror(-r));
    dashboard_update(dashboard);
    if (dashboard->frames_left && --dashboard->frames_left == 0)
        dashboard->quit = true;
}

static void take_signal(struct dashboard *dashboard, int fd)
{
    struct signalfd_siginfo info;
    if (read(fd, &info, sizeof(info)) != (ssize_t)sizeof(info))
        return;
    if (info.ssi_signo == COLLECTOR_SIGNAL) {
        take_sample(dashboard);
    } else if (info.ssi_signo == SIGWINCH || info.ssi_signo == SIGCONT) {
        terminal_resize();
        clearok(curscr, TRUE);
    } else if (info.ssi_signo == SIGTSTP) {
        terminal_suspend();
    } else {
        dashboard->quit = true;
    }
}

sigset_t loop_signals(void)
{
    sigset_t set;
    sigemptyset(&set);
    for (size_t i = 0; i < COUNT_OF(signals); i++)
        sigaddset(&set, signals[i]);
    return set;
}

int loop_run(struct dashboard *dashboard)
{
    sigset_t set = loop_signals();
    AUTO_CLOSE int signal_fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
    if (signal_fd < 0)
        return -errno;
    struct pollfd fds[] = {
        {.fd = STDIN_FILENO, .events = POLLIN},
        {.fd = signal_fd,    .events = POLLIN},
    };
    dashboard_update(dashboard);
    while (!dashboard->quit) {
        draw(dashboard);
        if (poll(fds, COUNT_OF(fds), -1) < 0 && errno != EINTR)
            return -errno;
        if (fds[1].revents & POLLIN)
            take_signal(dashboard, signal_fd);
        /* Readable without a key to read is the end of the terminal. */
        if (fds[0].revents && !take_keys(dashboard) && fds[0].revents & (POLLHUP | POLLERR))
            dashboard->quit = true;
    }
    return 0;
}
