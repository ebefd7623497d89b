# sandbox.sh - what the other tests rely on: nobody else's objects, processes or descriptors are around.

test_nothing_is_there_at_first() {
    check_equal "System V objects" "" "$(awk 'FNR > 1' /proc/sysvipc/*)"
    check_equal "files" "" "$(find /dev/shm /dev/mqueue /tmp/work -mindepth 1)"
    check_equal "processes besides init and this one" "" \
        "$(find /proc -maxdepth 1 -name '[0-9]*' -printf '%f\n' | awk -v me=$$ '$1 != 1 && $1 != me' |
            while read -r pid; do [ "$(awk '{ print $4 }' "/proc/$pid/stat" 2>/dev/null || echo $$)" = $$ ] || echo "$pid"; done)"
}

test_user_has_no_power() {
    [ "$(id -u)" -ne 0 ] || skip "this is the run as root"
    check_equal "effective capabilities" 0000000000000000 "$(sed -n 's/^CapEff:\t//p' /proc/self/status)"
    ! ls /proc/1/fd 2>/dev/null || fail "init's descriptors can be read"
}

test_terminal_can_be_driven() {
    screen_start 60x10 sh -c 'stty size; read -r line; echo "got $line"; exec sleep 1000'
    screen_wait "10 60"
    screen_keys "hello" Enter
    screen_wait "got hello"
    screen_resize 50x8
    check_equal "size" "50x8" "$(in_tmux display-message -p -t screen "#{pane_width}x#{pane_height}")"
}
