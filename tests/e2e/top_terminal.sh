# top_terminal.sh - the dashboard on all sorts of terminals, and how it gives them back.

test_terminals_and_locales() {
    local terminal
    start_ipc 'posix-shm:name=/a\x1b[31m\xffz' 'posix-shm:name=/wide-日本'
    for terminal in xterm screen linux vt100 xterm-256color; do
        screen_start 80x24 env TERM=$terminal LC_ALL=C "$SHMOO" top
        screen_wait 'posix-shm:/a\x1b[31m\xffz'
        screen_keys q
        eventually top_ended_with 0
        top_stop
    done
    screen_start 80x24 env NO_COLOR=1 "$SHMOO" top
    screen_wait 'posix-shm:/wide-日本'
    screen_keys q
    eventually top_ended_with 0
    top_stop
    in_a_shell "TERM=unheard-of $SHMOO top"
    screen_wait "shmoo: TERM:"
    top_stop
    in_a_shell "TERM=dumb $SHMOO top"
    screen_wait "shmoo: top: needs a terminal; -b writes plain text"
}

# in_a_shell COMMAND...: a shell in a terminal, that runs it.
in_a_shell() {
    screen_start 80x24 env PS1='ready> ' bash --norc
    screen_wait "ready>"
    screen_keys "$*" Enter
}
top_pid() { pgrep -x shmoo; }

test_terminal_is_restored_however_it_ends() {
    local signal
    for signal in TERM HUP INT QUIT SEGV ABRT; do
        in_a_shell "$SHMOO top; stty -a | grep -o '[ -]icanon'; stty -a | grep -o '[ -]echo '"
        screen_wait "F10Quit"
        kill -"$signal" "$(top_pid)"
        screen_wait " icanon"
        screen_wait " echo"
        screen_wait_gone "F10Quit"
        top_stop
    done
}

test_it_can_be_suspended_and_continued() {
    in_a_shell "$SHMOO top"
    screen_wait "F10Quit"
    screen_keys C-z
    screen_wait "Stopped"
    screen_keys fg Enter
    screen_wait "F10Quit"
    screen_keys 2
    screen_wait "COMMAND"
    screen_keys q
    screen_wait_gone "F10Quit"
}

# Each thread has a filter, and no key asks for what it refuses. That users may not be asked of nscd is meant so.
test_keys_stay_within_the_sandbox() {
    need strace
    start_ipc posix-shm:name=/free,orphan posix-mq:name=/free,orphan sysv-shm:orphan sysv-sem:orphan sysv-msg:orphan
    local key
    ASAN_OPTIONS=detect_leaks=0 screen_start 100x30 strace -f -o /tmp/trace "$SHMOO" top -d 0.2
    screen_wait "posix-mq:/free"
    for key in 1 2 3 4 5 6 1 Enter Enter Enter x Escape F1 Escape F t t r + - C-l; do screen_keys "$key"; done
    screen_keys w C-u /tmp/work/saved.json Enter
    screen_wait "written"
    screen_keys u Escape Home Space Space Space Space Space F9 y
    screen_wait "removed 5 objects"
    screen_resize 80x24
    check_equal "threads without a filter" "" "$(grep -L '^Seccomp:.2$' "/proc/$(top_pid)/task/"*/status)"
    screen_keys q
    eventually top_ended_with 0
    check_equal "refused calls" "" "$(grep EPERM /tmp/trace | grep -v socket | sed -n '/seccomp/,$p')"
}
