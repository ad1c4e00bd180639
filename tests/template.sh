#!/usr/bin/env bash
# `tests/template.sh check` looks at template.yaml with AWS's linters and with checkov;
# `tests/template.sh build` builds its functions as `sam deploy` would, and looks at what came out.
# Needs `tests/tools.sh` to have run.
set -euo pipefail
cd "$(dirname "$0")/.."
export PATH="$PWD/.venv/bin:$PATH"
# Nothing here talks to AWS; SAM only wants to know where it would.
export SAM_CLI_TELEMETRY=0 AWS_DEFAULT_REGION=us-east-1 AWS_EC2_METADATA_DISABLED=true
export AWS_ACCESS_KEY_ID=none AWS_SECRET_ACCESS_KEY=none

# What provided.al2023 has.
glibc=2.34

check() {
    sam validate --lint
    cfn-lint
    # Its dependencies are pinned against those of SAM, so it has a place of its own.
    wanted=$(sha256sum tests/requirements-checkov.txt)
    if [ "$(cat .venv/checkov/installed 2>/dev/null)" != "$wanted" ]; then
        rm -rf .venv/checkov
        python3 -m venv .venv/checkov
        .venv/checkov/bin/pip install --quiet --disable-pip-version-check \
            --requirement tests/requirements-checkov.txt
        echo "$wanted" > .venv/checkov/installed
    fi
    .venv/checkov/bin/checkov --config-file .checkov.yaml
}

build() {
    sam build
    for binary in .aws-sam/build/*/bootstrap; do
        newest=$(objdump -T "$binary" | grep -o 'GLIBC_[0-9.]*' | sed 's/GLIBC_//' | sort -V | tail -1)
        if [ "$(printf '%s\n' "$newest" "$glibc" | sort -V | tail -1)" != "$glibc" ]; then
            echo "$binary needs glibc $newest, and provided.al2023 has $glibc" >&2
            exit 1
        fi
        echo "$binary: $(stat -c %s "$binary") bytes, glibc $newest"
    done
}

case "${1:-}" in
check | build) "$1" ;;
*) echo "usage: tests/template.sh check|build" >&2; exit 2 ;;
esac
