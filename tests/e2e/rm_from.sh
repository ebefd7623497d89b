# rm_from.sh - removal of what a list names: exactly those objects, and none that came after them.

exists() { shmoo list --kinds all --raw -n -o object | grep -qxF -- "$1"; }

# refused FILE MESSAGE: as a whole, in one line.
refused() {
    run shmoo rm --from "$1"
    check_status 2
    check_equal "errors" "shmoo: $1: $2" "$errors"
    check_equal "output" "" "$output"
}

one_of_each_kind() {
    start_ipc sysv-shm:orphan sysv-sem:orphan sysv-msg:orphan posix-shm:name=/a,orphan posix-sem:name=/b,orphan \
        posix-mq:name=/c,orphan 'posix-shm:name=/\x1b[31m\x0ad,orphan'
}

test_what_a_list_names_is_removed() {
    one_of_each_kind
    shmoo list --json >/tmp/list
    echo other >/dev/shm/other
    run shmoo rm --dry-run --from /tmp/list
    check_status 0
    check_equal "lines" 7 "$(grep -c '^would remove' <<<"$output")"
    run shmoo rm --from /tmp/list
    check_status 0
    check_equal "lines" 7 "$(grep -c '^removed' <<<"$output")"
    check_equal "left" "posix-shm:/other" "$(shmoo list --raw -n -o object)"
    run shmoo rm --from /tmp/list
    check_status 0
    check_equal "second time" 7 "$(grep -c ': gone already$' <<<"$errors")"
    rm /dev/shm/other
}

test_leaks_differences_and_lines_are_lists_too() {
    start_ipc posix-shm:name=/kept,orphan
    shmoo list --json >/tmp/before
    start_ipc posix-shm:name=/a,orphan sysv-shm:orphan
    shmoo diff --json /tmp/before - >/tmp/diff || [ $? -eq 1 ]
    run shmoo rm -n --from /tmp/diff
    check_equal "appeared" "would remove ${object[2]}
would remove posix-shm:/a" "$(sed 's/ (.*//' <<<"$output" | sort -r)"
    shmoo leaks --json >/tmp/leaks || [ $? -eq 1 ]
    run shmoo rm -n --from /tmp/leaks
    check_equal "leaks" 3 "$(grep -c '^would remove' <<<"$output")"
    run sh -c "jq -c '.objects[] | select(.kind == \"posix-shm\" and .name != \"/kept\")' /tmp/leaks | $SHMOO rm --from -"
    check_status 0
    check_equal "lines" "removed posix-shm:/a" "$(sed 's/ (.*//' <<<"$output")"
    exists posix-shm:/kept
    run shmoo rm --from - </dev/null
    check_status 0
}

# changed JQ-FILTER: the list, with a successor's identity in it.
changed() { jq ".objects |= map($1)" /tmp/list >/tmp/changed; }

test_a_successor_is_refused() {
    local change
    one_of_each_kind
    shmoo list --json >/tmp/list
    for change in 'if .key then .ctime = "2020-01-01T00:00:00Z" else .btime = "2020-01-01T00:00:00Z" end' \
        'if .key then .key = "0x00000007" else .inode += 1 end' 'if .key then .ctime = 7 else .device = "9:9" end'; do
        changed "$change"
        run shmoo rm --from /tmp/changed
        check_status 1
        check_equal "$change" 7 "$(grep -c 'not removed: it has changed or been replaced' <<<"$errors")"
        check_equal "output" "" "$output"
    done
    rm /dev/shm/a
    echo successor >/dev/shm/a
    run shmoo rm --from /tmp/list
    check_status 1
    check_contains "errors" "shmoo: posix-shm:/a: not removed: it has changed or been replaced since the list was made" "$errors"
    check_equal "the others" 6 "$(grep -c '^removed' <<<"$output")"
    check_equal "successor" successor "$(cat /dev/shm/a)"
    rm /dev/shm/a
}

test_what_is_in_use_or_elsewhere_is_refused() {
    start_ipc posix-shm:name=/used,users=1 posix-shm:name=/free,orphan sysv-sem:orphan memfd:
    shmoo list --json >/tmp/list
    changed 'if .kind == "sysv-sem" then .namespace += 1 else . end'
    run shmoo rm --from /tmp/changed
    check_status 1
    check_contains "used" "posix-shm:/used: not removed: in use by 1 process" "$errors"
    check_contains "elsewhere" "${object[2]}: not removed: it was in another ipc namespace" "$errors"
    check_contains "no kind to remove" "${object[3]}: not removed: " "$errors"
    check_equal "free" "removed posix-shm:/free" "$(sed 's/ (.*//' <<<"$output")"
}

test_hostile_lists_are_refused_as_a_whole() {
    local text
    start_ipc posix-shm:name=/a,orphan
    shmoo list --json >/tmp/list
    refused /tmp/none "No such file or directory"
    refused /tmp "Is a directory"
    for text in '[]' '{}' '{"objects":7}' '{"appeared":{}}' '{"waits":[]}'; do
        { cat /tmp/list; echo "$text"; } >/tmp/bad
        refused /tmp/bad "not what shmoo list, leaks or diff write with --json"
    done
    for text in 7 null '{}' '{"object":7}' '{"object":"nonsense"}' '{"object":"none:/a"}' '{"object":":/a"}'; do
        jq --argjson bad "$text" '.objects += [$bad]' /tmp/list >/tmp/bad
        refused /tmp/bad "object 2 is none of shmoo"
    done
    jq '.schema = 2' /tmp/list >/tmp/bad
    refused /tmp/bad "written by another version of shmoo"
    shmoo list --json -o size >/tmp/bad
    refused /tmp/bad "posix-shm:/a has no device, which tells it from a successor: list all columns"
    { cat /tmp/list; printf '{"object": "a\\u001b[2J", "object": 1}'; } >/tmp/bad
    run shmoo rm --from /tmp/bad
    check_status 2
    check_contains "line" "shmoo: /tmp/bad: line 4: duplicate object key" "$errors"
    check_equal "lines" 1 "$(wc -l <<<"$errors")"
    { cat /tmp/list; head -c 3000 /dev/zero | tr '\0' '['; } >/tmp/bad
    run shmoo rm --from /tmp/bad
    check_status 2
    check_equal "lines" 1 "$(wc -l <<<"$errors")"
    { cat /tmp/list; head -c 10 /dev/zero; } >/tmp/bad
    run shmoo rm --from /tmp/bad
    check_status 2
    exists posix-shm:/a
    run shmoo rm --from /tmp/list posix-shm:/a
    check_status 2
    check_equal "either" "shmoo: rm: either objects by name, --orphans or --from" "$errors"
}
