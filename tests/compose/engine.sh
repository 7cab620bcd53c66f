# A private Docker engine for a machine that has none, sourced by run. It needs root and, for what is missing, Debian.
#
# It lives in network, mount and process namespaces of its own: its ports, bridges and firewall rules can't clash with
# anything outside, and the kernel ends all that is in it when its first process ends, or when this script does.
# shellcheck shell=bash disable=SC2154  # $work is run's

start_engine() {
  [ "$(id -u)" = 0 ] || { echo "a private engine needs root" >&2; return 1; }
  install_missing dockerd docker.io busybox busybox-static ip iproute2 nsenter util-linux setpriv util-linux
  export DOCKER_HOST=unix://$work/docker.sock DOCKER_CONFIG=$work/config
  mkdir -p "$DOCKER_CONFIG"
  # shellcheck disable=SC2016  # $@ is the inner shell's
  setpriv --pdeathsig KILL setsid unshare --net --mount --propagation private --pid --fork --kill-child --mount-proc \
    bash -c 'ip link set lo up; exec "$@"' engine \
    dockerd --data-root "$work/data" --exec-root "$work/exec" --pidfile "$work/dockerd.pid" --host "$DOCKER_HOST" \
    --cgroup-parent "/${work##*/}" \
    >"$work/dockerd.log" 2>&1 &
  engine=$!
  for _ in $(seq 120); do
    if docker info >/dev/null 2>&1; then return; fi
    kill -0 "$engine" 2>/dev/null || break
    sleep 0.25
  done
  echo "the private engine does not start:" >&2
  tail -20 "$work/dockerd.log" >&2
  return 1
}

# A clean stop first; whatever is left ends with the process namespace.
stop_engine() {
  local first
  first=$(cat "/proc/$engine/task/$engine/children" 2>/dev/null)
  # shellcheck disable=SC2086  # one process id, or nothing
  [ -z "$first" ] || kill $first 2>/dev/null
  for _ in $(seq 40); do kill -0 "$engine" 2>/dev/null || break; sleep 0.25; done
  kill -KILL "$engine" 2>/dev/null
  wait "$engine" 2>/dev/null
  find /sys/fs/cgroup -depth -type d -path "*/${work##*/}*" -exec rmdir {} \; 2>/dev/null
}

# install_missing COMMAND PACKAGE [COMMAND PACKAGE …]
install_missing() {
  local packages=()
  while [ $# -gt 0 ]; do
    command -v "$1" >/dev/null || packages+=("$2")
    shift 2
  done
  [ ${#packages[@]} -gt 0 ] || return 0
  export DEBIAN_FRONTEND=noninteractive
  apt-get update -qq
  apt-get install -y -qq --no-install-recommends "${packages[@]}" >"$work/apt.log" 2>&1 || { cat "$work/apt.log"; return 1; }
}
