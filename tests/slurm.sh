# slurm.sh - a Slurm of one node for end-to-end tests: controller, node and authentication are this machine, in the
# test's own network. Nothing of it needs cgroups, a database or a name service.

slurm_config() {
    cat <<END
ClusterName=test
SlurmctldHost=$(hostname -s)(127.0.0.1)
SlurmctldPort=16817
SlurmdPort=16818
SlurmUser=$(id -un)
SlurmdUser=$(id -un)
AuthType=auth/munge
AuthInfo=socket=$slurm/munge.socket
CredType=cred/munge
ProctrackType=proctrack/pgid
TaskPlugin=task/none
SwitchType=switch/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
StateSaveLocation=$slurm/state
SlurmdSpoolDir=$slurm/spool
SlurmctldPidFile=$slurm/slurmctld.pid
SlurmdPidFile=$slurm/slurmd.pid
NodeName=$(hostname -s) NodeAddr=127.0.0.1 CPUs=2
PartitionName=all Nodes=ALL Default=YES
END
}

slurm_is_ready() { sinfo -h -o %T | grep -qx idle; }

# start_slurm: sets $slurm (its folder) and $slurm_jobs (what to end), and SLURM_CONF for its commands.
start_slurm() {
    slurm=/tmp/work/slurm slurm_jobs=()
    mkdir -p "$slurm/state" "$slurm/spool"
    chmod 711 /tmp/work "$slurm"
    # getaddrinfo(3) with AI_ADDRCONFIG knows no IPv4 where 127.0.0.1 is all there is.
    ip address add 127.0.0.2/8 dev lo
    mungekey -c -k "$slurm/munge.key"
    munged --foreground --force --socket="$slurm/munge.socket" --key-file="$slurm/munge.key" \
        --pid-file="$slurm/munged.pid" --seed-file="$slurm/munge.seed" >"$slurm/munged.log" 2>&1 &
    slurm_jobs+=("$!")
    eventually test -S "$slurm/munge.socket"
    slurm_config >"$slurm/slurm.conf"
    export SLURM_CONF=$slurm/slurm.conf
    slurmctld -D >"$slurm/slurmctld.log" 2>&1 &
    slurm_jobs+=("$!")
    slurmd -D >"$slurm/slurmd.log" 2>&1 &
    slurm_jobs+=("$!")
    keeps_trying slurm_is_ready || fail "no Slurm: $(tail -n 20 "$slurm"/*.log)"
}

slurm_is_gone() { ! pgrep -x 'slurmstepd|slurmctld|slurmd|munged' >/dev/null; }

stop_slurm() {
    local job
    for job in "${slurm_jobs[@]}"; do
        kill "$job"
        wait "$job" || :
    done
    eventually slurm_is_gone
}
