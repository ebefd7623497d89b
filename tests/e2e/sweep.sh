# sweep.sh - sweeps as a user runs them: what is tried, what stays, and how one ends early. That flaws are
# found, and nothing where there are none, is tested in sweep_targets.sh.
TARGETS=$BUILT/tests/targets

# A sweep with its result as JSON in $output.
sweep() { run shmoo sweep --json "$@"; }

findings() { json '.findings[] | "\(.verdict) \(.call) \(.error) \(.mode) \(.site.function):\(.site.line)"'; }

test_a_finding_says_what_where_and_how_to_see_it_again() {
    cd /tmp || return
    run shmoo sweep -- "$TARGETS/flawed_map_leak"
    check_status 1
    check_contains output "leak: mmap fails with ENOMEM in map_greeting" "$output"
    check_contains output "shmoo replay shmoo-sweep.json:" "$output"
    [ ! -e shmoo-sweep.json.part ] || fail "the journal stays"
    run shmoo replay "$(sed -n 's/.*shmoo replay //p' <<<"$output" | head -n 1)"
    check_status 1
    check_contains errors "mmap: Cannot allocate memory" "$errors"
    check_contains errors "posix-shm:/flawed-greeting" "$errors"
    [ ! -e /dev/shm/flawed-greeting ] || fail "it is left here, too"
    rm shmoo-sweep.json
}

test_the_rule_of_a_finding_does_the_same_with_inject() {
    sweep --calls mmap -- "$TARGETS/flawed_map_leak"
    check_status 1
    run shmoo inject -e "$(json '.findings[0].rule')" -- "$TARGETS/flawed_map_leak"
    check_status 1
    rm /dev/shm/flawed-greeting || fail "nothing was left"
}

test_a_crash_is_restarted_and_replayed_so() {
    cd /tmp || return
    run shmoo sweep -o r.json --only crash --calls shm_open -- "$TARGETS/flawed_stale_fatal"
    check_status 1
    check_contains output "poisoned: " "$output"
    run shmoo replay --trace "r.json:$(sed -n 's/.*replay r.json://p' <<<"$output" | head -n 1)"
    check_status 1
    check_contains errors "= -1 EEXIST" "$errors"
    rm r.json
}

test_a_replay_says_nothing_that_a_terminal_would_obey() {
    cd /tmp || return
    run shmoo sweep -o h.json --calls mmap -- "$TARGETS/flawed_map_leak"
    check_status 1
    jq '.results[].reason = "before\\x1b[2Jafter"' h.json >/tmp/hostile.json
    run shmoo replay "hostile.json:$(sed -n 's/.*replay h.json://p' <<<"$output" | head -n 1)"
    check_status 1
    check_contains errors 'before\x1b[2Jafter' "$errors"
    rm h.json hostile.json
}

test_the_same_sweep_twice_is_the_same() {
    sweep --seed 7 -- "$TARGETS/flawed_queue_leak"
    check_status 1
    local first
    first=$(json '[.results[] | del(.duration)] | tostring')
    sweep --seed 7 -j 1 -- "$TARGETS/flawed_queue_leak"
    check_equal results "$first" "$(json '[.results[] | del(.duration)] | tostring')"
}

test_static_programs_are_swept_by_seccomp() {
    sweep --calls shm_open,mq_open,shmget --depth 1 -- "$TARGETS/make_call_static" shmget
    check_json '.engine == "seccomp" and .trials > 0'
    check_json '[.results[] | select(.call // "" == "shmget" and .verdict == "not_fired")] == []'
}

test_both_engines_name_places_alike() {
    local engine
    for engine in preload seccomp; do
        sweep --engine $engine --calls %shm,mmap --only once --depth 1 -- "$TARGETS/flawed_map_leak"
        check_status 1
        json '.sites[] | select(.call | IN("shm_open", "mmap", "shm_unlink")) | [.call, (.stack[0] | .function, .line)] | @tsv' >$engine
        [ -s $engine ] || fail "no places by $engine"
        json '.sites[] | select(.call == "mmap").stack_hash' >$engine.hash
    done
    check_equal places "$(cat preload)" "$(cat seccomp)"
    # With a frame pointer, as sanitizers want it, the stack ends early under seccomp.
    [[ $BUILT == */asan ]] || check_equal stacks "$(cat preload.hash)" "$(cat seccomp.hash)"
}

test_list_shows_the_plan_and_runs_nothing() {
    run shmoo sweep --list --only once --calls mmap --errors ENOMEM,EINTR -- "$TARGETS/flawed_map_leak"
    check_status 0
    check_equal trials 1 "$(grep -c . <<<"$output")"
    check_contains plan "mmap:error=ENOMEM" "$output"
}

