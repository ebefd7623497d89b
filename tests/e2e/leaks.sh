# leaks.sh - orphans now, and what a command leaves behind in namespaces of its own.

# Objects of every sort that outlives its maker, and a process.
leave_everything() {
    cat <<'END'
ipcmk -M 65536; ipcmk -S 2; ipcmk -Q; : >/dev/shm/left; sleep 1000 &
END
}

test_command_without_leaks() {
    run shmoo leaks -- sh -c 'echo said; ipcmk -M 4096 >/tmp/id; ipcrm -m "$(sed "s/.*: //" /tmp/id)"'
    check_status 0
    check_equal output said "$output"
    check_equal errors '' "$errors"
}

test_status_is_that_of_the_command() {
    run shmoo leaks -- sh -c 'ipcmk -M 4096; exit 5'
    check_status 5
    check_contains errors "sysv-shm:0" "$errors"
    run shmoo leaks -- sh -c 'kill -KILL $$'
    check_status 137
    run shmoo leaks -- /nonexistent
    check_status 127
}

test_everything_left_is_reported() {
    run shmoo leaks --json --grace 100ms -- sh -c "{ $(leave_everything) } >/dev/null"
    check_status 23
    check_json '[.objects[].object] == ["sysv-shm:0", "sysv-sem:0", "sysv-msg:0", "posix-shm:/left"]'
    check_json '.objects[0].size == 65536 and .objects[0].created_by.pid > 0'
    check_json '[.processes[].comm] == ["sleep"]'
}

test_nothing_of_it_stays() {
    cat /proc/sysvipc/* >/tmp/before
    ls /dev/shm >>/tmp/before
    run shmoo leaks --grace 0 -- sh -c "$(leave_everything)"
    check_status 23
    cat /proc/sysvipc/* >/tmp/after
    ls /dev/shm >>/tmp/after
    check_equal objects "$(cat /tmp/before)" "$(cat /tmp/after)"
    check_equal "left running" '' "$(pgrep -x sleep || :)"
    check_equal namespaces 1 "$(readlink /proc/[0-9]*/ns/ipc 2>/dev/null | sort -u | grep -c .)"
}

test_descendants_may_finish() {
    run shmoo leaks --grace 20s -- sh -c '(sleep 0.2; ipcmk -Q >/dev/null) & exit 0'
    check_status 23
    check_contains errors "sysv-msg:0" "$errors"
    check_lacks errors "process:" "$errors"
}

test_timeout() {
    run shmoo leaks --timeout 100ms --grace 100ms -- sh -c 'trap "" TERM; while :; do sleep 1; done'
    check_status 124
    check_contains errors "shmoo: sh: ended because its time was up (--timeout)" "$errors"
    check_equal "left running" '' "$(pgrep -x sleep || :)"
}

test_known_leaks_are_allowed() {
    run shmoo leaks --allow 'sysv-*' --allow '/le*' -- sh -c 'ipcmk -M 4096; : >/dev/shm/left'
    check_status 0
    run shmoo leaks --json -- sh -c ': >/dev/shm/left'
    check_status 23
    printf '%s\n' "$output" >/tmp/baseline
    run shmoo leaks --baseline /tmp/baseline -- sh -c ': >/dev/shm/left'
    check_status 0
    run shmoo leaks --baseline /tmp/baseline -- sh -c ': >/dev/shm/other'
    check_status 23
    echo '{"objects": 7}' >/tmp/baseline
    run shmoo leaks --baseline /tmp/baseline -- true
    check_status 2
    check_equal errors "shmoo: /tmp/baseline: not what shmoo list, leaks or diff write with --json" "$errors"
    run shmoo leaks --exit-code 7 -- ipcmk -Q
    check_status 7
}

