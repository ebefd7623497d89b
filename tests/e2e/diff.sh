# diff.sh - what appeared, vanished and changed between two lists.

test_appeared_vanished_changed() {
    start_ipc posix-mq:name=/kept
    : >/dev/shm/gone
    shmoo list --json >/tmp/before
    run shmoo diff /tmp/before /tmp/before
    check_status 0
    check_equal output '' "$output"
    rm /dev/shm/gone
    : >/dev/shm/new
    chmod 640 /dev/mqueue/kept
    run shmoo diff --json /tmp/before -
    check_status 1
    check_json '[.vanished[].object] == ["posix-shm:/gone"] and [.appeared[].object] == ["posix-shm:/new"]'
    check_json '[.changed[].object] == ["posix-mq:/kept"] and .changed[0].changes.mode.after == "0640"'
    run shmoo diff /tmp/before -
    check_status 1
    check_contains output "- posix-shm:/gone" "$output"
    check_contains output "+ posix-shm:/new" "$output"
    check_contains output '~ posix-mq:/kept mode: "0600" -> "0640"' "$output"
}

test_successor_is_another_object() {
    : >/dev/shm/again
    shmoo list --json >/tmp/before
    rm /dev/shm/again
    : >/dev/shm/again
    run shmoo diff --json /tmp/before -
    check_status 1
    check_json '[.vanished[].object] == ["posix-shm:/again"] and [.appeared[].object] == ["posix-shm:/again"]'
}

# A System V number says little: it is given again after a restart, and in every ipc namespace.
test_namesakes_are_told_apart() {
    local one='"kind":"sysv-shm","object":"sysv-shm:0"'
    echo "{\"objects\":[{$one,\"namespace\":1,\"key\":\"0x00000007\",\"cpid\":5,\"size\":1},{$one,\"namespace\":2,\"size\":2}]}" >/tmp/a
    echo "{\"objects\":[{$one,\"namespace\":2,\"size\":3},{$one,\"namespace\":1,\"key\":\"0x00000000\",\"cpid\":5,\"size\":1}]}" >/tmp/b
    run shmoo diff --json /tmp/a /tmp/b
    check_status 1
    check_json '.appeared == [] and .vanished == []'
    check_json '[.changed[] | [.object, (.changes | keys)]] | sort == [["sysv-shm:0", ["key"]], ["sysv-shm:0", ["size"]]]'
    sed 's/"cpid":5/"cpid":6/' /tmp/b >/tmp/c
    run shmoo diff --json /tmp/b /tmp/c
    check_json '[.vanished[].cpid] == [5] and [.appeared[].cpid] == [6] and .changed == []'
}

test_recordings() {
    start_ipc sysv-shm
    shmoo record /tmp/machine
    run shmoo diff /tmp/machine /tmp/machine
    check_status 0
    check_equal errors '' "$(grep -v '^shmoo: /tmp/machine: not shown: ' /tmp/errors || :)"
}

test_bad_lists() {
    local text
    for text in '' '[' '[]' '{"objects":{}}' '{"objects":[1]}' '{"objects":[{"object":1}]}' '{"schema":2,"objects":[]}'; do
        printf '%s' "$text" >/tmp/bad
        run shmoo diff /tmp/bad /tmp/bad
        check_status 2
        check_equal lines 1 "$(printf '%s\n' "$errors" | wc -l)"
    done
    printf '{"objects":[{"object":"x\\u001b[2J\\n"}]}' >/tmp/hostile
    echo '{"objects":[]}' >/tmp/none
    run shmoo diff /tmp/none /tmp/hostile
    check_equal output '+ x\x1b[2J\x0a' "$output"
    run shmoo diff /nonexistent -
    check_status 2
}

# What a list lacks may look like a difference.
test_what_could_not_be_read_is_said() {
    local gap='{"source":"maps","error":"EACCES","processes":2},{"source":"posix-mq","place":"/dev/m\u001b","error":"EPERM"}'
    echo '{"schema":1,"objects":[],"coverage":[]}' >/tmp/all
    echo "{\"schema\":1,\"objects\":[],\"coverage\":[$gap,7,{\"source\":7}]}" >/tmp/some
    run shmoo diff /tmp/some /tmp/all
    check_status 0
    check_contains errors "shmoo: /tmp/some: not shown: maps of 2 processes: EACCES" "$errors"
    check_contains errors 'shmoo: /tmp/some: not shown: posix-mq of /dev/m\x1b: EPERM' "$errors"
    run shmoo diff --json /tmp/all /tmp/some
    check_status 0
    check_equal errors '' "$errors"
    check_json '[.coverage[] | [.list, .source]][0] == ["after", "maps"]'
}

test_what_cannot_be_read_now_is_said() {
    need_other_users
    start_ipc posix-shm
    shmoo list --json >/tmp/before
    run as_nobody "$SHMOO" diff /tmp/before -
    check_contains errors "shmoo: -: not shown: maps of " "$errors"
}

# Where it is not mounted, the queues are mounted for us alone, which cannot be done in the sandbox.
test_queues_that_are_not_mounted_are_seen_all_the_same() {
    need_root
    start_ipc posix-mq posix-shm
    umount /dev/mqueue
    shmoo record /tmp/machine
    shmoo list --json >/tmp/list
    local pair
    for pair in '/tmp/machine -' '- /tmp/machine' '- -' '/tmp/list -' '- /tmp/list'; do
        # shellcheck disable=SC2086 # two words
        run shmoo diff $pair
        check_equal "$pair: output" '' "$output"
        check_equal "$pair: errors" '' "$errors"
    done
}
