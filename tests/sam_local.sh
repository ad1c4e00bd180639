#!/usr/bin/env bash
# `sam local invoke` of every event in events/, for real: in containers, with what `sam build` made
# (`tests/template.sh build`), the processor calling back to `channel-flow serve`. The container engine
# is this run's own: its own network namespace, its own folders, and gone at the end. It proves the
# wiring; the image holds this machine's C library, not Amazon Linux's.
#
# Where the machine does not allow it (no root, no network namespaces, no packages), it says so, and
# nothing is proved.
set -euo pipefail
cd "$(dirname "$0")/.."

without() {
    echo "SKIPPED: sam local invoke was not run: $1" >&2
    exit 0
}

[ "$(uname -sm)" = "Linux x86_64" ] || without "the functions are built for Linux on x86_64"
[ "$(id -u)" = 0 ] || without "a container engine of its own needs root"
[ -e .aws-sam/build/template.yaml ] || { echo "run \`tests/template.sh build\` first" >&2; exit 1; }
if ! command -v dockerd >/dev/null || ! command -v iptables >/dev/null ||
    ! command -v ip >/dev/null || ! command -v nsenter >/dev/null || ! [ -x /bin/busybox ]; then
    command -v apt-get >/dev/null || without "dockerd is missing, and so is apt-get"
    { apt-get update -qq && apt-get install -y -qq --no-install-recommends \
        docker.io iptables iproute2 util-linux busybox-static; } >/dev/null ||
        without "the packages docker.io, iptables, iproute2 and busybox-static cannot be installed"
fi

namespace=channel-flow-$$
scene=$(mktemp -d)
engine=
clear_away() {
    if [ -n "$engine" ]; then
        kill "$engine" 2>/dev/null || true
        wait "$engine" 2>/dev/null || true
    fi
    ip netns delete "$namespace" 2>/dev/null || true
    # What the engine mounted goes before its folder does.
    grep -o " $scene/[^ ]*" /proc/mounts | sort -r | xargs -r umount --lazy || true
    rm -rf "$scene"
}
trap clear_away EXIT

ip netns add "$namespace" 2>/dev/null || without "network namespaces are not allowed"
inside() { nsenter --net="/var/run/netns/$namespace" "$@"; }
inside ip link set lo up

gateway=172.17.0.1
export DOCKER_HOST=unix://$scene/engine.sock
# In a session of its own, so that an interrupt reaches it through this script only.
setsid nsenter --net="/var/run/netns/$namespace" dockerd --host "$DOCKER_HOST" --bip "$gateway/16" \
    --data-root "$scene/data" --exec-root "$scene/exec" --pidfile "$scene/pid" \
    --storage-driver vfs >"$scene/engine.log" 2>&1 &
engine=$!
answers() { docker info >/dev/null 2>&1; }
for _ in $(seq 150); do
    answers && break
    kill -0 "$engine" 2>/dev/null || break
    sleep 0.2
done
answers || without "dockerd does not start: $(tail -n 1 "$scene/engine.log")"
# From a container, the gateway is the namespace's 127.0.0.1, where `serve` listens.
inside sh -c 'echo 1 > /proc/sys/net/ipv4/conf/docker0/route_localnet' ||
    without "the kernel's settings cannot be written"
inside iptables --table nat --append PREROUTING --in-interface docker0 --protocol tcp \
    --destination "$gateway" --jump DNAT --to-destination 127.0.0.1 ||
    without "addresses cannot be translated"

# The image that `sam` would pull: the libraries that the functions ask for, certificates, and the
# three commands with which `sam` puts the emulator into it.
image=$scene/image
mkdir -p "$image/bin" "$image/tmp" "$image/var/task" "$image/etc/pki/tls/certs"
ldd .aws-sam/build/*/bootstrap | grep -o '/[^ ]*\.so[^ ]*' | sort -u | while read -r library; do
    install -D "$library" "$image$library"
done
for command in sh mv chmod; do cp /bin/busybox "$image/bin/$command"; done
if [ -e /etc/ssl/certs/ca-certificates.crt ]; then
    cp /etc/ssl/certs/ca-certificates.crt "$image/etc/pki/tls/certs/ca-bundle.crt"
fi
name=public.ecr.aws/lambda/provided
tar --create --directory "$image" . | docker import - "$name:al2023" >/dev/null
docker tag "$name:al2023" "$name:al2023-x86_64"

# As the tests were built for the whole workspace, so that nothing is built twice; there is no network
# inside.
inside env SAM_LOCAL_GATEWAY="$gateway" \
    cargo nextest run --workspace --locked --offline --test events --run-ignored only --no-capture
