#!/bin/bash
# demo_sweep.sh - does what README says under "From a bug to its fix", in a folder that goes away again.
set -u
built=$(realpath "$BUILD")
cd "$(dirname "$0")/.." || exit
mapfile -t commands < <(sed -n '/^## From a bug/,/^## What/s/^    \$ //p' README.md)
tree=$PWD
folder=$(mktemp -d)
trap 'rm -r "$folder"' EXIT
cd "$folder" || exit
ln -s "$tree/tests" . && ln -s "$built" build
for command in "${commands[@]}"; do
    printf '\n$ %s\n' "$command"
    bash -c "$command" 2>&1
done
