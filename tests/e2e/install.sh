# install.sh - what `make install` puts where, that it works from there, and that `make uninstall` takes it away.
# runs: once

test_installed_program_works_and_goes_again() {
    local root=/tmp/work/root
    need make man
    make -s -C /tmp/shmoo BUILD="$BUILD" DESTDIR="$root" PREFIX=/usr install
    [ -x "$root/usr/bin/shmoo" ] || fail "no program"
    check_equal "version" "$(shmoo --version)" "$("$root/usr/bin/shmoo" --version)"
    "$root/usr/bin/shmoo" inject -e 'shm_open:error=EMFILE' -- true || fail "the shim is not found"
    check_equal "manual pages" "$(cd /tmp/shmoo/man && ls ./*.[0-9] | sed 's|./||')" "$(cd "$root/usr/share/man" && ls man*/* | sed 's|.*/||' | sort)"
    bash -n "$root/usr/share/bash-completion/completions/shmoo"
    make -s -C /tmp/shmoo BUILD="$BUILD" DESTDIR="$root" PREFIX=/usr uninstall
    check_equal "left" "" "$(find "$root" -type f)"
}
