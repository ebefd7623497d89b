#!/bin/bash
# deps.sh GROUP... - installs what tests/deps lists for these groups; does nothing when all is there.
set -eu
cd "$(dirname "$0")/.."

command -v dpkg-query >/dev/null || exit 0 # not Debian: the compiler will tell what is missing

installed() { [ "$(dpkg-query --show --showformat='${db:Status-Status}' "$1" 2>/dev/null)" = installed ]; }

# Rows of the groups of which no alternative is installed.
list_missing() {
    local group package alternative
    while read -r group package; do
        [[ " $* " == *" $group "* ]] || continue
        for alternative in ${package//|/ }; do
            ! installed "$alternative" || continue 2
        done
        echo "$package"
    done < <(grep -v '^#' tests/deps)
}

# The first alternative that this release has.
choose() {
    local alternative
    for alternative in ${1//|/ }; do
        ! apt-cache show "$alternative" >/dev/null 2>&1 || break
    done
    echo "$alternative"
}

missing=$(list_missing "$@")
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" -ne 0 ]; then
    if ! sudo -n true 2>/dev/null; then
        echo "shmoo: missing packages: run as root: apt-get install $(for row in $missing; do choose "$row"; done | tr '\n' ' ')" >&2
        exit 2
    fi
    as_root="sudo -n"
fi
export DEBIAN_FRONTEND=noninteractive
$as_root apt-get update -q </dev/null
packages=()
for row in $missing; do
    packages+=("$(choose "$row")") # only now: the lists may have been empty before
done
# Packages of servers would start them; invoke-rc.d(8) asks this program first.
policy=/usr/sbin/policy-rc.d
if [ ! -e "$policy" ]; then
    trap '$as_root rm -f "$policy"' EXIT
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$policy" >/dev/null
    $as_root chmod 755 "$policy"
fi
$as_root apt-get install -y --no-install-recommends "${packages[@]}" </dev/null