# Numbers are given in turn: an unknown leak before the known ones changes theirs, and one alone takes the first.
test_baseline_knows_leaks_by_what_made_them() {
    run shmoo leaks --attribute --json -- $(leave all)
    check_status 23
    printf '%s\n' "$output" >/tmp/baseline
    run shmoo leaks --baseline /tmp/baseline -- $(leave all)
    check_status 0
    run shmoo leaks --baseline /tmp/baseline --json -- sh -c "ipcmk -M 4096 >/dev/null; $(leave all)"
    check_status 23
    check_json '[.objects[] | [.object, .created_by.call]] == [["sysv-shm:0", "shmget"]]'
    run shmoo leaks --baseline /tmp/baseline --json -- $(leave segment)
    check_status 23
    check_json '[.objects[].created_by.function] == ["make_here"]'
    run shmoo leaks --baseline /tmp/baseline --json -- sh -c 'ipcmk -S 1'
    check_status 23
    run shmoo leaks --no-attribute --baseline /tmp/baseline -- $(leave all)
    check_status 0
}

test_processes_are_allowed_by_name() {
    local left='sleep 1000 & until grep -qx sleep /proc/$!/comm; do :; done'
    run shmoo leaks --grace 0 --allow 'process:sl*' -- sh -c "$left"
    check_status 0
    check_equal "left running" '' "$(pgrep -x sleep || :)"
    run shmoo leaks --grace 0 --allow 'process:make' -- sh -c "$left"
    check_status 23
}

test_baseline_knows_processes_by_name() {
    local left='cp "$(command -v sleep)" "/tmp/$0" && { "/tmp/$0" 1000 & until grep -qFx "$0" /proc/$!/comm; do :; done; }'
    local hostile=$'a\\b"\xff[x'
    run shmoo leaks --grace 0 --json -- sh -c "$left" "$hostile"
    check_status 23
    check_json '(.processes | length == 1) and .objects == []'
    printf '%s\n' "$output" >/tmp/baseline
    run shmoo leaks --grace 0 --baseline /tmp/baseline -- sh -c "$left" "$hostile"
    check_status 0
    check_equal "left running" '' "$(pgrep -f '^/tmp/a' || :)"
    run shmoo leaks --grace 0 --json --baseline /tmp/baseline -- sh -c "$left" other
    check_status 23
    check_json '[.processes[].comm] == ["other"]'
    jq '.processes[0].comm = 7' /tmp/baseline >/tmp/bad
    run shmoo leaks --baseline /tmp/bad -- true
    check_status 2
    check_equal errors "shmoo: /tmp/bad: a process without comm" "$errors"
}

# A FIFO is seen wherever a process has it open.
test_fifos_of_others_are_no_leaks() {
    start_ipc fifo:readers=1,writers=1
    run shmoo leaks --grace 0 --json -- sh -c 'ipcmk -Q >/dev/null; mkfifo /dev/shm/left /tmp/other; sleep 1000 <>/tmp/other & until grep -qx sleep /proc/$!/comm; do :; done'
    check_status 23
    check_json '[.objects[].object] == ["sysv-msg:0", "fifo:/dev/shm/left", "fifo:/tmp/other"]'
    check_json '.objects[2].created_by.call == "mkfifo"'
}

test_reports_for_other_tools() {
    need python3
    GITHUB_ACTIONS=true run shmoo leaks --junit /tmp/junit --sarif /tmp/sarif -- sh -c ": >'/dev/shm/a<&%b'"
    check_status 23
    check_contains output "::error title=leaked-object::posix-shm:/a<&%25b" "$output"
    python3 -c 'import xml.etree.ElementTree as t
suite = t.parse("/tmp/junit").getroot()
assert suite.get("failures") == "1" and suite[0].get("name") == "posix-shm:/a<&%b", t.tostring(suite)'
    output=$(cat /tmp/sarif)
    check_json '.version == "2.1.0" and (.runs[0].results | length == 1) and .runs[0].results[0].ruleId == "leaked-object"'
    # Without it, code scanning refuses the whole file.
    check_json '.runs[0].results[0].locations[0].physicalLocation | .artifactLocation.uri == "sh" and .region.startLine == 1'
    check_json '[.runs[0].tool.driver.rules[].shortDescription.text | length > 0] | all'
}

test_signals_end_it_cleanly() {
    local signal
    for signal in INT TERM HUP; do
        # A shell starts what is in the background with SIGINT ignored.
        env --default-signal=INT "$SHMOO" leaks -- sh -c ': >/tmp/started; sleep 1000' &
        eventually test -e /tmp/started
        kill -"$signal" $!
        status=0
        wait $! || status=$?
        [ "$status" -gt 128 ] || fail "status $status"
        rm /tmp/started
        check_equal "left running" '' "$(pgrep -x sleep || :)"
    done
}

