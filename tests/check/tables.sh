# tables.sh - one row for each file and one file for each row, in both directions.
set -u

rows() { sed -n "s/^$2(\([a-z0-9_]*\).*/\1/p" "$1" | sort; }

# same WHAT LEFT RIGHT: two sorted lists.
same() {
    local only_left only_right
    only_left=$(comm -23 <(printf '%s\n' "$2") <(printf '%s\n' "$3") | tr '\n' ' ')
    only_right=$(comm -13 <(printf '%s\n' "$2") <(printf '%s\n' "$3") | tr '\n' ' ')
    if [ -z "${only_left// /}${only_right// /}" ]; then
        echo "ok $1"
    else
        echo "FAIL $1: only left: $only_left; only right: $only_right"
    fi
}

# files PATTERN...: what the * stands for.
files() {
    local file
    for file; do
        [ -e "$file" ] && basename "$file" | sed 's/^[a-z]*_//; s/\.c$//'
    done | sort
}

kinds=$(rows probes/kinds.def KIND)
commands=$(rows inspector/cmds.def COMMAND)
same "kinds.def and probes/kind_*.c" "$kinds" "$(files probes/kind_*.c)"
same "makers.def and tests/make_ipc/maker_*.c" "$(rows tests/make_ipc/makers.def MAKER)" "$(files tests/make_ipc/maker_*.c)"
same "kinds.def and makers.def" "$kinds" "$(rows tests/make_ipc/makers.def MAKER)"
same "cmds.def and cmd_*.c" "$commands" "$(files inspector/cmd_*.c inject/cmd_*.c)"
same "findings.def and rule_*.c" "$(rows inspector/findings.def RULE)" "$(files inspector/rule_*.c)"
same "reports.def and report_*.c" "$(rows inject/sweep/reports.def REPORT)" "$(files inject/sweep/report_*.c | grep -vx options)"
same "screens.def and screen_*.c" "$(rows inspector/dashboard/screens.def SCREEN)" "$(files inspector/dashboard/screen_*.c)"
same "flawed.def and tests/targets/flawed_*.c" "$({ rows tests/targets/flawed.def FLAW; rows tests/targets/flawed.def SHORTAGE; } | sort -u)" "$(files tests/targets/flawed_*.c)"
if man/keys.sh --check; then echo "ok keys.def and shmoo-top(1)"; else echo "FAIL keys.def and shmoo-top(1): run man/keys.sh --update"; fi

# Every key of the dashboard, by each of its names, is pressed in some test of it, as tmux(1) calls it.
keys=$(sed -n 's/^KEY([a-z_]*, [^,]*, "[A-Za-z]*", "\(\([^"\\]\|\\.\)*\)".*/\1/p' inspector/dashboard/keys.def | tr ' ' '\n' |
    sed 's/^Ctrl-\(.\)/C-\L\1/; s/^PgUp/PPage/; s/^PgDn/NPage/; s/^Shift-Tab/BTab/; s/^Esc/Escape/; s/\\\\/\\/' | sort -u)
pressed=$(cat tests/e2e/top*.sh tests/e2e/*_dashboard.sh | sed -n 's/^ *screen_keys //p' | tr ' ' '\n' | sed "s/^'\(.*\)'$/\1/" | sort -u)
same "keys.def and what tests of the dashboard press" "$keys" "$(comm -12 <(printf '%s\n' "$keys") <(printf '%s\n' "$pressed"))"
same "groups of keys.def and of the help screen" "$(sed -n 's/^KEY([a-z_]*, [^,]*, "\([A-Za-z]*\)".*/\1/p' inspector/dashboard/keys.def | sort -u)" \
    "$(sed -n 's/.*groups\[\] = {\(.*\)};/\1/p' inspector/dashboard/help.c | tr -d '" ' | tr ',' '\n' | sort)"
