# top.sh - the dashboard, in a terminal of its own.

# top_start WIDTHxHEIGHT [OPTION...]: starts it and waits for its first picture.
top_start() {
    screen_start "$1" "$SHMOO" top "${@:2}"
    screen_wait "F10Quit"
}

# The status it ended with, once it has.
top_status() { in_tmux display-message -p -t screen '#{pane_dead_status}'; }
top_ended_with() { [ "$(in_tmux display-message -p -t screen '#{pane_dead}:#{pane_dead_status}')" = "1:$1" ]; }

test_objects_are_shown_live() {
    top_start 100x30 -d 0.2
    start_ipc sysv-shm:size=3M,touch=3M,users=2 posix-mq:name=/jobs,full
    screen_wait "${object[0]}"
    screen_wait "posix-mq:/jobs"
    screen_wait "1 full queue"
    stop_ipc
    screen_wait_gone "posix-mq:/jobs"
    screen_keys q
    eventually top_ended_with 0
}

test_every_screen_is_reached_by_number_and_by_tab() {
    start_ipc sysv-sem:values=0,waiters=2
    top_start 100x30 -d 0.5
    screen_keys 2
    screen_wait "COMMAND"
    screen_keys 3
    screen_wait "WAITS-FOR"
    screen_wait "semtimedop"
    screen_keys 1
    screen_wait "STATE"
    screen_keys Tab
    screen_wait "MAPPED"
    screen_keys BTab
    screen_wait "STATE"
}

test_terminal_is_needed() {
    run shmoo top
    check_status 2
    check_equal "message" "shmoo: top: needs a terminal; -b writes plain text" "$errors"
}

test_shmoo_alone_starts_it_on_a_terminal() {
    start_ipc posix-shm:name=/alone
    screen_start 80x24 "$SHMOO"
    screen_wait "F10Quit"
    screen_wait "posix-shm:/alone"
    run shmoo
    check_status 0
    check_contains "list" "posix-shm:/alone" "$output"
}
