# complete.sh - completion in bash: candidates are the words of the tables, and the script passes them on.

test_words_are_those_of_the_tables() {
    check_equal "commands" "$(shmoo --help | sed -n '/^Commands:/,/^$/s/^  \([a-z]*\) .*/\1/p')" "$(shmoo --complete '')"
    check_equal "options" "$(shmoo list --help | sed -n '/^Options:/,/^$/s/^ .*\(--[a-z-]*\).*/\1/p' | sort)" \
        "$(shmoo --complete list -- | sort)"
    check_equal "kinds" "$(shmoo list --help | sed -n '/^Kinds:/,/^$/s/^  \([a-z-]*\) .*/\1/p')" \
        "$(shmoo --complete list --kinds '')"
    check_equal "after a comma" "memfd,fifo" "$(shmoo --complete list --kinds memfd,fif)"
}

test_objects_and_processes() {
    start_ipc 'posix-shm:name=/a b' posix-shm:name=/c,users=1 pipe
    check_equal "objects" "posix-shm:/a b posix-shm:/c" "$(shmoo --complete show posix-shm | xargs)"
    check_equal "noisy kinds by name" "${object[2]}" "$(shmoo --complete show pipe: | grep -x "${object[2]}")"
    check_contains "pids" "$(ipc_value 1 users)" "$(shmoo --complete ps '')"
}

# reply LINE: what bash would offer at its end.
reply() {
    COMP_LINE=$1 COMP_POINT=${#1} COMP_WORDBREAKS=$' \t\n"'"'"'><=;|&(:'
    _shmoo
    printf '%s\n' "${COMPREPLY[@]}"
}

test_script_hands_them_to_bash() {
    compopt() { :; }
    . /tmp/shmoo/contrib/completions/shmoo
    start_ipc 'posix-shm:name=/a b'
    check_equal "command" "limits" "$(reply "$SHMOO lim")"
    check_equal "option" "--long" "$(reply "$SHMOO limits --lo")"
    check_equal "quoted object after its colon" '/a\ b' "$(reply "$SHMOO show posix-shm:/")"
    check_equal "value after =" "memfd" "$(reply "$SHMOO list --kinds=mem")"
    check_equal "list that goes on" "size,owner,key" "$(reply "$SHMOO list -o $(reply "$SHMOO list -o size,own"),ke")"
    check_contains "user" root "$(reply "$SHMOO ps --user ro")"
}
