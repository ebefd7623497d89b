# cli.sh - what every command shares: help, version, messages, exit codes.

test_help_names_every_command() {
    local name
    run shmoo --help
    check_status 0
    for name in $(sed -n 's/^COMMAND(\(.*\))/\1/p' /tmp/shmoo/inspector/cmds.def); do
        check_contains "help" "  $name " "$output"
    done
}

test_unknown_command_is_an_error() {
    run shmoo $'no\nsuch'
    check_status 2
    check_equal "message" "shmoo: no\\x0asuch: no such command; see 'shmoo --help'" "$errors"
    check_equal "output" "" "$output"
}

test_an_empty_name_is_quoted() {
    run shmoo list --kinds=
    check_status 2
    check_contains "errors" "shmoo: '': no such kind" "$errors"
}

test_closed_output_is_an_error() {
    run bash -c '"$1" --version >&-' - "$SHMOO"
    check_status 2
    check_equal "errors" "shmoo: standard output: Bad file descriptor" "$errors"
    run bash -c '"$1" limits >&- <&-' - "$SHMOO"
    check_status 2
}

test_lost_output_is_an_error() {
    [ -c /dev/full ] || skip "no /dev/full"
    run bash -c '"$1" --help >/dev/full' - "$SHMOO"
    check_status 2
    check_contains "message" "No space left on device" "$errors"
}

# What cannot be written is said once, however much of it there is.
test_lost_output_is_one_line() {
    [ -c /dev/full ] || skip "no /dev/full"
    start_ipc sysv-shm:count=100 posix-shm:name=/ring,users=1
    local command
    for command in "list" "list --json" "list --raw" "show ${object[0]}" "show --json ${object[*]}" "ps" "ps --json" \
        "limits" "limits --json" "waits --json" "top --batch --frames 1"; do
        run bash -c "\"\$1\" $command >/dev/full" - "$SHMOO"
        check_status 2
        check_equal "$command" "shmoo: standard output: No space left on device" "$(grep -v '^shmoo: not shown' <<<"$errors")"
    done
}
