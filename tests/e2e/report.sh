# report.sh - results of sweeps merged, shown and written in other forms. See ../lib.sh.
fixture=/tmp/shmoo/tests/fixtures/sweep.json

# shards N: splits the fixture into shard-1.json ... by trial number.
shards() {
    local index
    for ((index = 1; index <= $1; index++)); do
        jq -c --argjson i "$index" --argjson n "$1" \
            '.shard = {index: $i, count: $n} | .results |= map(select(.trial % $n == $i % $n)) | .findings = []' \
            "$fixture" >"shard-$index.json"
    done
}

test_findings_and_plot_are_shown() {
    run shmoo report "$fixture"
    check_status 1
    check_equal "first line" "crash: mmap fails with ENOMEM in main (src/main.c:7)" "$(head -n 1 <<<"$output")"
    check_contains "replay line" "shmoo replay $fixture:4" "$output"
    grep -qE "^mmap in main \(main.c:7\) +C P$" <<<"$output" || fail "no such line in the plot: $output"
    check_contains "settings" "+ no-descriptors  C small-dev-shm" "$output"
    check_contains "summary" "6 findings in 10 trials at 3 places" "$output"
    check_lacks "no terminal, no colours" $'\e' "$output"
}

test_colours_are_for_terminals() {
    output=$(TERM=xterm script -qec "$SHMOO report $fixture" /dev/null </dev/null) || :
    check_contains "colour" $'\e[31;1mcrash' "$output"
    output=$(NO_COLOR=1 script -qec "$SHMOO report $fixture" /dev/null </dev/null) || :
    check_lacks "NO_COLOR" $'\e' "$output"
}

test_shards_equal_the_whole() {
    shards 3
    run shmoo report --json shard-2.json shard-3.json shard-1.json
    check_status 1
    check_equal "merged" "$(jq -S 'del(.findings[].replay)' "$fixture")" "$(jq -S 'del(.findings[].replay)' <<<"$output")"
    run shmoo report --json shard-2.json
    check_json '.notes[-1] == "missing: shards 1, 3 of 3"'
}

test_what_does_not_belong_is_refused() {
    shards 2
    jq -c '.seed = 7' shard-2.json >other.json
    run shmoo report shard-1.json other.json
    check_status 2
    check_equal "reason" "shmoo: other.json: was made with another seed" "$errors"
    echo '{' >broken.json
    run shmoo report broken.json
    check_status 2
    check_contains "reason" "shmoo: broken.json: line " "$errors"
    check_equal "lines" 1 "$(wc -l <<<"$errors")"
    run shmoo report missing.json
    check_equal "reason" "shmoo: missing.json: No such file or directory" "$errors"
    run shmoo report
    check_status 2
}

test_the_result_is_kept() {
    shards 2
    run shmoo report -o "all of it.json" shard-1.json shard-2.json
    check_status 1
    check_contains "replay names the file" "shmoo replay 'all of it.json:4'" "$output"
    run shmoo report --json "all of it.json"
    check_equal "again" "$(jq -S . "all of it.json")" "$(jq -S . <<<"$output")"
    run shmoo report -o /nowhere/file "$fixture"
    check_status 2
    check_contains "reason" "shmoo: /nowhere/file: No such file" "$errors"
}

test_fail_on_chooses_what_counts() {
    run shmoo report --fail-on silent "$fixture"
    check_status 0
    run shmoo report --fail-on silent,mute "$fixture"
    check_status 1
    run shmoo report --fail-on none "$fixture"
    check_status 0
    run shmoo report --fail-on handled "$fixture"
    check_status 2
    check_equal "reason" "shmoo: fail-on: 'handled' is no verdict of a defect" "$errors"
}

