#!/bin/bash
# SPDX-License-Identifier: MIT
# yama: the guard on a kernel with Yama, in a virtual machine: scripts/yama.sh       (after make all clients)
#
# Debian's kernel for virtual machines, which is fetched once, starts with a file system in memory that holds the launcher, the library, a proxy, a
# destination, and clients; tests/lib/yama_inside runs there, and says in TAP what it finds for each setting of kernel.yama.ptrace_scope.
# The machine is emulated, so it is slow: a minute. What it printed is in $BUILD/yama/console; the status is 0 if nothing failed.
set -eu -o pipefail
cd "$(dirname "$0")/.."
build=$(realpath "${BUILD:-build}")
place=$build/yama
tree=$place/tree

# The kernel that linux-image-cloud-amd64 stands for today.
fetch() {
	local package
	package=$(apt-cache depends linux-image-cloud-amd64 | sed -n 's/^ *Depends: *//p' | head -n 1)
	[ -n "$package" ] || { echo 'linux-image-cloud-amd64 is not packaged here' >&2; exit 1; }
	mkdir -p "$place/kernel.new"
	(cd "$place/kernel.new" && apt-get -qq -o APT::Sandbox::User= download "$package" && dpkg-deb -x ./*.deb . && mv boot/vmlinuz-* "$place/kernel")
	rm -rf "$place/kernel.new"
}

# with FILE TARGET: put a program there, and what it is linked to.
with() {
	local library
	install -D "$1" "$tree/$2"
	ldd "$1" 2>/dev/null | grep -o '/[^ ]*' | while read -r library; do install -D "$library" "$tree$library"; done || true # it is static
}

mkdir -p "$place"
[ -e "$place/kernel" ] || fetch
rm -rf "$tree"
mkdir -p "$tree"/{dev,proc,sys,tmp,etc,home}
with "$(command -v busybox)" bin/busybox
ln -s busybox "$tree/bin/sh"
with "$build/bin/socksify" bin/socksify
with "$build/lib/libsocksify.so" lib/libsocksify.so
for program in proxy destination connect_blocking; do with "$build/tests/$program" "bin/$program"; done
for program in connect_blocking guarded; do with "$build/static/$program" "bin/static_$program"; done
install tests/lib/yama_inside "$tree/init"
printf 'root:x:0:0::/:/bin/sh\nuser:x:1000:1000::/home:/bin/sh\n' >"$tree/etc/passwd"
(cd "$tree" && find . | busybox cpio -o -H newc 2>/dev/null | gzip -1) >"$place/tree.gz"

timeout 300 qemu-system-x86_64 -accel tcg -cpu max -m 512 -display none -serial "file:$place/console" -monitor none -no-reboot \
	-kernel "$place/kernel" -initrd "$place/tree.gz" -append 'console=ttyS0 quiet panic=-1' </dev/null || echo "# the machine ended with status $?"
tr -d '\r' <"$place/console" | sed -nE '/^(not )?ok |^#|^1\.\./p' | tee "$place/tap"
plan=$(sed -n 's/^1\.\.//p' "$place/tap")
[ -n "$plan" ] && [ "$(grep -c '^ok ' "$place/tap")" = "$plan" ]