test_signal_in_the_grace_ends_it_too() {
    "$SHMOO" leaks --grace 100s -- sh -c 'sleep 1000 & : >/tmp/started' &
    eventually test -e /tmp/started
    eventually has_no_child_called sh $!
    kill -TERM $!
    status=0
    wait $! || status=$?
    check_status 143
    check_equal "left running" '' "$(pgrep -x sleep || :)"
}
has_no_child_called() { ! pgrep -x "$1" -P "$2"; }

# As nohup(1) and a shell's background do.
test_ignored_signals_are_ignored() {
    env --ignore-signal=HUP "$SHMOO" leaks --grace 0 -- sh -c ': >/tmp/started; until [ -e /tmp/end ]; do sleep 0.01; done' &
    eventually test -e /tmp/started
    kill -HUP $!
    : >/tmp/end
    status=0
    wait $! || status=$?
    check_status 0
}

test_shared_compares_before_and_after() {
    start_ipc sysv-shm:users=1
    run shmoo leaks --shared --json -- ipcmk -Q
    check_status 23
    output=$(printf '%s\n' "$output" | grep -v '^Message queue id')
    check_json '[.objects[].kind] == ["sysv-msg"]'
}

test_orphans_now() {
    start_ipc sysv-shm:users=1 sysv-shm:orphan posix-mq:users=1
    run shmoo leaks --json
    check_status 1
    check_json '[.objects[] | .object] == [$id] and .objects[0].reason != ""' --arg id "${object[1]}"
    run shmoo leaks --older 1h
    check_status 0
    check_equal output '' "$output"
}

test_objects_in_use_are_no_orphans() {
    start_ipc sysv-shm:users=1,orphan sysv-sem:orphan,waiters=1 sysv-msg:orphan,receivers=1 posix-shm:users=1,orphan \
        posix-sem:users=1,orphan posix-mq:users=1,orphan
    run shmoo leaks --json
    check_status 0
    check_json '.objects == []'
}

leave() { echo "$BUILT/tests/targets/leave" "$1"; }

test_everything_left_names_its_maker() {
    local scenario
    for scenario in all all_in_child; do
        run shmoo leaks --attribute --json -- $(leave $scenario)
        check_status 23
        check_json '[.objects[].object] == ["sysv-shm:0", "sysv-sem:0", "sysv-msg:0", "posix-shm:/file", "posix-shm:/shm",
            "posix-shm:/stream", "posix-shm:/temporary", "posix-sem:/sem", "posix-mq:/mq", "fifo:/dev/shm/fifo"]'
        check_json '[.objects[].created_by.call] == ["shmget", "semget", "msgget", "open", "shm_open", "open", "open", "sem_open",
            "mq_open", "mkfifo"]'
        check_json '[.objects[].created_by.function] == ["make_segment", "make_set", "make_queue", "make_file", "make_shm",
            "make_stream", "make_temporary", "make_sem", "make_mq", "make_fifo"]'
        check_json '.objects | all(.created_by | .pid > 0 and (.file | endswith("/leave.c")) and .line > 0)'
        check_json '.objects[0].created_by.line == $line' --argjson line "$(grep -n ' shmget(IPC_PRIVATE' /tmp/shmoo/tests/targets/leave.c |
            head -n 1 | cut -d: -f1)"
        check_json '.attribution == {"possible": true}'
    done
    # The child is another process than the one that was run.
    check_json '[.objects[].created_by.pid] | unique | length == 1'
    check_json '.objects[0].cpid == .objects[0].created_by.pid'
}

test_a_namesake_in_another_namespace_is_another_object() {
    run shmoo leaks --json -- $(leave twins)
    check_status 23
    check_json '[.objects[] | [.object, .created_by.function]] == [["sysv-shm:0", "make_here"]]'
}

