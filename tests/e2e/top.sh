# top.sh - the dashboard, in a terminal of its own: what it shows and what its keys do. What is about the terminal is in
# top_terminal.sh, the mouse in top_mouse.sh, the look of rows in top_look.sh.

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

test_removal_is_asked_for_done_and_refused() {
    start_ipc posix-shm:name=/free,orphan posix-shm:name=/used,users=1
    top_start 100x30 -d 0.3
    screen_wait "posix-shm:/free"
    screen_keys / free Enter F9
    screen_wait "Remove?"
    screen_keys n
    screen_wait "nothing removed"
    screen_keys F9 y
    screen_wait "removed posix-shm:/free"
    [ ! -e /dev/shm/free ] || fail "still there"
    screen_wait_gone "posix-shm:/free "
    screen_keys / used Enter k
    screen_wait "in use by 1 process"
    screen_keys y
    screen_wait "refused 1"
    [ -e /dev/shm/used ] || fail "it was removed"
}

test_what_took_its_place_is_not_removed() {
    start_ipc posix-shm:name=/old,orphan
    top_start 100x30 -d 60
    screen_wait "posix-shm:/old"
    screen_keys / old Enter F9
    screen_wait "Remove?"
    rm /dev/shm/old
    touch /dev/shm/old
    screen_keys y
    screen_wait "refused 1"
    [ -e /dev/shm/old ] || fail "the successor was removed"
    rm /dev/shm/old
}

test_readonly_removes_nothing() {
    start_ipc posix-shm:name=/free,orphan
    top_start 100x30 --readonly
    screen_keys / free Enter F9
    screen_wait "nothing is removed"
    screen_keys Space F9
    screen_wait "nothing is removed"
}

test_tagged_objects_are_removed_together() {
    start_ipc posix-shm:name=/one,orphan posix-shm:name=/two,orphan posix-shm:name=/three,orphan
    top_start 100x30 -d 0.3
    screen_keys / one Enter Space / two Enter Space k
    screen_wait "Remove?"
    screen_keys y
    screen_wait "removed 2 objects"
    check_equal "left" /dev/shm/three "$(find /dev/shm -type f)"
}

test_filter_and_search() {
    start_ipc posix-shm:name=/big,size=8M posix-shm:name=/small,size=4K
    top_start 100x30 -d 0.3 --filter 'kind==posix-shm'
    screen_wait "posix-shm:/big"
    screen_keys '\' C-u 'size>1M' Enter
    screen_wait_gone "posix-shm:/small"
    screen_has "posix-shm:/big"
    screen_keys '\' C-u 'size>' Enter
    screen_wait "character"
    screen_keys Escape
    screen_keys Escape
    screen_wait "posix-shm:/small"
}

test_tree_shows_processes_of_an_object() {
    start_ipc posix-shm:name=/ring,users=1
    top_start 100x30 -d 0.3
    screen_keys t
    screen_wait "posix-shm ("
    screen_keys / ring Enter Right
    screen_wait "make_ipc"
}

# What is not known of any object of a kind is not nothing.
test_lines_of_kinds_have_sums() {
    start_ipc sysv-sem:count=2 posix-mq:name=/queue posix-shm:name=/a,size=4K,touch=4K posix-shm:name=/b,size=8K,touch=8K
    top_start 100x30 -d 0.3
    screen_keys t
    screen_wait "sysv-sem (2)"
    screen_wait_line 'posix-shm \(2\) +12K +12K '
    screen_wait_line 'sysv-sem \(2\) *$'
    screen_wait_line 'posix-mq \(1\) +[0-9.]+[BK]( +0B?)* *$'
}

test_limits_are_sorted_by_how_much_they_are() {
    top_start 100x40 -d 0.3
    screen_keys 4
    screen_wait "RAISE"
    screen_keys F6
    screen_wait "Sort by"
    screen_keys M Enter
    screen_wait "MAX▼"
    is_above unlimited 1024000000 || screen_fail "unlimited is not the most"
    is_above " 8K " " 500 " || screen_fail "8K is not more than 500"
}

test_narrow_screens_show_what_matters_of_waits() {
    start_ipc sysv-sem:values=1,owner=dead,waiters=1
    top_start 80x24 -d 0.3
    screen_keys 3
    screen_wait "HOLDER"
    screen_wait " dead "
    screen_keys 2
    screen_wait "NAME"
    screen_wait "WAITS-FOR"
    screen_wait_line ' make_ipc +sysv-sem:[0-9]+ '
}

test_sort_menu_and_inversion() {
    start_ipc posix-shm:name=/big,size=8M posix-shm:name=/small,size=4K
    top_start 100x30 -d 0.3
    screen_keys F6
    screen_wait "Sort by"
    screen_keys S Enter
    screen_wait "SIZE▼"
    is_above posix-shm:/big posix-shm:/small || screen_fail "not the largest first"
    screen_keys I
    screen_wait "SIZE▲"
    is_above posix-shm:/small posix-shm:/big || screen_fail "not turned round"
}

test_details_help_and_bytes() {
    start_ipc 'posix-shm:name=/ring,size=8K,touch=8K,users=1'
    top_start 100x40 -d 0.3
    screen_keys / ring Enter Enter
    screen_wait "State"
    screen_keys Escape F1
    screen_wait "Keys (arrows"
    screen_keys z x
    screen_wait "00000000"
    screen_keys q 5
    screen_wait "DETAIL"
}

