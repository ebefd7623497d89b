# inject_inspector.sh - shmoo survives its own faults: each call that list and show make fails in turn.
# not with sanitizers: their run-time library makes calls of its own, and dies of their failing.
export XDG_RUNTIME_DIR=/tmp/work

# rules_for COMMAND...: a rule for each call the command makes on IPC objects and errors it can have, and for its
# files in /proc, which are no IPC objects: one after the other, and one in ten.
rules_for() {
    local call error count nth seed
    "$SHMOO" trace -J -o calls -- "$SHMOO" "$@" >/dev/null 2>&1
    jq -r .call calls | sort | uniq -c | while read -r count call; do
        for error in $("$SHMOO" inject --list-calls --json |
            jq -r --arg call "$call" '.[] | select(.call == $call) | .errors[:3][] | select(.force | not) | .error'); do
            for ((nth = 1; nth <= count && nth <= 3; nth++)); do echo "$call:error=$error:when=$nth"; done
        done
    done
    for call in open,openat:error=EMFILE open,openat:error=EACCES open,openat:error=ENOENT read:error=EIO read:retval=0 \
        mmap:error=ENOMEM; do
        for nth in 1 2 3 4 5 7 10 20 50; do echo "$call:when=$nth:force$([[ $call = mmap* ]] || echo :fd=any)"; done
        for seed in 1 2 3; do echo "$call:prob=10%:seed=$seed:force$([[ $call = mmap* ]] || echo :fd=any)"; done
    done
}

# What a JSON answer says that the clean one does not, or leaves out without a word: one line each, none when it is
# honest. Unknown values are absent or "unknown"; objects and users that are missing need a new gap in coverage;
# errors that say the object or process is gone by now are believed.
readonly DISHONEST='
    ($clean[0].objects | map({key: .object, value: .}) | from_entries) as $was
    | (.objects | map({key: .object, value: .}) | from_entries) as $is
    | (.coverage - $clean[0].coverage != []) as $gap
    | ($rule | test("ENOENT|ESRCH|EINVAL|EIDRM|retval=0")) as $vanished
    | (($is | keys) - ($was | keys) | map("invented \(.)")),
      (($was | keys) - ($is | keys) | map(select($gap or $vanished | not) | "left out \(.)")),
      [$is | to_entries[] | .key as $object | .value as $now | $was[$object] // empty
        | (keys - ($now | keys) | map(select(($now.denied | not) and ($gap or $vanished | not)) | "\($object) lacks \(.)"))[],
          (to_entries[] | .key as $field | select($now | has($field)) | $now[$field] as $value | select($value != .value)
            | select($value == "unknown"
                or ($field == "users" and ($value | map(del(.command))) - (.value | map(del(.command))) == [] and ($gap or $vanished))
                or ($vanished and ($field | test("_state$|^state$|^findings$"))) | not)
            | "\($object).\($field): \(.value) became \($value)")]
    | .[]'

# torture COMMAND...: under each of these rules it says what is wrong or missing, does not crash or hang, and with
# --json never gives a wrong answer.
torture() {
    local rule fired=0 lies
    shmoo "$@" >clean
    while read -r rule; do
        run shmoo inject --must-fire -q -e "$rule" -- "$SHMOO" "$@"
        [ "$status" -le 2 ] || { show_run; fail "$rule: shmoo $1 ended with $status"; }
        [ "$status" -eq 0 ] || [ -n "$errors" ] || fail "$rule: shmoo $1 failed without a word"
        [[ $errors == *must-fire* ]] && continue
        fired=$((fired + 1))
        [[ $* == *--json* && $status -ne 2 ]] || continue
        lies=$(jq -r --slurpfile clean clean --arg rule "$rule" "$DISHONEST" <<<"$output")
        [ -z "$lies" ] || fail "$rule: $lies"
    done < <(rules_for "$@")
    [ "$fired" -ge 20 ] || fail "only $fired faults fired"
    echo "shmoo $1: $fired faults" >&2
}

test_list_survives_every_fault() {
    start_ipc sysv-shm:size=64K,users=1 posix-shm:name=/torture,users=1 posix-mq:name=/torture posix-sem:name=/torture \
        sysv-sem sysv-msg memfd fifo
    torture list --json
    torture list
}

test_show_survives_every_fault() {
    start_ipc sysv-shm:size=64K,users=1 posix-shm:name=/torture sysv-sem posix-mq:name=/torture
    torture show --json "${object[@]}"
    torture show "${object[@]}"
}

# What judges above must be able to fail.
test_wrong_answers_are_told() {
    local change
    start_ipc sysv-shm:size=64K,users=1
    shmoo list --json >clean
    for change in '.objects = []' '.objects[0].size = 1' '.objects[0].users = []' 'del(.objects[0].mode)' \
        '.objects += [.objects[0] | .object = "sysv-shm:77"]'; do
        [ -n "$(jq "$change" clean | jq -r --slurpfile clean clean --arg rule EIO "$DISHONEST")" ] || fail "$change is believed"
    done
    [ -z "$(jq -r --slurpfile clean clean --arg rule EIO "$DISHONEST" clean)" ] || fail "the same is not believed"
}
