/*
 * terminal.c - see terminal.h. What a crash handler needs to restore the terminal (the old termios and the
 * bytes that leave the alternate screen) is prepared beforehand, because it may call write(2) and
 * tcsetattr(3) only.
 */
#include "inspector/dashboard/terminal.h"

#include "common/array.h"
#include "inspector/dashboard/style.h"

#include <curses.h>
#include <errno.h>
#include <langinfo.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>

/* Signals that end the program where it stands. */
static const int crashes[] = {SIGSEGV, SIGBUS, SIGABRT, SIGFPE, SIGILL, SIGSYS, SIGTRAP};

enum { CRASH_STACK = 64 * 1024 };

static struct termios before;
static char farewell[256];
static volatile sig_atomic_t taken;
static SCREEN *screen;
static struct terminal_options chosen;
static char crash_stack[CRASH_STACK];

static void add_farewell(const char *bytes)
{
    /* Many terminals lack some of them. */
    size_t length = strlen(farewell), more = bytes ? strlen(bytes) : 0;
    if (bytes && length + more < sizeof(farewell))
        memcpy(farewell + length, bytes, more + 1);
}

static void prepare_farewell(void)
{
    farewell[0] = '\0';
    if (chosen.mouse)
        add_farewell("\033[?1000l\033[?1002l\033[?1003l\033[?1006l");
    add_farewell(exit_attribute_mode);
    add_farewell(keypad_local);
    add_farewell(cursor_normal);
    add_farewell(exit_ca_mode);
}

/* Runs on its own stack: the crash may be for want of one. */
static void on_crash(int number)
{
    if (taken) {
        ssize_t written = write(STDOUT_FILENO, farewell, strlen(farewell));
        (void)written;
        tcsetattr(STDIN_FILENO, TCSANOW, &before);
    }
    /* SA_RESETHAND has put the default action back: the signal does what it always does. */
    raise(number);
}

static void catch_crashes(void)
{
    stack_t stack = {.ss_sp = crash_stack, .ss_size = sizeof(crash_stack)};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_ONSTACK | SA_RESETHAND | SA_NODEFER};
    sigaltstack(&stack, NULL);
    for (size_t i = 0; i < COUNT_OF(crashes); i++)
        sigaction(crashes[i], &action, NULL);
}

static void set_modes(void)
{
    raw();
    noecho();
    nonl();
    keypad(stdscr, TRUE);
    nodelay(stdscr, TRUE);
    set_escdelay(25);
    curs_set(0);
    if (chosen.mouse) {
        mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
        mouseinterval(0);
    }
}

int terminal_start(const struct terminal_options *options)
{
    chosen = *options;
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO) || tcgetattr(STDIN_FILENO, &before) < 0)
        return -ENOTTY;
    screen = newterm(NULL, stdout, stdin);
    if (!screen)
        return -ENOENT;
    /* TERM=dumb, as in a shell of Emacs: curses would write one line over another. */
    if (!cursor_address) {
        endwin();
        delscreen(screen);
        return -ENOTTY;
    }
    prepare_farewell();
    catch_crashes();
    taken = 1;
    set_modes();
    style_start(chosen.colours);
    return 0;
}

void terminal_stop(void)
{
    if (!taken)
        return;
    taken = 0;
    endwin();
    delscreen(screen);
    screen = NULL;
}

void terminal_suspend(void)
{
    sigset_t stop;
    struct sigaction standard = {.sa_handler = SIG_DFL}, old;
    endwin();
    taken = 0;
    sigemptyset(&stop);
    sigaddset(&stop, SIGTSTP);
    sigaction(SIGTSTP, &standard, &old);
    raise(SIGTSTP);
    pthread_sigmask(SIG_UNBLOCK, &stop, NULL); /* stops here */
    pthread_sigmask(SIG_BLOCK, &stop, NULL);
    sigaction(SIGTSTP, &old, NULL);
    taken = 1;
    terminal_resize();
    set_modes();
    clearok(curscr, TRUE);
    refresh();
}

void terminal_resize(void)
{
    struct winsize size;
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row && size.ws_col)
        resizeterm(size.ws_row, size.ws_col);
}

bool terminal_is_utf8(void)
{
    return strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
}

bool terminal_has_fine_blocks(void)
{
    const char *type = getenv("TERM");
    return terminal_is_utf8() && type && strcmp(type, "linux") != 0;
}
