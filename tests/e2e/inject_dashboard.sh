# inject_dashboard.sh - the Faults screen: rules of running injections, switched with a key.
export XDG_RUNTIME_DIR=/tmp/work
BEHAVE=$BUILT/tests/targets/behave

test_rules_are_shown_and_switched() {
    need tmux
    mkfifo requests answers
    "$SHMOO" inject -q --name web -e shm_unlink:error=EACCES -- "$BEHAVE" requests <requests >answers &
    local pid=$! answer
    exec 8>requests 9<answers
    read -r answer <&9
    ask() {
        echo >&8
        read -r answer <&9
        check_equal "$1" "$2" "$answer"
    }
    ask "at first" EACCES
    screen_start 100x30 "$SHMOO" top 8>&- 9<&- # the server of tmux would keep them open
    screen_keys 6
    screen_wait "shm_unlink:error=EACCES"
    screen_wait "MATCHED"
    screen_keys e
    screen_wait "rule 0 of web is off"
    ask "switched off" ENOENT
    screen_keys e
    screen_wait "rule 0 of web is on"
    ask "switched on" EACCES
    exec 8>&- 9<&-
    wait "$pid"
    screen_keys r
    screen_wait "no injection is running"
    screen_keys q
}