test_the_maker_is_told_to_other_tools() {
    need python3
    cd /tmp/shmoo
    GITHUB_ACTIONS=true run shmoo leaks --junit /tmp/junit --sarif /tmp/sarif -- $(leave all)
    check_contains output "::error file=tests/targets/leave.c,line=" "$output"
    check_contains errors "left behind; made by shmget in make_segment at leave.c:" "$errors"
    python3 -c 'import xml.etree.ElementTree as t
case = t.parse("/tmp/junit").getroot()[0]
assert case.get("file") == "tests/targets/leave.c" and int(case.get("line")) > 0, t.tostring(case)'
    output=$(cat /tmp/sarif)
    check_json '.runs[0].results[0].locations[0].physicalLocation |
        .artifactLocation.uri == "tests/targets/leave.c" and .region.startLine > 0'
}

test_why_there_is_no_attribution_is_said() {
    run shmoo leaks --json -- "$BUILT/tests/targets/make_call_static" shmget
    check_json '.attribution == {"possible": false, "reason": "it is statically linked"}'
    run shmoo leaks --attribute -- "$BUILT/tests/targets/make_call_static" shmget
    check_status 2
    check_equal errors "shmoo: --attribute: it is statically linked" "$errors"
    run shmoo leaks --no-attribute -- $(leave all)
    check_status 23
    check_contains errors "who made these is not known: --no-attribute" "$errors"
    run shmoo leaks -- sh -c "'$BUILT/tests/targets/make_call_static' shmget; $(leave all)"
    check_contains errors "who made some may not be known: 1 of 3 programs did not load the shim" "$errors"
}

test_descriptors_that_came_across_exec_are_told() {
    run shmoo leaks --grace 0 --json -- $(leave leak_into_child)
    check_status 23
    check_json '[.processes[].comm] == ["sleep"]'
    check_json '[.processes[0].holds[] | select(.inherited) | [(.object | sub(":.*"; "")), .created_by.call, .created_by.function]] ==
        [["posix-shm", "open", "open_for_all"], ["memfd", "memfd_create", "open_for_all"], ["pipe", "pipe2", "open_for_all"]]'
}

# Those that look like it: closed on exec, never executed anything, passed on purpose, standard output, its own.
test_descriptors_that_belong_there_are_not() {
    local scenario
    for scenario in close_on_exec only_fork pass_on_purpose use_as_standard_output run_one_that_opens; do
        run shmoo leaks --grace 0 --json -- $(leave $scenario)
        check_status 23
        check_json '.processes | length == 1'
        check_json '[.processes[].holds[] | select(.inherited)] == []'
    done
    run shmoo leaks --grace 0 --json -- $(leave only_fork)
    check_json '[.processes[0].holds[].object | sub(":.*"; "")] == ["posix-shm", "memfd", "pipe"]'
}

test_output_of_the_command_is_not_in_the_json() {
    run shmoo leaks --json -- sh -c 'echo said; ipcmk -Q'
    check_json '.objects | length == 1'
    check_contains errors "said" "$errors"
    run shmoo leaks --json --output /tmp/report -- sh -c 'echo said; ipcmk -Q >&2'
    check_equal output said "$output"
    output=$(cat /tmp/report)
    check_json '.objects | length == 1'
    run shmoo leaks -o /tmp/report -- ipcmk -Q
    check_contains report "sysv-msg:0" "$(cat /tmp/report)"
}

# Where the limit on namespaces is used up, and where a user has no right to any.
without_namespaces() {
    case $1 in
    limit) unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_ipc_namespaces && exec "$@"' - "${@:2}" ;;
    right) unshare -Ur sh -c 'echo 0 >/proc/sys/user/max_user_namespaces && exec "$@"' - \
        setpriv --bounding-set=-all --inh-caps=-all "${@:2}" ;;
    esac
}

test_without_namespaces_before_and_after_are_compared() {
    local how
    start_ipc sysv-msg posix-shm:users=1
    for how in limit right; do
        without_namespaces $how true 2>/dev/null || skip "limits on user namespaces cannot be set here"
        run without_namespaces $how "$SHMOO" leaks --json -- $(leave all)
        check_status 23
        check_contains errors "shmoo: no namespaces for the command: " "$errors"
        check_contains errors "comparing before and after instead, in which objects of others may show" "$errors"
        check_json '.namespaces == "shared" and .attribution.possible'
        check_json '.objects | length == 10 and all(.created_by.function | startswith("make_"))'
        ipcrm -a
        find /dev/shm -mindepth 1 -name '[fst]*' -delete
        find /dev/mqueue -mindepth 1 -name mq -delete
        run without_namespaces $how "$SHMOO" leaks --json -- true
        check_status 0
        check_json '.objects == []'
    done
}

