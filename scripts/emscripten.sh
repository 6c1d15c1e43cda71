#!/usr/bin/env bash
# Runs a command where Emscripten is: scripts/emscripten.sh em++ ..., scripts/emscripten.sh cmake ...
# The clone is writable there, under its own path; the rest is the root of scripts/setup/emscripten.mjs.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
sources=$(node "$here/scripts/setup/sources.mjs")
root=$(node "$here/scripts/setup/emscripten.mjs")

if [ -z "$root" ]; then
  compiler=$(readlink -f "$(command -v emcc)")
  CORSAC_SOURCES=$sources CORSAC_EMSCRIPTEN=$(dirname "$compiler") exec "$@"
fi

# Clones share what they compile.
objects=$(dirname "$root")/objects
mkdir -p "$objects"
inside=(env -i "PATH=/usr/local/bin:/usr/bin:/bin" HOME=/tmp LANG=C.UTF-8
  "CCACHE_DIR=$objects" "CCACHE_BASEDIR=$here" CCACHE_NOHASHDIR=1 CCACHE_MAXSIZE=1G
  "CORSAC_SOURCES=$sources" CORSAC_EMSCRIPTEN=/usr/share/emscripten)
if bwrap --ro-bind / / true 2>/dev/null; then
  exec bwrap --ro-bind "$root/usr" /usr --ro-bind "$root/etc" /etc --ro-bind "$root/var" /var \
    --symlink usr/bin /bin --symlink usr/lib /lib --symlink usr/lib64 /lib64 \
    --dev /dev --proc /proc --tmpfs /tmp --ro-bind "$sources" "$sources" --bind "$objects" "$objects" \
    --bind "$here" "$here" --chdir "$PWD" --die-with-parent -- "${inside[@]}" "$@"
fi

# No bubblewrap: a mount namespace and chroot, as root or as a root of our own.
as_root=()
[ "$(id -u)" = 0 ] || as_root=(-r)
exec unshare "${as_root[@]}" -m bash -c '
  set -e
  root=$1 sources=$2 objects=$3 here=$4 from=$5; shift 5
  mount --bind "$root" "$root"
  mount -t tmpfs tmpfs "$root/tmp"
  for folder in /dev /proc; do mount --rbind "$folder" "$root$folder"; done
  for folder in "$sources" "$objects" "$here"; do
    mkdir -p "$root$folder" && mount --bind "$folder" "$root$folder"
  done
  exec chroot "$root" env -C "$from" "$@"' emscripten "$root" "$sources" "$objects" "$here" "$PWD" "${inside[@]}" "$@"