test_shards_are_the_whole_plan() {
    local numbers all
    sweep --only once -- "$TARGETS/flawed_map_leak"
    all=$(json '.results[].trial')
    for shard in 1/3 2/3 3/3; do
        sweep --only once --shard "$shard" -- "$TARGETS/flawed_map_leak"
        check_json '.complete'
        numbers+=$(json '.results[].trial')$'\n'
    done
    check_equal "all trials" "$(sort -n <<<"$all")" "$(grep . <<<"$numbers" | sort -n)"
}

test_check_judges_the_result() {
    sweep --calls msync --check 'test ! -e /dev/shm/seen' --setup ': >/dev/shm/begun' -- \
        sh -c 'test -e /dev/shm/begun'
    check_status 0
    sweep --calls shm_open --check 'ls /dev/shm | grep -q .' -- "$TARGETS/flawed_map_leak"
    check_status 2
    check_contains errors "the check fails without any fault" "$errors"
}

test_input_comes_from_a_file() {
    echo said >/tmp/input
    run shmoo sweep --json --stdin /tmp/input --only once -- sh -c 'read word; test "$word" = said'
    check_status 0
    run shmoo sweep --json --only once -- sh -c 'read word; test "$word" = said'
    check_status 2
    rm /tmp/input
}

test_a_budget_ends_it() {
    sweep --budget 1ns -- "$TARGETS/flawed_map_leak"
    check_json '.complete | not'
}

# What takes long is no hang; what waits for what will never come is one, and nobody waits for the time to be up.
test_who_gives_up_late_is_not_called_hanging() {
    sweep --calls msgget --only on --errors ENOSPC -- "$TARGETS/sound_stubborn_retry"
    check_status 0
    check_json '[.results[] | [.verdict, .flaky // false]] | unique == [["handled", false]]'
}

test_what_is_certainly_stuck_needs_no_time() {
    sweep --time-limit 1h --calls sem_post --errors EINVAL -- "$TARGETS/flawed_lost_peer"
    check_status 1
    check_json '[.findings[].verdict] == ["hang"]'
}

test_memory_is_limited() {
    sweep --memory-limit 32M --time-limit 1h --calls msgsnd --only on --errors ENOMEM -- "$TARGETS/flawed_hoarded_backlog"
    check_status 1
    check_json '.findings[0] | .verdict == "hang" and (.reason | contains("more memory than a trial may"))'
    sweep --memory-limit 4k -- sh -c 'sleep 0.5'
    check_status 2
    check_contains errors "more memory" "$errors"
}

