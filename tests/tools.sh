#!/usr/bin/env bash
# Installs what the acceptance tests drive: boto3, the AWS SAM CLI (whose package carries AWS's own
# runtime interface emulator), cargo-lambda and cfn-lint, into `.venv`; the JavaScript SDK into
# `tests/js/node_modules`. Does nothing where they are there already.
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

if [ -f tests/js/package-lock.json ] && command -v npm >/dev/null; then
    wanted=$(sha256sum tests/js/package-lock.json)
    if [ "$(cat tests/js/node_modules/installed 2>/dev/null)" != "$wanted" ]; then
        npm ci --prefix tests/js --no-audit --no-fund --silent
        echo "$wanted" > tests/js/node_modules/installed
    fi
fi
