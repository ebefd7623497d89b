# top_keys.sh - keys of the dashboard that top.sh has no story for, and its options.

test_search_goes_on_with_n() {
    start_ipc posix-shm:name=/a-ring posix-shm:name=/b-shelf posix-shm:name=/c-ring
    top_start 100x30 -d 0.3
    screen_wait "posix-shm:/c-ring"
    screen_keys n
    screen_wait "nothing to search for yet"
    screen_keys Home / ring Enter
    top_selected posix-shm:/a-ring
    screen_keys n
    top_selected posix-shm:/c-ring
    screen_keys n
    top_selected posix-shm:/a-ring
    screen_keys / nowhere Enter
    screen_wait "not found"
    top_selected posix-shm:/a-ring
}

test_moving() {
    start_ipc posix-shm:name=/many,count=60
    top_start 100x30 -d 0.3
    screen_wait "posix-shm:/many-0 "
    screen_keys G
    top_selected posix-shm:/many-59
    screen_keys g
    top_selected posix-shm:/many-0
    screen_keys Down j
    top_selected posix-shm:/many-2
    screen_keys Up
    top_selected posix-shm:/many-1
    screen_keys Home C-f C-b
    top_selected posix-shm:/many-0
    screen_keys NPage End Home
    top_selected posix-shm:/many-0
    screen_keys End PPage NPage
    top_selected posix-shm:/many-59
}

test_tags_are_dropped() {
    start_ipc posix-shm:name=/one,orphan posix-shm:name=/two,orphan
    top_start 100x30 -d 0.3
    screen_wait "posix-shm:/two"
    screen_keys Home Space Space U / one Enter k
    screen_wait "Remove?"
    screen_keys y
    screen_wait "removed posix-shm:/one"
    [ -e /dev/shm/two ] || fail "what was untagged is gone"
}

test_columns_are_chosen() {
    export XDG_CONFIG_HOME=/tmp/work/config
    start_ipc sysv-shm:key=0x5eed
    top_start 140x30 -d 0.3
    screen_wait "${object[0]}"
    screen_lacks "0x00005eed"
    screen_keys F2
    screen_wait "Columns"
    screen_keys k Enter Escape
    screen_wait "0x00005eed"
    screen_keys q
    eventually top_ended_with 0
    top_stop
    top_start 140x30
    screen_wait "0x00005eed"
}

test_only_of_a_user() {
    need_other_users
    start_ipc posix-shm:name=/mine
    as_nobody touch /dev/shm/theirs
    top_start 100x30 -d 0.3
    screen_wait "posix-shm:/theirs"
    screen_keys u
    screen_wait "Only of user"
    screen_keys nobody Enter
    screen_wait " user nobody"
    screen_wait_gone "posix-shm:/mine"
    screen_has "posix-shm:/theirs" || screen_fail "theirs is gone too"
    screen_keys Escape
    screen_wait "posix-shm:/mine"
    top_stop
    top_start 100x30 -u nobody
    screen_wait "posix-shm:/theirs"
    screen_lacks "posix-shm:/mine" || screen_fail "mine is shown"
    rm /dev/shm/theirs
}

test_only_of_a_process_and_of_kinds() {
    start_ipc posix-shm:name=/used,users=1 posix-shm:name=/unused,orphan posix-mq:name=/queue
    local user
    user=$("$SHMOO" list --json posix-shm | jq -r '[.objects[].users[]?.pid][0]')
    top_start 100x30 -d 0.3 -p "$user"
    screen_wait "posix-shm:/used"
    screen_lacks "posix-shm:/unused" || screen_fail "what it does not use is shown"
    top_stop
    top_start 100x30 -d 0.3 --kinds posix-mq
    screen_wait "posix-mq:/queue"
    screen_lacks "posix-shm:/used" || screen_fail "another kind is shown"
}

test_following_and_selection_stay_with_the_object() {
    start_ipc posix-shm:name=/grows,size=64K posix-shm:name=/big,size=8M
    top_start 100x40 -d 0.3
    screen_keys F6
    screen_wait "Sort by"
    screen_keys S Enter
    screen_wait "SIZE▼"
    screen_keys I
    screen_wait "SIZE▲"
    is_above /grows /big || screen_fail "not sorted"
    screen_keys / grows Enter F
    screen_wait "State"
    truncate -s 32M /dev/shm/grows
    eventually is_above "posix-shm:/big " "posix-shm:/grows "
    top_selected posix-shm:/grows
    start_ipc posix-shm:name=/tiny,size=1K
    screen_wait "posix-shm:/tiny"
    top_selected posix-shm:/grows
}

