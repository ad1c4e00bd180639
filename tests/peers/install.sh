#!/usr/bin/env bash
# Installs the peers in Node and Python beside their sources, for `cargo xtask bench lambda`. Does
# nothing where they are there already. AWS's runtime client for Node is built from C++, which needs
# cmake, autoconf, automake, libtool and minutes.
set -euo pipefail
cd "$(dirname "$0")"

wanted=$(sha256sum node/package-lock.json node/index.mjs)
if [ "$(cat node/dist/installed 2>/dev/null)" != "$wanted" ]; then
    npm ci --prefix node --no-audit --no-fund --silent
    npm run build --prefix node --silent
    echo "$wanted" > node/dist/installed
fi

wanted=$(sha256sum python/requirements.txt)
if [ "$(cat python/.venv/installed 2>/dev/null)" != "$wanted" ]; then
    rm -rf python/.venv
    python3 -m venv python/.venv
    python/.venv/bin/pip install --quiet --disable-pip-version-check \
        --requirement python/requirements.txt
    echo "$wanted" > python/.venv/installed
fi
