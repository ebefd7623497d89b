# readme.sh - README's way from a bug to its fix, which `make demo-sweep` goes, shows what README says.

# How many trials there are depends on what the machine offers.
test_from_a_bug_to_its_fix() {
    local line count=0
    run env BUILD="$BUILT" /tmp/shmoo/tests/demo_sweep.sh
    check_status 0
    output=$(sed 's/ in [0-9]* trials/ in 100 trials/' <<<"$output")
    while IFS= read -r line; do
        check_contains "what is shown" $'\n'"$line"$'\n' $'\n'"$output"$'\n'
        count=$((count + 1))
    done < <(sed -n '/^## From a bug/,/^## What/s/^    //p' /tmp/shmoo/README.md)
    check_equal "lines in README" 10 "$count"
    check_lacks "what is shown" "No such file" "$output"
}
