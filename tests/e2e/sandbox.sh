# sandbox.sh - what the other tests rely on: nobody else's objects, processes or descriptors are around.

test_nothing_is_there_at_first() {
    check_equal "System V objects" "" "$(awk 'FNR > 1' /proc/sysvipc/*)"
    check_equal "files" "" "$(find /dev/shm /dev/mqueue /tmp/work -mindepth 1)"
    ps -eo ppid=,comm= >/tmp/processes
    check_equal "processes: init, this one and ps" "0 sandbox,1 bash,$$ ps" \
        "$(awk '{ print $1, $2 }' /tmp/processes | paste -s -d ,)"
}

test_power_is_as_promised() {
    local capabilities
    capabilities=$(sed -n 's/^CapEff:\t//p' /proc/self/status)
    if [ "$(id -u)" -eq 0 ]; then
        [ "$capabilities" != 0000000000000000 ] || fail "root without capabilities"
        return
    fi
    check_equal "capabilities" 0000000000000000 "$capabilities"
    ! readlink /proc/1/fd/0 || fail "the descriptors of init can be read"
}

test_terminal_can_be_driven() {
    screen_start 60x10 sh -c 'stty size; read -r line; echo "got $line"; exec sleep 1000'
    screen_wait "10 60"
    screen_keys "hello" Enter
    screen_wait "got hello"
    screen_resize 50x8
    check_equal "size" 50x8 "$(in_tmux display-message -p -t screen '#{pane_width}x#{pane_height}')"
}