test_how_often_and_right_now() {
    top_start 100x30 -d 60
    start_ipc posix-shm:name=/late
    screen_lacks "posix-shm:/late" || screen_fail "it did not wait"
    screen_keys r
    screen_wait "posix-shm:/late"
    screen_keys -- -
    screen_wait "every 30s"
    screen_keys =
    screen_wait "every 1m"
}

test_the_screen_is_drawn_again() {
    start_ipc posix-shm:name=/shown
    top_start 100x30 -d 60
    screen_wait "posix-shm:/shown"
    printf '\e[10;10HSCRIBBLE' >"$(in_tmux display-message -p -t screen '#{pane_tty}')"
    screen_wait "SCRIBBLE"
    screen_keys C-l
    screen_wait_gone "SCRIBBLE"
}

test_lines_of_the_tree_are_folded() {
    start_ipc posix-shm:name=/leaf,users=1
    top_start 100x30 -d 0.3
    screen_keys t
    screen_wait "posix-shm ("
    screen_keys Home Left
    screen_wait_gone "posix-shm:/leaf"
    screen_keys Right
    screen_wait "posix-shm:/leaf"
    screen_keys F5
    screen_wait_gone "posix-shm ("
}

test_bytes_are_scrolled() {
    start_ipc posix-shm:name=/long,size=16K
    printf 'BEGIN' | dd of=/dev/shm/long conv=notrunc status=none
    printf 'SECOND' | dd of=/dev/shm/long bs=4K seek=1 conv=notrunc status=none
    printf 'LINE40' | dd of=/dev/shm/long bs=1 seek=640 conv=notrunc status=none
    top_start 80x24 -d 0.3
    screen_keys / long Enter x
    screen_wait "|BEGIN...........|"
    screen_keys NPage NPage
    screen_wait "LINE40"
    screen_keys PPage PPage
    screen_wait "BEGIN"
    screen_keys '>'
    screen_wait "SECOND"
    screen_keys '<'
    screen_wait "BEGIN"
    screen_keys z
    screen_wait_gone "BEGIN"
}

test_any_character_can_be_typed() {
    touch "/dev/shm/日本" /dev/shm/ő
    top_start 80x24 -d 0.3
    screen_wait "posix-shm:/日本"
    screen_keys '\' C-u 'name=="/日本"' Enter
    screen_wait_gone "posix-shm:/ő"
    screen_has "posix-shm:/日本"
    screen_keys Escape / x日ő BSpace BSpace BSpace ő Enter
    top_selected posix-shm:/ő
    rm /dev/shm/*
}

test_menus_fill_a_screen_that_grows() {
    top_start 40x10
    screen_keys c End
    screen_wait "* full"
    screen_resize 80x24
    screen_wait "F10Quit"
    screen_wait "semaphores"
    screen_wait "* full"
    screen_keys q
}

test_help_by_each_of_its_keys() {
    top_start 80x24
    screen_keys F1
    help_opens_and_closes
    screen_keys h
    help_opens_and_closes
    screen_keys '?'
    help_opens_and_closes
}
help_opens_and_closes() {
    screen_wait "Keys (arrows"
    screen_keys z
    screen_wait_gone "Keys (arrows"
}

test_frames_are_counted_on_a_screen_too() {
    screen_start 80x24 "$SHMOO" top -d 0.01 -n 3
    eventually top_ended_with 0
}

test_hostile_settings_do_no_harm() {
    export XDG_CONFIG_HOME=/tmp/work/config
    mkdir -p /tmp/work/config/shmoo
    printf 'interval 99999999999999999999\ncolumns %s\ntree maybe\n\e[31m\0\n' "$(printf 'x%.0s' {1..5000})" >/tmp/work/config/shmoo/top
    start_ipc posix-shm:name=/shown
    top_start 80x24
    screen_wait "posix-shm:/shown"
    screen_keys q
    eventually top_ended_with 0
}

# Those that no other test presses.
test_keys_by_their_other_names() {
    top_start 80x24 -d 0.3
    screen_keys F3
    screen_wait "Search:"
    screen_keys Escape
    screen_wait_gone "Search:"
    screen_keys F4
    screen_wait "Filter:"
    screen_keys Escape
    screen_wait_gone "Filter:"
    screen_keys p
    screen_wait "PAUSED"
    screen_keys p
    screen_wait_gone "PAUSED"
    screen_keys C-c
    eventually top_ended_with 0
    top_stop
    top_start 80x24
    screen_keys F10
    eventually top_ended_with 0
}