test_a_baseline_accepts_what_is_known() {
    run shmoo report --update-baseline "$fixture"
    check_status 2
    run shmoo report --baseline known.json "$fixture"
    check_status 2
    run shmoo report --baseline known.json --update-baseline "$fixture"
    check_status 0
    check_equal "sorted" "$(jq -c '.accepted[]' known.json)" \
        "$(jq -c '.accepted | sort_by(.module // "", .function // "", .call // "", .setting // "")[]' known.json)"
    run shmoo report --baseline known.json "$fixture"
    check_status 0
    check_contains "summary" "0 findings (and 6 accepted by the baseline) in 10 trials" "$output"

    # The same causes elsewhere are still known; another verdict at the same place is new.
    jq -c '.sites[].stack[]?.line = 4711 | .results[0].verdict = "silent"' "$fixture" >later.json
    run shmoo report --baseline known.json later.json
    check_status 1
    check_contains "summary" "1 finding (and 6 accepted by the baseline)" "$output"
    check_contains "the new one" "silent: shm_open fails with EACCES" "$output"

    # What is gone leaves the baseline, unless not all was tried.
    jq -c '.results[3].verdict = "handled" | .results[4].verdict = "handled"' "$fixture" >fixed.json
    jq -c '.complete = false | .results = .results[:4]' fixed.json >part.json
    run shmoo report --baseline known.json --update-baseline part.json
    check_equal "causes" 7 "$(jq '.accepted | length' known.json)"
    run shmoo report --baseline known.json --update-baseline fixed.json
    check_equal "causes" 5 "$(jq '.accepted | length' known.json)"
}

test_junit_is_what_servers_read() {
    need python3
    shmoo report --baseline known.json --update-baseline "$fixture" >/dev/null
    jq -c '.accepted |= map(select(.verdict != "crash"))' known.json >some.json
    run shmoo report --baseline some.json --junit out.xml "$fixture"
    check_status 1
    run python3 - <<'PYTHON'
import xml.etree.ElementTree as tree
root = tree.parse("out.xml").getroot()
suite = root.find("testsuite")
cases = suite.findall("testcase")
failed = [case for case in cases if case.find("failure") is not None]
skipped = [case for case in cases if case.find("skipped") is not None]
assert root.tag == "testsuites" and suite.get("name") == "./demo --name a\\x09b\\xff", suite.attrib
for element in root, suite:
    assert int(element.get("tests")) == len(cases) == 7, element.attrib
    assert int(element.get("failures")) == len(failed) == 2
    assert int(element.get("skipped")) == len(skipped) == 4
    float(element.get("time"))
first = failed[0]
assert first.get("name") == "mmap in main (src/main.c:7): crash" and first.get("file") == "src/main.c"
assert first.find("failure").get("message") == "ended by SIGSEGV"
assert "shmoo replay " in first.find("failure").text
assert first.find("system-out").text == "\\x1b[31m\\x00binary\\xff\n"
assert len({case.get("name") for case in cases}) == len(cases)
assert cases[-1].get("name") == "with no-descriptors" and len(cases[-1]) == 0
PYTHON
    [ "$status" -eq 0 ] || { show_run; fail "not the JUnit XML that was expected"; }
}

test_sarif_points_at_lines() {
    shmoo report --baseline known.json --update-baseline "$fixture" >/dev/null
    jq -c '.accepted |= map(select(.verdict == "leak"))' known.json >some.json
    jq -c --arg file "$PWD/src/a b.c" '.sites[1].stack[0].file = $file' "$fixture" >moved.json
    run shmoo report --baseline some.json --sarif out.sarif moved.json
    check_status 1
    output=$(cat out.sarif)
    check_json '.version == "2.1.0" and (.runs | length) == 1 and .runs[0].tool.driver.name == "shmoo"'
    check_json '.runs[0] as $run | $run.results | length == 6 and
        all(.[]; .ruleId == $run.tool.driver.rules[.ruleIndex].id and (.message.text | length) > 0 and
                 (.level == "error" or .level == "warning") and (.partialFingerprints | length) == 1)'
    check_json '.runs[0].results[0].locations[0].physicalLocation |
        .artifactLocation.uri == "src/a%20b.c" and .region.startLine == 7'
    check_json '[.runs[0].results[].locations | length == 1 and .[0].physicalLocation.region.startLine > 0] | all'
    check_json '.runs[0].results[0].stacks | length == 2 and .[1].frames[0].location.logicalLocations[0].kind == "function"'
    check_json '[.runs[0].results[] | select(.suppressions) | .ruleId] == ["leak"]'
    check_json '[.runs[0].results[].partialFingerprints[]] | unique | length == 6'
    check_json '.runs[0].invocations[0].toolExecutionNotifications[0].message.text == "ptrace is not allowed here"'
}
