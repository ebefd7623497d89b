#!/bin/sh
# keys.sh - the table of keys for shmoo-top(1), made from inspector/dashboard/keys.def; `man/keys.sh --update` puts it there.
set -eu
cd "$(dirname "$0")"
table() {
    echo '.Bl -tag -width "1 2 3 4 5 6" -compact'
    sed -n 's/^KEY([a-z_]*, [^,]*, "[A-Za-z]*", "\(\([^"\\]\|\\.\)*\)", "\([^"]*\)".*/\1\t\3/p' ../inspector/dashboard/keys.def |
        awk -F '\t' '{ gsub(/\\\\/, "\\e", $1); gsub(/-/, "\\-", $1); sub(/^\./, "\\\\\\&.", $1); printf ".It Sy \"%s\"\n%s\n", $1, $2 }'
    echo .El
}
page() {
    sed '/^\.\\" keys from keys.def/q' shmoo-top.1
    table
    sed -n '/^\.\\" end of keys/,$p' shmoo-top.1
}
case ${1:-} in
--update) page >shmoo-top.1.new && mv shmoo-top.1.new shmoo-top.1 ;;
--check) page | cmp -s - shmoo-top.1 ;;
*) table ;;
esac
