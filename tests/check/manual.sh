# manual.sh - the man pages are clean, and their lists are those of the program.
set -u
shmoo=$BUILD/shmoo

for page in man/*.[0-9]; do
    if findings=$(mandoc -T lint -W warning "$page" 2>&1); then
        echo "ok $page is clean"
    else
        printf '%s\n' "$findings"
        echo "FAIL $page is clean: see above"
    fi
done

# What --help of a command lists under a heading, as "name text" lines; and what its page lists in that subsection.
in_help() {
    "$shmoo" "$1" --help | awk -v heading="$2:" '$0 == heading { on = 1; next } /^$/ { on = 0 } on' |
        sed 's/^ *\([^ ]*\)  */\1 /; s/ (by name or with --kinds all)$//'
}
in_page() {
    awk -v heading="$2" '/^\.S[sh]/ { on = $2 == heading; name = "" } !on { next }
        /^\.It Cm/ { name = $3; next } name { print name, $0; name = "" }' "man/shmoo-$1.1" | sed 's/ \\&/ /'
}

# same_list COMMAND HEADING
same_list() {
    if difference=$(diff <(in_help "$1" "$2") <(in_page "$1" "$2")); then
        echo "ok $2 of shmoo-$1(1) are those of --help"
    else
        printf '%s\n' "$difference"
        echo "FAIL $2 of shmoo-$1(1) are those of --help: see above"
    fi
}
same_list list Kinds
same_list list Columns
same_list metrics Metrics

# The findings are those of the table, in its order.
rows=$(sed -n 's/^RULE(\(.*\))$/\1/p' inspector/findings.def | tr _ -)
if difference=$(diff <(echo "$rows") <(awk '/^\.Sh/ { on = $2 == "FINDINGS" } on && /^\.It Cm/ { print $3 }' man/shmoo-findings.7)); then
    echo "ok findings of shmoo-findings(7)"
else
    printf '%s\n' "$difference"
    echo "FAIL findings of shmoo-findings(7): see above"
fi

# Every long option of a command is in its page.
for page in man/shmoo-*.1; do
    command=$(basename "$page" .1)
    command=${command#shmoo-}
    missing=$("$shmoo" "$command" --help | sed -n 's/^ .*--\([a-z-]*\).*/\1/p' | grep -vxE 'help|version' |
        while read -r option; do grep -qE "^\.It.* -+$option( |$)" "$page" || echo "--$option"; done)
    if [ -z "$missing" ]; then
        echo "ok $page has every option"
    else
        echo "FAIL $page has every option: $missing"
    fi
done
