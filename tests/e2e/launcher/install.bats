# SPDX-License-Identifier: MIT
load ../../lib/helpers

make_() { make -s -C "$TOP" BUILD="$BUILD" DESTDIR="$BATS_FILE_TMPDIR/root" PREFIX=/usr/local "$@"; }

@test "make install puts the program, the library, the manuals and the examples there, and uninstall leaves nothing" {
	run -0 make_ install
	cd "$BATS_FILE_TMPDIR/root/usr/local"
	assert [ -x bin/socksify ]
	assert_equal "$(find lib -name libsocksify.so | wc -l)" 1
	for file in share/man/man1/socksify.1 share/man/man5/socksify.ini.5 share/man/man7/socksify-migration.7 share/doc/socksify/README.md share/doc/socksify/socksify.ini \
		share/doc/socksify/examples/tor.ini share/bash-completion/completions/socksify \
		share/zsh/site-functions/_socksify share/fish/vendor_completions.d/socksify.fish; do
		assert [ -s "$file" ]
	done

	proxy
	run -0 client "$PWD/bin/socksify" -x "socks5://$PROXY" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	assert_nothing_leaked

	cd "$TOP"
	run -0 make_ uninstall
	assert_equal "$(find "$BATS_FILE_TMPDIR/root" -not -type d)" ''
	assert_equal "$(find "$BATS_FILE_TMPDIR/root" -name '*socksify*')" ''
}

# compiler_that ANSWER: a compiler that has nothing but this to say of where things are -> $CC
compiler_that() {
	CC=$BATS_TEST_TMPDIR/cc
	printf '#!/bin/sh\ncase $1 in -print-multiarch) exit 1 ;; -print-file-name=*) %s ;; esac\n' "$1" >"$CC"
	chmod +x "$CC"
}

@test "where a compiler knows of no multiarch the library goes to where libc is, or to lib" {
	ln -s "$(realpath "$(gcc -print-file-name=libc.so)")" "$BATS_TEST_TMPDIR/libc.so"
	compiler_that "echo $BATS_TEST_TMPDIR/libc.so"
	run -0 make_ -n install CC="$CC"
	assert_output --partial " $BATS_FILE_TMPDIR/root/usr/local/$(realpath "$(gcc -print-file-name=libc.so)" | sed 's|^/usr/||; s|/[^/]*$||')/socksify/libsocksify.so"
	compiler_that 'echo libc.so'
	run -0 make_ -n install CC="$CC" LIB=
	assert_output --partial " $BATS_FILE_TMPDIR/root/usr/local/lib/socksify/libsocksify.so"
}

@test "where inih is a shared library alone, that is linked, and works" {
	local other=$BATS_TEST_TMPDIR/build
	mkdir -p "$other"
	ln -s "$BUILD/obj" "$other/obj"
	run -0 make_ -n -W conf/url.c BUILD="$other" CC="$(printf '#!/bin/sh\ncase $1 in -print-file-name=libinih.a) echo libinih.a ;; *) exec gcc "$@" ;; esac\n' >"$other/cc"; chmod +x "$other/cc"; echo "$other/cc")" V=1 all
	assert_line --regexp ' -linih$'
	refute_output --partial libinih.a
	run -0 make_ BUILD="$other" INIH=-linih all
	proxy
	run -0 client "$other/bin/socksify" -x "socks5://$PROXY" curl -sS http://secret.test/
	assert_output 'reached secret.test'
	run -0 readelf -d "$other/lib/libsocksify.so"
	assert_output --regexp 'NEEDED.*libinih\.so'
	assert_nothing_leaked
}

@test "gcc builds unless CC is given" {
	run -0 env -u CC make -s -C "$TOP" help
	assert_line --partial ' CC=gcc '
	run -0 env CC=clang make -s -C "$TOP" help
	assert_line --partial ' CC=clang '
}

@test "make help lists what can be made" {
	run -0 make_ help
	for target in all check demo install uninstall clean help; do
		assert_line --regexp "^$target "
	done
}

# deps_as UID: scripts/deps.sh where no package is installed, `id` says that we are that user, and apt-get fails.
deps_as() {
	local stubs=$BATS_TEST_TMPDIR/stubs
	mkdir -p "$stubs"
	printf '#!/bin/sh\necho %s\n' "$1" >"$stubs/id"
	printf '#!/bin/sh\nexit 1\n' | tee "$stubs/dpkg-query" >"$stubs/apt-get"
	chmod +x "$stubs"/*
	PATH=$stubs:$PATH run -1 "$TOP/scripts/deps.sh" build
}

@test "make deps tells an ordinary user what is missing and what to type" {
	deps_as 1000
	assert_output 'packages are missing, and only root may install them; type: sudo apt-get install --no-install-recommends libc6-dev uthash-dev libinih-dev'
}

@test "make deps tells what to type where apt-get cannot install" {
	[ -e /usr/sbin/policy-rc.d ] || [ -w /usr/sbin ] || skip 'services cannot be kept from starting here'
	deps_as 0
	assert_line 'packages are missing, and apt-get cannot install them; type: sudo apt-get install --no-install-recommends libc6-dev uthash-dev libinih-dev'
}

@test "CPPFLAGS, CFLAGS and LDFLAGS reach the compiler and the linker; checked twins of functions stay out" {
	run -0 make_ -n -B V=1 BUILD="$BATS_TEST_TMPDIR/build" CPPFLAGS='-DXYZZY -D_FORTIFY_SOURCE=2' CFLAGS=-Os LDFLAGS=-Wl,-z,plugh all
	compiles=$(grep -c -- ' -c -o ' <<<"$output")
	[ "$compiles" -gt 100 ]
	assert_equal "$(grep -- ' -c -o ' <<<"$output" | grep -c -- '-DXYZZY -D_FORTIFY_SOURCE=2 -Os -U_FORTIFY_SOURCE')" "$compiles"
	assert_equal "$(grep -c -- '-Os -Wl,-z,plugh' <<<"$output")" 2
}

@test "make dist holds what is committed, and builds" {
	git -C "$TOP" rev-parse HEAD >/dev/null 2>&1 || skip 'not from git'
	run -0 make -s -C "$TOP" BUILD="$BATS_TEST_TMPDIR/build" dist
	run -0 tar -tzf "$BATS_TEST_TMPDIR"/build/socksify-*.tar.gz
	assert_line --regexp '^socksify-[0-9.]+/Makefile$'
	refute_line --regexp '/build/'
}

@test "the packages bear the version that the program has" {
	run -0 client "$SOCKSIFY" --version
	version=${output#socksify }
	cd "$TOP/scripts/packaging"
	run -0 grep -h -e "^socksify ($version)" -e "^Version: *$version$" -e "^pkgver=$version$" debian/changelog socksify.spec PKGBUILD
	assert_equal "${#lines[@]}" 3
}
