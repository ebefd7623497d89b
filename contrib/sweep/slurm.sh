#!/bin/sh
# slurm.sh RESULT CMD [ARG...] - one shard of a sweep, for each task of a Slurm array. In a folder that all nodes see:
#
#     sbatch --wait --array=1-8 contrib/sweep/slurm.sh sweep.json ./server --test
#     shmoo report -o sweep.json sweep.json.*.part
#
#SBATCH --job-name=shmoo-sweep
#SBATCH --output=shmoo-sweep-%a.log
set -eu
result=$1
shift
exec "${SHMOO:-shmoo}" sweep --fail-on none -j "${SLURM_CPUS_PER_TASK:-1}" \
    --shard "$SLURM_ARRAY_TASK_ID/$SLURM_ARRAY_TASK_COUNT" -o "$result.$SLURM_ARRAY_TASK_ID.part" -- "$@"
