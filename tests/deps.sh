#!/bin/bash
# deps.sh GROUP... - installs what tests/deps lists for these groups; does nothing when all is there.
set -eu
cd "$(dirname "$0")/.."

command -v dpkg-query >/dev/null || exit 0 # not Debian: the compiler will tell what is missing

wanted=()
for group in "$@"; do
    mapfile -t -O "${#wanted[@]}" wanted < <(awk -v group="$group" '$1 == group { print $2 }' tests/deps)
done
mapfile -t missing < <(
    dpkg-query --show --showformat='${db:Status-Abbrev}${Package}\n' "${wanted[@]}" 2>/dev/null |
        sed -n 's/^ii *//p' | sort | comm -13 - <(printf '%s\n' "${wanted[@]}" | sort))
[ "${#missing[@]}" -gt 0 ] || exit 0

install=(apt-get install -y --no-install-recommends "${missing[@]}")
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "shmoo: missing packages: run as root: ${install[*]}" >&2
        exit 2
    fi
    as_root=(sudo -n)
fi
export DEBIAN_FRONTEND=noninteractive
${as_root[@]+"${as_root[@]}"} apt-get update -q </dev/null
${as_root[@]+"${as_root[@]}"} "${install[@]}" </dev/null
