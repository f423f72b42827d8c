#!/usr/bin/env bash
# Writes kernels.md, gpus.md and runs.md anew:
#
#   validation/update.sh KERNELS RUNS
#
# KERNELS holds a folder of measured tables for each GPU (docs/calibration.md), RUNS a folder for each measured run (docs/validation.md).
# Neither is part of this repository. Profiles fitted on the way are compared with those that come with llmsim.
set -euo pipefail

if [ $# -ne 2 ]; then
  sed -n '2,7s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi

kernels=$1
runs=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
profiles=$(mktemp -d)
trap 'rm -rf "$profiles"' EXIT

dotnet build -c Release "$root/src/LlmSim.Cli" -v quiet -nologo
llmsim=$root/artifacts/bin/LlmSim.Cli/release/LlmSim.Cli

# page NAME TITLE: what the commands on standard input print, each as they were given. Paths of this machine are left out.
page() {
  local text
  text=$(mktemp)
  printf '# %s\n\nWritten by `validation/update.sh`; [README.md](README.md) says how to read it.\n' "$2" > "$text"
  while IFS= read -r arguments; do
    printf '\n```\nllmsim %s\n\n' "$arguments" >> "$text"
    (cd "$profiles" && eval "\"\$llmsim\" $arguments") | sed -e "s#$(realpath "$kernels")#KERNELS#g" -e "s#$(realpath "$runs")#RUNS#g" >> "$text"
    printf '```\n' >> "$text"
  done
  mv "$text" "$here/$1"
}

KERNELS=$(realpath "$kernels")
RUNS=$(realpath "$runs")
export KERNELS RUNS

page kernels.md "Kernel models against the tables they were fitted to" <<'COMMANDS'
calibrate $KERNELS --out . --regions
COMMANDS

for profile in "$profiles"/*.json; do
  cmp -s "$profile" "$root/src/LlmSim/Calibration/Profiles/$(basename "$profile")" || echo "not what comes with llmsim: $(basename "$profile")"
done

page gpus.md "GPUs predicted from the profiles of others" <<'COMMANDS'
calibrate $KERNELS --leave-one-gpu-out
COMMANDS

page runs.md "Measured serving runs against their replay" <<'COMMANDS'
validate $RUNS/*/ --skip-seconds 20
validate $RUNS/*/ --skip-seconds 20 --profile auto
COMMANDS
