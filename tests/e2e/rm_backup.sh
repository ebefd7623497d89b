# rm_backup.sh - what is removed is saved first, whole and unharmed; what cannot be saved is not removed.

exists() { shmoo list --kinds all --raw -n -o object | grep -qxF -- "$1"; }

# check_nothing_saved: no file is left of a back-up that failed.
check_nothing_saved() { check_equal "files" "" "$(ls -A /tmp/saved)"; }

saved() { output=$(cat "/tmp/saved/$1.json"); }

test_bytes_of_memory_are_saved() {
    need python3
    local id
    id=$(python3 - <<'END'
import ctypes, os
libc = ctypes.CDLL(None)
libc.shmat.restype = ctypes.c_void_p
segment = libc.shmget(0, 5 << 20, 0o600)
at = libc.shmat(segment, None, 0)
ctypes.memmove(at + 100, b"first", 5)
ctypes.memmove(at + (4 << 20), b"last", 4)
libc.shmdt(ctypes.c_void_p(at))
with open("/tmp/expected", "wb") as file:
    file.write(bytes(100) + b"first" + bytes((4 << 20) - 105) + b"last" + bytes((1 << 20) - 4))
with open("/dev/shm/ring", "wb") as file:
    file.write(b"ring")
    file.truncate(9000)
print("sysv-shm:%d" % segment)
END
    )
    run shmoo rm --backup /tmp/saved "$id" posix-shm:/ring
    check_status 0
    check_equal "removed" 2 "$(grep -c '^removed' <<<"$output")"
    cmp /tmp/expected "/tmp/saved/${id/:/-}.data"
    [ "$(du -k "/tmp/saved/${id/:/-}.data" | cut -f1)" -lt 1024 ] || fail "not sparse"
    check_equal "ring" "ring 9000" "$(tr -d '\0' <'/tmp/saved/posix-shm-%2fring.data') $(stat -c %s '/tmp/saved/posix-shm-%2fring.data')"
    check_equal "folder" 700 "$(stat -c %a /tmp/saved)"
    check_equal "files" 600 "$(stat -c %a /tmp/saved/* | sort -u)"
    saved "${id/:/-}"
    check_json '.schema == 1 and .objects[0].object == $id and .data == $data' --arg id "$id" --arg data "${id/:/-}.data"
    check_json '.objects[0] | .size == 5242880 and .mode == "0600" and .key == "0x00000000"'
    ! exists "$id" || fail "still there"
}

test_messages_are_saved_with_type_and_priority() {
    need python3
    local id
    id=$(python3 - <<'END'
import ctypes, struct
libc = ctypes.CDLL(None, use_errno=True)
queue = libc.msgget(0, 0o600)
for kind, text in ((7, b"one"), (3, b""), (9, b"three")):
    assert libc.msgsnd(queue, struct.pack("l", kind) + text, ctypes.c_size_t(len(text)), 0) == 0
mq = libc.mq_open(b"/jobs", 0o302, 0o600, None)
for priority, text in ((1, b"low"), (5, b"high"), (1, b"later")):
    assert libc.mq_send(mq, text, ctypes.c_size_t(len(text)), priority) == 0
print("sysv-msg:%d" % queue)
END
    )
    run shmoo rm --backup /tmp/saved "$id" posix-mq:/jobs
    check_status 0
    check_equal "System V" onethree "$(cat "/tmp/saved/${id/:/-}.data")"
    saved "${id/:/-}"
    check_json '.messages == [{"type":7,"offset":0,"size":3},{"type":3,"offset":3,"size":0},{"type":9,"offset":3,"size":5}]'
    check_equal "POSIX" highlowlater "$(cat /tmp/saved/posix-mq-%2fjobs.data)"
    saved posix-mq-%2fjobs
    check_json '.messages | map([.priority, .offset, .size]) == [[5,0,4],[1,4,3],[1,7,5]]'
    run shmoo list --json
    check_json '.objects == []'
}

