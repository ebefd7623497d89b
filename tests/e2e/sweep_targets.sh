# A sweep finds every planted flaw with the right verdict and place, and nothing in the programs without it.
# runs: once, as it takes a minute
# not with sanitizers: that takes minutes more
TARGETS=$BUILT/tests/targets

# NAME,verdict,call,function: the rows of flawed.def.
flaws() { sed -n 's/^FLAW(\(.*\))$/\1/p' "$TESTS/targets/flawed.def" | tr -d ' '; }

# NAME,verdict,setting: what shortages show.
shortages() { sed -n 's/^SHORTAGE(\(.*\))$/\1/p' "$TESTS/targets/flawed.def" | tr -d ' '; }

names() { { flaws; shortages; } | cut -d, -f1 | sort -u; }

# sweep TARGET: sets $status, and $output to the result as JSON.
sweep() {
    run shmoo sweep --json -- "$TARGETS/$1"
    check_json '.complete and .trials > 0'
}

# What was found at calls, made to fail or failing in a shortage, as the rows have it; what shortages led to alone.
found_at_calls() { json '.findings[] | select(.site) | "\(.verdict),\(.call),\(.site.function)"' | sort -u; }
found_in_shortages() { json '.findings[] | select(.site | not) | "\(.verdict),\(.setting)"' | sort -u; }

# The line of the source that is said to make the call does so.
check_lines() {
    local call file line
    while read -r call file line; do
        sed -n "${line}p" "$TESTS/targets/${file##*/}" | grep -q "\<$call(" || fail "$file:$line does not call $call"
    done < <(json '.findings[] | select(.site) | "\(.call) \(.site.file) \(.site.line)"')
}

test_every_flaw_is_found() {
    local name rows
    for name in $(names); do
        rows=$(flaws | sed -n "s/^$name,//p" | sort)
        sweep "flawed_$name"
        check_equal "status for $name" 1 "$status"
        check_equal "findings in $name" "$rows" "$(found_at_calls)"
        check_lines
        check_equal "what $name does in a shortage" "$(shortages | sed -n "s/^$name,//p")" "$(found_in_shortages)"
    done
}

test_nothing_is_found_without_a_flaw() {
    local name
    for name in $(names); do
        sweep "sound_$name"
        check_json '.findings == []'
        check_equal "status for $name" 0 "$status"
    done
}