test_events_tell_what_came_and_went() {
    top_start 100x30 -d 0.2
    screen_keys 5
    start_ipc posix-shm:name=/comet
    screen_wait "appeared"
    stop_ipc
    screen_wait "vanished"
}

test_snapshot_is_written_as_json() {
    start_ipc posix-shm:name=/kept
    top_start 100x30
    screen_wait "posix-shm:/kept"
    screen_keys w C-u /tmp/work/out.json Enter
    screen_wait "written"
    output=$(cat /tmp/work/out.json)
    check_json '.schema == 1 and any(.objects[]; .object == "posix-shm:/kept")'
    screen_keys w C-u /tmp/work/out.json Enter
    screen_wait "not written"
}

test_any_size_of_screen() {
    local size
    start_ipc posix-shm:name=/ring
    top_start 80x24 -d 0.2
    for size in 40x10 200x60 20x4 10x2 80x24; do
        screen_resize "$size"
        screen_keys Tab Enter Enter Enter t
    done
    screen_keys 1
    screen_wait "F10Quit"
    screen_wait "posix-shm"
}

test_settings_are_kept() {
    export XDG_CONFIG_HOME=/tmp/work/config
    top_start 100x30
    screen_keys t + +
    screen_wait "every 5s"
    screen_keys q
    eventually top_ended_with 0
    top_stop
    check_contains "file" "tree yes" "$(cat /tmp/work/config/shmoo/top)"
    top_start 100x30
    screen_wait "every 5s"
}

test_pause_stops_collecting() {
    top_start 100x30 -d 0.2
    screen_keys Z
    screen_wait "PAUSED"
    start_ipc posix-shm:name=/late
    screen_keys F1
    screen_wait "Keys (arrows"
    screen_keys Escape
    screen_wait_gone "Keys (arrows"
    screen_lacks "posix-shm:/late"
    screen_keys Z
    screen_wait "posix-shm:/late"
}

test_bad_options() {
    run shmoo top -d soon
    check_status 2
    check_equal "message" "shmoo: --delay: 'soon' is no number of seconds from 0.01 to 86400" "$errors"
    run shmoo top --filter 'size>'
    check_status 2
    run shmoo top something
    check_status 2
}

test_batch_writes_frames() {
    start_ipc posix-mq:name=/jobs,full
    run shmoo top -b -n 2 -d 0.1
    check_status 0
    check_equal "frames" 2 "$(grep -c '^shmoo 20' <<<"$output")"
    check_equal "rows" 2 "$(grep -c '^posix-mq:/jobs ' <<<"$output")"
    check_contains "finding" "full queue (certain) posix-mq:/jobs: 100% full" "$output"
}

test_batch_says_once_that_output_is_lost() {
    [ -c /dev/full ] || skip "no /dev/full"
    start_ipc posix-shm:name=/shown
    run bash -c '"$1" top -b -n 3 -d 0.05 >/dev/full' - "$SHMOO"
    check_status 2
    check_equal "message" "shmoo: standard output: No space left on device" "$errors"
}

nobody_stalls() { ! pgrep -x stall >/dev/null; }

test_waits_in_a_circle_are_marked() {
    "$BUILT/tests/targets/stall" semaphores &
    local stuck=$!
    start_ipc sysv-sem:values=0,waiters=1
    top_start 100x30 -d 0.3
    screen_keys 3
    screen_wait "circle"
    screen_wait "1 deadlock"
    eventually circles_are 2
    screen_wait_line ' stall +sysv-sem:[0-9]+ +circle +[0-9]+ alive +semtimedop +stall'
    screen_wait_line ' make_ipc +sysv-sem:[0-9]+ +semtimedop'
    screen_keys 1 / stall Enter Enter
    screen_wait "deadlock (certain)"
    screen_wait "provided nobody else operates"
    screen_lacks "certain if"
    screen_keys Escape 3
    kill "$stuck"
    wait "$stuck" || :
    eventually nobody_stalls
    screen_wait_gone "circle"
}
circles_are() { [ "$(screen_text | grep -c circle)" -eq "$1" ]; }

# Times of a queue have whole seconds.
second_is_over() { [ "$(date +%s)" -gt "$second" ]; }

test_watching_changes_nothing() {
    state() {
        cat /proc/sysvipc/*
        find /dev/shm /dev/mqueue -mindepth 1 -printf '%p %A@ %T@ %C@ %s %n\n'
    }
    local before second
    start_ipc sysv-shm:users=1 sysv-sem sysv-msg:messages=2 posix-shm:users=1 posix-sem posix-mq:messages=1,name=/jobs
    before=$(state) second=$(date +%s)
    eventually second_is_over
    top_start 100x30 -d 0.1
    screen_wait "posix-mq:/jobs"
    screen_keys 4
    screen_wait "RAISE"
    screen_keys 3 1 Enter
    screen_wait "State"
    screen_keys q
    eventually top_ended_with 0
    run shmoo top -b -n 2 -d 0.1
    check_equal "state" "$before" "$(state)"
}

test_a_recording_is_shown_but_nothing_removed() {
    start_ipc posix-shm:name=/then,orphan
    run shmoo record /tmp/work/recording
    check_status 0
    top_start 100x30 -d 0.3 --root /tmp/work/recording
    screen_wait "posix-shm:/then"
    screen_keys / then Enter F9
    screen_wait "nothing is removed"
    [ -e /dev/shm/then ] || fail "it was removed"
}
