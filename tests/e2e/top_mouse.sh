# top_mouse.sh - the dashboard driven with a mouse. The bytes are those a terminal sends, see ctlseqs of xterm.

# Buttons as terminals number them.
readonly LEFT=0 WHEEL_UP=64 WHEEL_DOWN=65

# start_with_mouse TERM [OPTION...]: on a terminal of that type, until nothing on the screen moves any more.
start_with_mouse() {
    screen_start 100x30 env TERM="$1" "$SHMOO" top "${@:2}"
    screen_wait "findings"
}

# press BUTTON X Y: as SGR (1006), from 1; press_old: as X10, which is all that TERM=screen knows.
press() { screen_keys -l $'\e'"[<$1;$2;$3M"; }
release() { screen_keys -l $'\e'"[<$1;$2;$3m"; }
press_old() { screen_keys -l $'\e[M'"$(printf "\\x$(printf %x $(($1 + 32)))\\x$(printf %x $(($2 + 32)))\\x$(printf %x $(($3 + 32)))")"; }

# click TEXT: where it is shown.
click() {
    local x y
    screen_place "$1"
    click_at "$x" "$y"
}
click_at() {
    press "$LEFT" "$1" "$2"
    release "$LEFT" "$1" "$2"
}

test_rows_are_selected_and_opened() {
    start_ipc posix-shm:name=/one posix-shm:name=/two posix-shm:name=/three
    start_with_mouse xterm-256color -d 0.3
    screen_wait "posix-shm:/three"
    click "posix-shm:/two"
    click "posix-shm:/two"
    screen_wait "Path            /dev/shm/two"
    click "posix-shm:/three"
    screen_wait "Path            /dev/shm/three"
}

test_tabs_are_clicked() {
    start_with_mouse xterm-256color -d 0.3
    click "2 Processes"
    screen_wait "MAPPED"
    click "4 Limits"
    screen_wait "RAISE"
    click "1 Objects"
    screen_wait "WAITERS"
}

test_headings_sort() {
    start_ipc posix-shm:name=/big,size=8M posix-shm:name=/small,size=4K
    start_with_mouse xterm-256color -d 0.3
    screen_wait "posix-shm:/small"
    click "SIZE"
    screen_wait "SIZE▼"
    is_above posix-shm:/big posix-shm:/small || screen_fail "not sorted"
    click "SIZE▼"
    screen_wait "SIZE▲"
    is_above posix-shm:/small posix-shm:/big || screen_fail "not turned round"
}

test_the_wheel_scrolls() {
    local i
    touch $(seq -f /dev/shm/w%03g 100)
    start_with_mouse xterm-256color -d 0.3 --kinds posix-shm
    screen_wait "posix-shm:/w001"
    screen_lacks "posix-shm:/w060"
    for i in $(seq 20); do press "$WHEEL_DOWN" 5 15; done
    screen_wait "posix-shm:/w060"
    screen_wait_gone "posix-shm:/w001"
    for i in $(seq 20); do press "$WHEEL_UP" 5 15; done
    screen_wait "posix-shm:/w001"
    rm /dev/shm/w*
}

test_keys_of_the_last_line_are_clicked() {
    start_with_mouse xterm-256color -d 0.3
    click "F1Help"
    screen_wait "Keys (arrows"
    screen_keys z
    screen_wait_gone "Keys (arrows"
    click "F10Quit"
    eventually top_ended_with 0
}

test_old_terminals_have_a_mouse_too() {
    local x y
    start_with_mouse screen -d 0.3
    screen_place "2 Processes"
    press_old "$LEFT" "$x" "$y"
    screen_wait "MAPPED"
}

test_menus_are_clicked() {
    start_ipc posix-shm:name=/big,size=8M posix-shm:name=/small,size=4K
    start_with_mouse xterm-256color -d 0.3
    screen_wait "posix-shm:/small"
    click "F6Sort"
    screen_wait "Sort by"
    local x y
    screen_place "(unsorted)"
    click_at "$x" $((y + 3))
    screen_wait_gone "Sort by"
    screen_wait "USED▼"
    screen_keys c
    screen_wait "Columns ("
    click "  key "
    screen_wait "* key "
    click "* key "
    screen_wait_gone "* key "
    click_at 1 1
    screen_wait_gone "Columns ("
    screen_has "USED▼"
}

test_the_tree_is_folded_by_its_marks() {
    start_ipc posix-shm:name=/leaf,users=1 posix-shm:name=/bare,orphan
    start_with_mouse xterm-256color -d 0.3 --kinds posix-shm
    screen_keys t
    screen_wait "▾ posix-shm (2)"
    screen_has "▸ posix-shm:/leaf"
    screen_lacks "▸ posix-shm:/bare"
    click "▸ posix-shm:/leaf"
    screen_wait "make_ipc  "
    click "▾ posix-shm (2)"
    screen_wait "▸ posix-shm (2)"
    screen_lacks "posix-shm:/leaf"
}

test_clicks_beside_help_bytes_and_question() {
    start_ipc posix-shm:name=/free,orphan,size=4K
    start_with_mouse xterm-256color -d 0.3 --kinds posix-shm
    screen_wait "posix-shm:/free"
    click "F1Help"
    screen_wait "Keys (arrows"
    click_at 1 1
    screen_wait_gone "Keys (arrows"
    screen_keys x
    screen_wait "00000000"
    click_at 50 10
    screen_has "00000000"
    click_at 1 1
    screen_wait_gone "00000000"
    click "F9Remove"
    screen_wait "Remove?"
    click "Remove?"
    screen_wait "nothing removed"
    [ -e /dev/shm/free ] || fail "it was removed"
    screen_keys F9
    screen_wait "Remove?"
    click "y removes"
    screen_wait "removed posix-shm:/free"
}

mouse_is_asked_for() { [ "$(in_tmux display-message -p -t screen '#{mouse_any_flag}')" = "$1" ]; }

test_the_mouse_is_left_alone_when_wanted() {
    start_with_mouse xterm-256color
    eventually mouse_is_asked_for 1
    screen_keys q
    eventually top_ended_with 0
    top_stop
    start_with_mouse xterm-256color --no-mouse
    screen_keys F1
    screen_wait "Keys (arrows"
    mouse_is_asked_for 0
}