# Not made by the command, and so no leak of its own: it is shown all the same.
test_what_others_make_meanwhile_is_no_leak() {
    mkfifo /tmp/work/go /tmp/work/done
    { read -r _ </tmp/work/go; : >/dev/shm/of_another; echo >/tmp/work/done; } &
    GITHUB_ACTIONS=true run shmoo leaks --shared --json --junit /tmp/junit --sarif /tmp/sarif -- \
        sh -c 'echo >/tmp/work/go; read -r _ </tmp/work/done'
    wait $!
    check_status 0
    check_json '[.objects[] | [.object, .confidence]] == [["posix-shm:/of_another", "hint"]]'
    check_contains notice "::notice title=foreign-object::posix-shm:/of_another" "$errors"
    check_lacks error "::error" "$errors"
    check_contains junit 'tests="1" failures="0" skipped="1"' "$(cat /tmp/junit)"
    check_contains junit '<skipped message="' "$(cat /tmp/junit)"
    output=$(cat /tmp/sarif)
    check_json '[.runs[0].results[] | [.ruleId, .level]] == [["foreign-object", "note"]]'
    rm /dev/shm/of_another
}

test_orphans_are_grouped_by_owner_and_program() {
    need_other_users
    start_ipc posix-shm:name=/PostgreSQL.17,size=8K,orphan posix-shm:name=/psm_1a2b,orphan posix-shm:name=/PostgreSQL.18,orphan sysv-shm:orphan
    chown 65534 /dev/shm/PostgreSQL.18
    run shmoo leaks
    check_status 1
    check_equal headlines "root, PostgreSQL: 1 object
root, Python shared_memory: 1 object
root, program not known: 1 object
nobody, PostgreSQL: 1 object" "$(grep -v '^ ' <<<"$output" | sed 's/,[^,]*$//')"
    run shmoo leaks --json
    check_json '[.groups[] | [.owner, .program, .objects]] ==
        [[0, "PostgreSQL", 1], [0, "Python shared_memory", 1], [0, null, 1], [65534, "PostgreSQL", 1]]'
    run shmoo leaks --user nobody --json
    check_json '[.objects[].object] == ["posix-shm:/PostgreSQL.18"]'
    run shmoo leaks --user root --name '/psm_*' --json
    check_json '[.objects[].object] == ["posix-shm:/psm_1a2b"]'
    run shmoo leaks --older 1h --json
    check_status 0
}

# The commands of the recipes, in a project whose tests leak: they fail, and write the files that later steps take.
test_recipes_for_ci_do_what_they_say() {
    need python3
    /usr/bin/python3 -c 'import yaml' 2>/dev/null || skip "python3-yaml is not installed"
    local command
    mkdir /tmp/project
    cd /tmp/project
    printf 'test:\n\tipcmk -M 4096\n' >Makefile
    /usr/bin/python3 -c 'import sys, yaml
github, gitlab = (yaml.safe_load(open("/tmp/shmoo/contrib/ci/" + name)) for name in ("github-actions.yml", "gitlab-ci.yml"))
steps = github["jobs"]["test"]["steps"]
print(next(step["run"] for step in steps if step.get("run", "").startswith("shmoo ")))
print(gitlab["test"]["script"][0])
uploaded = steps[-1]["with"]["sarif_file"], gitlab["test"]["artifacts"]["reports"]["junit"]
assert steps[-1]["if"] == "always()" and uploaded == ("leaks.sarif", "leaks.xml"), uploaded' >/tmp/commands
    while read -r command; do
        rm -f leaks.*
        run bash -c "${command/#shmoo/$SHMOO}" </dev/null
        check_status 23
        /usr/bin/python3 -c 'import xml.etree.ElementTree as t; assert t.parse("leaks.xml").getroot().get("failures") == "1"'
        [[ $command != *leaks.sarif* ]] || jq -e '.runs[0].results | length == 1' leaks.sarif >/dev/null || fail "no result"
    done </tmp/commands
    check_equal commands 2 "$(grep -c "^shmoo leaks .*make test$" /tmp/commands)"
}