test_a_result_is_written_whole_or_not_at_all() {
    cd /tmp || return
    echo kept >w.json
    ln -s w.json link.json
    chmod 640 w.json
    run shmoo sweep -o link.json --only once --calls mmap -- "$TARGETS/sound_map_leak"
    check_status 0
    check_equal "the link" w.json "$(readlink link.json)"
    check_equal mode 640 "$(stat -c %a w.json)"
    jq -e .complete w.json >/dev/null || fail "no result behind the link"
    run shmoo report --html /dev/full w.json
    check_status 2
    check_contains errors "shmoo: /dev/full: " "$errors"
    # A limit on the size of files is room that ends.
    cp w.json before.json
    run bash -c 'trap "" XFSZ; ulimit -f 1; "$@"' _ "$SHMOO" report -o w.json --html w.html w.json
    check_status 2
    cmp w.json before.json || fail "half a result"
    check_equal "files" "before.json link.json w.json" "$(echo *.json*)"
    rm -f ./*.json w.html
}

test_shortages_are_tried() {
    sweep --only environment -- "$TARGETS/flawed_truncate_ignored"
    check_status 1
    check_json '[.results[] | select(.setting == "shm_64k") | .verdict] == ["crash"]'
    sweep --only environment -- "$TARGETS/sound_truncate_ignored"
    check_status 0
}

verdict_in() { json ".results[] | select(.setting == \"$1\") | .verdict"; }

test_limits_of_an_ipc_namespace_need_no_root() {
    unshare --user --map-root-user --ipc test -w /proc/sys/kernel/shmmni || skip "the kernel leaves them to root"
    cd /tmp || return
    run shmoo sweep -o l.json --only environment -- "$TARGETS/sound_rmid_skipped"
    check_status 0
    check_equal "verdict without segments" handled "$(output=$(cat l.json) verdict_in shmmni)"
    run shmoo replay "l.json:$(jq '.results[] | select(.setting == "shmmni") | .trial' l.json)"
    check_status 1
    check_contains errors "shmget: No space left on device" "$errors"
    rm l.json
}

test_what_it_makes_is_there_already() {
    sweep --only environment -- "$TARGETS/flawed_trusted_count"
    check_equal "verdict with other contents" crash "$(verdict_in stale_filled)"
    check_equal "verdict with nothing in it" tolerated "$(verdict_in stale_empty)"
    check_json '.clean.made == [{call: "shm_open", name: "/flawed-list"}]'
    sweep --only environment -- "$TARGETS/sound_trusted_count"
    check_equal "verdict with other contents" handled "$(verdict_in stale_filled)"
    sweep --only environment -- "$TARGETS/flawed_eventfd_unchecked"
    check_equal "verdict when it makes nothing" "" "$(verdict_in stale_empty)$(verdict_in foreign)"
}

# Every kind that a name or key leads to is there, and cannot be opened.
test_what_it_makes_is_not_its_own() {
    local target
    for target in sound_trusted_count sound_queue_leak sound_sem_failed sound_semget_window sound_fifo_exists; do
        sweep --only environment -- "$TARGETS/$target"
        check_json '.findings == []'
        [ "$(id -u)" != 0 ] || check_equal "verdict of $target" handled "$(verdict_in foreign)"
    done
    sweep --only environment -- "$TARGETS/flawed_sem_failed"
    [ "$(id -u)" != 0 ] || check_equal "verdict of flawed_sem_failed" crash "$(verdict_in foreign)"
    cd /tmp || return
    run shmoo sweep -o f.json --only environment -- "$TARGETS/sound_trusted_count"
    check_status 0
    run shmoo replay "f.json:$(jq '.results[] | select(.setting == "foreign") | .trial' f.json)"
    check_status 1
    check_contains errors "Permission denied" "$errors"
    rm f.json
}

test_the_address_space_ends_at_the_largest_mapping() {
    cd /tmp || return
    run shmoo sweep -o a.json --only environment -- "$TARGETS/flawed_shrunk_map"
    check_status 1
    check_contains output "crash: mmap fails with ENOMEM with address_space in map_room (" "$output"
    run shmoo replay "$(sed -n 's/.*shmoo replay //p' <<<"$output" | head -n 1)"
    check_status 139
    rm a.json
    sweep --only environment -- "$TARGETS/sound_shrunk_map"
    check_equal "verdict without room" tolerated "$(verdict_in address_space)"
    sweep --only environment -- "$TARGETS/flawed_queue_leak"
    check_equal "verdict when nothing large is mapped" "" "$(verdict_in address_space)"
}

# The tree is in /tmp here, so what is run from there cannot have another /tmp.
test_a_private_tmp() {
    cd /tmp || return
    run shmoo sweep --private-tmp -- "$TARGETS/sound_map_leak"
    check_status 2
    check_contains errors "/tmp, which --private-tmp empties" "$errors"
    [ "$(id -u)" = 0 ] || return 0
    cp "$BUILT/shmoo" "$BUILT/libshmoo-inject.so" /run
    : >/tmp/outside
    run /run/shmoo sweep --json --private-tmp --only environment -- sh -c 'ls -A /tmp; mkfifo /tmp/p && rm /tmp/p; echo >/tmp/stays'
    check_json '.trials > 0 and .clean.private_tmp'
    check_json '.clean.made == [{call: "mkfifo", name: "/tmp/p"}]'
    check_json '[.results[] | select(.setting == "stale_empty") | .verdict] == ["silent"]'
    check_equal "files in /tmp" "" "$(ls -d /tmp/stays /tmp/p 2>/dev/null)"
    rm /run/shmoo /run/libshmoo-inject.so /tmp/outside
}

test_a_shortage_names_the_call_that_failed() {
    cd /tmp || return
    run shmoo sweep -o b.json --sarif b.sarif --junit b.xml --only environment -- "$TARGETS/flawed_queue_leak"
    check_status 1
    check_contains output "leak: mq_open fails with EMFILE with nofile_4 in open_queue (" "$output"
    check_contains output "L nofile_4 (mq_open)" "$output"
    check_contains junit 'name="mq_open in open_queue (' "$(cat b.xml)"
    local line
    line=$(sed -n '/mq_open(/=' "$TESTS/targets/flawed_queue_leak.c" | head -n 1)
    check_equal "line in SARIF" "$line" "$(jq '.runs[0].results[0].locations[0].physicalLocation.region.startLine' b.sarif)"
    run shmoo report --json b.json
    check_json '.findings[0] | .call == "mq_open" and .error == "EMFILE" and .setting == "nofile_4"'
    check_json '[.results[] | select(.blame) | .blame.error] | unique == ["EMFILE"]'
    rm b.json b.sarif b.xml
}

# The limit is for the command: what watches it has need of more descriptors.
test_a_limit_does_not_hit_what_traces() {
    cd /tmp || return
    run shmoo sweep -o t.json --only environment -- "$TARGETS/flawed_queue_leak"
    export ASAN_OPTIONS=${ASAN_OPTIONS:-}:verify_asan_link_order=0:detect_leaks=0 # the shim comes first; too few descriptors to look for leaks
    run shmoo replay --trace "t.json:$(jq '.results[] | select(.setting == "nofile_4") | .trial' t.json)"
    check_status 1
    check_contains "trace" "= -1 EMFILE" "$output$errors"
    rm t.json
}

# What fails without any fault is not to blame, nor what a call made to fail shows already.
test_a_shortage_is_one_finding_with_the_call_made_to_fail() {
    sweep --calls mq_open -- "$TARGETS/flawed_queue_leak"
    check_json '[.findings[] | [.call, .mode]] == [["mq_open", "once"]]'
    check_json '.results as $all | .findings[0].trials | any(. as $number | $all[] | select(.trial == $number) | .setting)'
}

# What is there of ours outside, that could be left: processes, mounts, objects, plans.
outside() {
    pgrep -f "$TARGETS/flawed" || :
    grep -c . /proc/self/mountinfo
    ls /dev/shm /dev/mqueue /tmp
    cat /proc/sysvipc/shm /proc/sysvipc/sem /proc/sysvipc/msg | awk '{ print $2 }'
}

test_nothing_stays_of_one_that_is_killed() {
    cd /tmp || return
    : >k.json
    : >k.json.part
    local before
    before=$(outside)
    for signal in KILL INT TERM; do
        "$SHMOO" sweep -o k.json --depth all -- "$TARGETS/flawed_lost_peer" >/dev/null 2>&1 &
        eventually grep -q outcome\\\|verdict k.json.part
        kill -s "$signal" $!
        wait $! || :
        eventually nothing_runs
        : >>k.json.part
        check_equal "what is there after $signal" "$before" "$(outside)"
    done
    rm k.json k.json.part
}
nothing_runs() { ! pgrep -f "$TARGETS/flawed" >/dev/null; }

test_an_interrupted_one_reports_what_is_done() {
    cd /tmp || return
    set -m # without job control what runs in the background ignores SIGINT
    for signal in INT TERM; do
        "$SHMOO" sweep -o i.json --depth all -- "$TARGETS/flawed_lost_peer" >report 2>errors &
        eventually grep -q verdict i.json.part
        kill -s "$signal" $!
        status=0
        wait $! 2>/dev/null || status=$?
        check_status $((128 + $(kill -l $signal)))
        [ ! -e i.json.part ] || fail "the journal stays"
        run cat i.json
        check_json '.complete == false and (.results | length) > 0 and (.results | length) < .planned'
        grep -qE ' in [0-9]+ of [0-9]+ trials at ' report || fail "no summary: $(tail -n 1 report)"
    done
    run shmoo sweep -o i.json --depth all --resume -- "$TARGETS/flawed_lost_peer"
    check_status 1
    run cat i.json
    check_json '.complete and ([.findings[].verdict] == ["hang"])'
    trap '' TERM
    "$SHMOO" sweep -o i.json -- "$TARGETS/flawed_lost_peer" >report 2>errors &
    eventually grep -q verdict i.json.part
    kill -TERM $!
    status=0
    wait $! || status=$?
    check_status 1
    rm i.json report errors
}

test_one_that_was_killed_is_taken_up() {
    cd /tmp || return
    "$SHMOO" sweep -o u.json -- "$TARGETS/flawed_lost_peer" >/dev/null 2>&1 &
    eventually grep -q verdict u.json.part
    kill -KILL $!
    wait $! || :
    run shmoo sweep -o u.json --resume -- "$TARGETS/flawed_null_map"
    check_status 2
    check_contains errors "is of another sweep" "$errors"
    run shmoo sweep -o u.json --resume -- "$TARGETS/flawed_lost_peer"
    check_status 1
    [ ! -e u.json.part ] || fail "the journal stays"
    run cat u.json
    check_json '.complete and (.results | length) == .trials and ([.findings[].verdict] == ["hang"])'
    rm u.json
}

test_bad_commands_and_options() {
    run shmoo sweep -- /nonexistent
    check_status 2
    check_equal errors "shmoo: /nonexistent: No such file or directory" "$errors"
    run shmoo sweep --stdin /nonexistent -- true
    check_status 2
    check_equal errors "shmoo: /nonexistent: No such file or directory" "$errors"
    run shmoo sweep --setup false -- true
    check_status 2
    check_contains errors "shmoo: true: what --setup says fails" "$errors"
    run shmoo sweep -- false
    check_status 2
    check_contains errors "fails without any fault (status 1)" "$errors"
    local bad
    for bad in "--shard 3/2" "--shard x" "--depth 0" "--only never" "--errors EWHAT" "--jobs 0" "--budget soon" \
        "--calls shm_opne" "--engine none"; do
        # shellcheck disable=SC2086
        run shmoo sweep $bad -- true
        check_status 2
        check_equal "lines for $bad" 1 "$(grep -c . <<<"$errors")"
    done
    run shmoo replay /nonexistent:1
    check_status 2
    run shmoo replay nothing
    check_status 2
}
