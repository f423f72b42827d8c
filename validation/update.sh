#!/usr/bin/env bash
# Writes kernels.md, gpus.md, models.md and runs.md anew:
#
#   validation/update.sh KERNELS RUNS
#
# KERNELS holds a folder of measured tables for each GPU (docs/calibration.md), RUNS a folder for each measured run (docs/validation.md).
# Neither is part of this repository. Profiles fitted on the way are compared with those that come with llmsim. Runs whose experiment.json does not
# name the engine's version are taken for those of vLLM 0.15.1.
set -euo pipefail

if [ $# -ne 2 ]; then
  sed -n '2,8s/^# \{0,1\}//p' "$0" >&2
  exit 2
fi

kernels=$1
runs=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(dirname "$here")
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
mkdir "$work/profiles" "$work/versioned" "$work/unversioned"
ln -s "$(realpath "$kernels")" "$work/kernels"
for run in "$runs"/*/; do
  kind=$(grep -q '"engine_version"' "$run/experiment.json" && echo versioned || echo unversioned)
  ln -s "$(realpath "$run")" "$work/$kind/$(basename "$run")"
done

dotnet build -c Release "$root/src/LlmSim.Cli" -v quiet -nologo
llmsim=$root/artifacts/bin/LlmSim.Cli/release/LlmSim.Cli

# page NAME TITLE: what the commands on standard input print, run where paths are short.
page() {
  local text
  text=$(mktemp)
  printf '# %s\n\nWritten by `validation/update.sh`; [README.md](README.md) says how to read it.\n' "$2" > "$text"
  while IFS= read -r arguments; do
    printf '\n```\nllmsim %s\n\n' "$arguments" >> "$text"
    (cd "$work" && eval "\"\$llmsim\" $arguments") >> "$text"
    printf '```\n' >> "$text"
  done
  mv "$text" "$here/$1"
}

page kernels.md "Kernel models against the tables they were fitted to" <<'COMMANDS'
calibrate kernels --out profiles --regions
COMMANDS

for profile in "$work"/profiles/*.json; do
  cmp -s "$profile" "$root/src/LlmSim/Calibration/Profiles/$(basename "$profile")" || echo "not what comes with llmsim: $(basename "$profile")"
done

page gpus.md "GPUs predicted from the profiles of others" <<'COMMANDS'
calibrate kernels --leave-one-gpu-out
COMMANDS

page models.md "Each model predicted by constants fitted to the runs of the others" <<'COMMANDS'
validate unversioned/*/ --engine vllm@0.15.1 --skip-seconds 20 --leave-one-model-out
COMMANDS

page runs.md "Measured serving runs against their replay" <<'COMMANDS'
validate unversioned/*/ --engine vllm@0.15.1 --skip-seconds 20
validate versioned/*/ --skip-seconds 20
validate unversioned/*/ --engine vllm@0.15.1 --skip-seconds 20 --profile none
validate versioned/*/ --skip-seconds 20 --profile none
COMMANDS
