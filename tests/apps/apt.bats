# SPDX-License-Identifier: MIT
# apt installs a library in a throw-away copy of this system: its methods change the user, and its triggers run ldconfig, which is static.
load ../lib/helpers

# packed NAME PATH: a repository with one package, whose one file is a shared library.
packed() {
	local tree=$BATS_FILE_TMPDIR/$1 deb=$WORLD/www/repo/$1.deb
	mkdir -p "$tree/DEBIAN" "$tree${2%/*}" "$WORLD/www/repo"
	echo 'int throw_away;' | gcc -shared -fPIC -Wl,-soname,"${2##*/}" -o "$tree$2" -x c -
	printf '%s\n' "Package: $1" 'Version: 1' 'Architecture: all' 'Maintainer: nobody <nobody@secret.test>' 'Description: a library' \
		>"$tree/DEBIAN/control"
	echo 'activate-noawait ldconfig' >"$tree/DEBIAN/triggers"
	dpkg-deb --root-owner-group --build "$tree" "$deb" >/dev/null
	{
		cat "$tree/DEBIAN/control"
		printf '%s\n' "Filename: ./$1.deb" "Size: $(stat -c %s "$deb")" "SHA256: $(sha256sum "$deb" | cut -d ' ' -f 1)"
	} >"$WORLD/www/repo/Packages"
}

setup_file() {
	[ "$(id -u)" = 0 ] || skip 'only root has apt install something'
	needs apt-get
	nginx_server
	mkdir "$BATS_FILE_TMPDIR/room"
	packed libthrowaway /usr/local/lib/libthrowaway.so.1
	chmod -R a+rX "$WORLD/www"
}

# thrown_away SCRIPT: run it where /copy is a copy of everything; what is written there is forgotten.
thrown_away() {
	at_client unshare --mount sh -ec '
		mount -t tmpfs none "$1"
		cd "$1"
		mkdir upper work copy
		mount -t overlay none -o lowerdir=/,upperdir=upper,workdir=work copy || { echo no overlay; exit 0; }
		for place in /proc /dev /tmp "$2" /etc/resolv.conf /etc/hosts /etc/nsswitch.conf; do mount --rbind "$place" "copy$place"; done
		cd copy
		echo "deb [trusted=yes] http://secret.test/repo ./" >etc/apt/sources.list
		rm -rf etc/apt/sources.list.d etc/apt/apt.conf.d/* var/lib/apt/lists/*
		eval "$3"' - "$BATS_FILE_TMPDIR/room" "$TOP" "$1"
}

@test "apt-get update and install, through the proxy alone" {
	proxy
	export DEBIAN_FRONTEND=noninteractive
	run -0 thrown_away "'$SOCKSIFY' -x 'socks5://$PROXY' chroot . sh -ec 'apt-get -q update; apt-get -qy install libthrowaway'
		grep -a -o /usr/local/lib/libthrowaway.so.1 etc/ld.so.cache"
	[ "$output" != 'no overlay' ] || skip "$output"
	assert_line /usr/local/lib/libthrowaway.so.1
	refute_output --partial socksify:
	asked 'socks5 connect name secret.test:80 '
	assert_nothing_leaked
	[ ! -e /usr/local/lib/libthrowaway.so.1 ]
}