test_values_and_attributes_are_saved() {
    start_ipc sysv-sem:values=3+1+4,orphan posix-sem:name=/gate,value=2,orphan fifo:name=/dev/shm/tube,orphan
    run shmoo rm --backup /tmp/saved "${object[@]}"
    check_status 0
    saved "${object[0]/:/-}"
    check_json '[.objects[0].semaphores[].value] == [3, 1, 4] and .data == null'
    saved posix-sem-%2fgate
    check_json '.objects[0].value == 2 and .data == "posix-sem-%2fgate.data"'
    check_equal "semaphore's file" 32 "$(stat -c %s /tmp/saved/posix-sem-%2fgate.data)"
    saved fifo-%2fdev%2fshm%2ftube
    check_json '.objects[0].mode == "0600"'
}

messages_of() { shmoo list --raw -n -o messages posix-mq; }

test_nothing_is_removed_when_it_cannot_be_saved() {
    start_ipc posix-shm:name=/ring,size=64K,orphan posix-mq:name=/jobs,full,orphan sysv-shm:users=1
    local before
    before=$(messages_of)
    [ "$before" -gt 0 ]
    mkdir /tmp/saved
    # Not even what another one has left is written to.
    echo mine >/tmp/victim
    ln -s /tmp/victim /tmp/saved/posix-mq-%2fjobs.data
    echo old >/tmp/saved/posix-shm-%2fring.json
    run shmoo rm --backup /tmp/saved "${object[@]}"
    check_status 1
    check_equal "output" "" "$output"
    check_contains "queue" "posix-mq:/jobs: not removed: not saved: posix-mq-%2fjobs.data: exists already" "$errors"
    check_contains "memory" "posix-shm:/ring: not removed: not saved: posix-shm-%2fring.json: exists already" "$errors"
    check_contains "in use" "${object[2]}: not removed: in use" "$errors"
    check_equal "untouched" "mine old" "$(cat /tmp/victim /tmp/saved/*.json | paste -sd ' ')"
    check_equal "files" "posix-mq-%2fjobs.data posix-shm-%2fring.json" "$(ls /tmp/saved | paste -sd ' ')"
    rm /tmp/saved/*
    # The messages were taken out by then.
    touch /tmp/saved/posix-mq-%2fjobs.json
    run shmoo rm --backup /tmp/saved posix-mq:/jobs
    check_status 1
    check_equal "put back" "$before" "$(messages_of)"
    rm /tmp/saved/*
    # A file cannot become so long.
    run bash -c 'ulimit -f 8; trap "" XFSZ; "$@"' bash "$SHMOO" rm --backup /tmp/saved posix-shm:/ring
    check_status 1
    check_contains "too long" "not saved: posix-shm-%2fring.data: File too large" "$errors"
    check_nothing_saved
    local id
    for id in "${object[@]}"; do exists "$id" || fail "$id is gone"; done
    run shmoo rm --backup /tmp/saved "${object[@]:0:2}"
    check_status 0
}

test_folders_that_are_none_are_refused() {
    start_ipc posix-shm:name=/ring,orphan
    ln -s /tmp /tmp/link
    run shmoo rm --backup /tmp/link posix-shm:/ring
    check_status 2
    run shmoo rm --backup /tmp/no/where posix-shm:/ring
    check_status 2
    check_equal "errors" "shmoo: /tmp/no/where: No such file or directory" "$errors"
    run shmoo rm --dry-run --backup /tmp/saved posix-shm:/ring
    check_status 0
    [ ! -e /tmp/saved ] || fail "a dry run makes no folder"
    exists posix-shm:/ring
}

test_hostile_names_stay_in_the_folder() {
    start_ipc 'posix-shm:name=/..\x0a%2f\xff,orphan' "posix-shm:name=/$(printf 'a%.0s' {1..250}),orphan"
    run shmoo rm --backup /tmp/saved "${object[@]}"
    check_status 0
    check_equal "names" "" "$(find /tmp/saved -mindepth 1 | grep -vE '^/tmp/saved/posix-shm-%2f[A-Za-z0-9.%_-]*\.(json|data)$')"
    check_equal "files" 4 "$(find /tmp/saved -type f | wc -l)"
    check_equal "labels" "$(printf '%s\n' "${object[@]}" | sort)" "$(jq -r '.objects[].object' /tmp/saved/*.json | sort)"
}
