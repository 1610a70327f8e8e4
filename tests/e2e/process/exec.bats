# SPDX-License-Identifier: MIT
load ../../lib/helpers

export SOCKSIFY_GUARD=off # who is refused, and why; tests/e2e/guard has who is carried instead

# What an exec does to this: "connect: ok" and "answer: hi" if the program is proxied, nothing of the kind if not.
hello=(secret.test 7 hi)

ways=(execve execv execvp execvpe execl execle execlp execveat execveat-fd fexecve syscall no-environment posix_spawn posix_spawnp
	system popen)

@test "a program with a scrubbed environment is proxied, whichever function runs it" {
	proxy
	for how in "${ways[@]}"; do
		run -0 proxied "$T/exec_with" "$how" "$T/connect_blocking" "${hello[@]}"
		assert_line 'connect: ok'
		assert_line 'answer: hi'
	done
	assert_nothing_leaked
}

@test "a vfork child that executes a program with a scrubbed environment has it proxied, whichever function it calls" {
	proxy
	for how in execve execv execvp execl execle execlp execveat fexecve syscall; do
		run -0 proxied "$T/exec_with" vfork "$how" "$T/connect_blocking" "${hello[@]}"
		assert_line 'answer: hi'
	done
	assert_nothing_leaked
}

@test "a scrubbed environment gets what it needs, and nothing else" {
	proxy
	run -0 proxied env -i LD_PRELOAD= A=b /usr/bin/env
	assert_line 'A=b'
	assert_line "LD_PRELOAD=$LIBRARY"
	assert_line "SOCKSIFY_PROXY=socks5://$PROXY"
	refute_output --regexp '(^|[^A-Z_])(HOME|XDG_[A-Z_]*|PATH)='
}

@test "an environment that lacks nothing is handed on as it is" {
	proxy
	run -0 proxied sh -c 'env >"$HOME/a"; /usr/bin/env env >"$HOME/b"; cmp "$HOME/a" "$HOME/b"'
}

@test "the program's own LD_PRELOAD stays, behind ours" {
	proxy
	run -0 proxied env -i LD_PRELOAD=libc.so.6 /usr/bin/env
	assert_line "LD_PRELOAD=$LIBRARY:libc.so.6"
}

@test "a configuration found through HOME is found by a program with another HOME, or none" {
	proxy
	printf '[proxy p]\nurl = socks5://%s\n' "$PROXY" >"$HOME/.socksify.ini"
	for words in "env HOME=/nonexistent" "env -i" "env -u HOME"; do
		# shellcheck disable=SC2086
		run -0 client "$SOCKSIFY" $words "$T/connect_blocking" "${hello[@]}"
		assert_line 'answer: hi'
	done
	run -0 client "$SOCKSIFY" env -i /usr/bin/env
	assert_line "SOCKSIFY_CONFIG=$HOME/.socksify.ini"
	refute_line --regexp '^HOME='
}

@test "a scrubbed environment gets ALL_PROXY back when that is all the configuration there is" {
	proxy
	run -0 client env "ALL_PROXY=socks5h://$PROXY" "$SOCKSIFY" env -i "$T/connect_blocking" "${hello[@]}"
	assert_line 'answer: hi'
}

@test "a name looked up before a scrubbed exec is known after it" {
	proxy
	run -0 proxied "$T/connect_child" exec secret.test 7 hi
	assert_output --partial 'answer: hi'
	# shellcheck disable=SC2016
	run -0 proxied sh -c '
		at=$("$2" getaddrinfo4 secret.test | cut -d" " -f1)
		env -i "$1" "$at" 7 hi' sh "$T/connect_blocking" "$T/names"
	assert_line 'answer: hi'
	asked 'socks5 connect name secret.test:7 '
}

@test "another proxy, chosen for one program, is used by it" {
	proxy
	local first=$PROXY
	proxy
	run -0 via "socks5://$first" env "SOCKSIFY_PROXY=socks5://$PROXY" "$T/connect_blocking" "${hello[@]}"
	asked 'socks5 connect name secret.test:7 '
	run -0 via "socks5://$first" "$SOCKSIFY" -x "socks5://$PROXY" env -i "$T/connect_blocking" "${hello[@]}"
	assert_line 'answer: hi'
}

# refused_by HOW FILE REASON: it is not run, and one line says why.
refused_by() {
	# shellcheck disable=SC2086
	run --separate-stderr proxied "$T/exec_with" $1 "$2" x y z
	assert_output --partial 'EACCES'
	assert_equal "$stderr" "socksify: cannot proxy '$2': $3 (--unsafe runs it anyway, unproxied)"
}

make_static() {
	printf 'int main(void) { return 7; }\n' >"$BATS_TEST_TMPDIR/s.c"
	cc -static -o "$BATS_TEST_TMPDIR/static" "$BATS_TEST_TMPDIR/s.c" || skip 'no static libc'
	STATIC=$BATS_TEST_TMPDIR/static
}

@test "a static program is refused with EACCES and one line, whichever function runs it" {
	proxy
	make_static
	for how in execve execv execvp execvpe execl execle execlp execveat syscall posix_spawn posix_spawnp 'vfork execve'; do
		refused_by "$how" "$STATIC" 'it is statically linked'
	done
	for how in fexecve execveat-fd; do
		run proxied "$T/exec_with" $how "$STATIC" x
		assert_output --partial 'it is statically linked'
		assert_output --partial "$how: EACCES"
	done
	for how in system popen; do
		run proxied "$T/exec_with" $how "$STATIC"
		[ "$status" = 126 ]
		assert_output --partial "cannot proxy '$STATIC': it is statically linked"
	done
}

@test "--unsafe lets a program and its children execute a static program" {
	proxy
	make_static
	run -7 client "$SOCKSIFY" --unsafe -x "socks5://$PROXY" "$T/exec_with" execve "$STATIC"
	run -7 client "$SOCKSIFY" --unsafe -x "socks5://$PROXY" env -i sh -c "$STATIC"
	run -7 client env SOCKSIFY_UNSAFE=yes "$SOCKSIFY" -x "socks5://$PROXY" sh -c "$STATIC"
	run -126 client env SOCKSIFY_UNSAFE=no "$SOCKSIFY" -x "socks5://$PROXY" sh -c "$STATIC"
}

@test "a script is executed or refused as what runs it would be" {
	proxy
	make_static
	printf '#!%s\n' "$STATIC" >"$BATS_TEST_TMPDIR/script"
	printf 'echo "no shebang $1"\n' >"$BATS_TEST_TMPDIR/plain"
	chmod +x "$BATS_TEST_TMPDIR/script" "$BATS_TEST_TMPDIR/plain"
	refused_by execve "$BATS_TEST_TMPDIR/script" "its interpreter '$STATIC' is statically linked"
	for how in execvp execvpe execlp; do
		run -0 proxied "$T/exec_with" $how "$BATS_TEST_TMPDIR/plain" word
		assert_output 'no shebang word'
	done
	run proxied "$T/exec_with" execve "$BATS_TEST_TMPDIR/plain" word
	assert_output 'execve: ENOEXEC'
}

@test "the exec of a set-uid program is refused" {
	proxy
	cp /usr/bin/env "$BATS_TEST_TMPDIR/setuid"
	[ "$(id -u)" = 0 ] || skip 'only root can make one of another user'
	chown 1 "$BATS_TEST_TMPDIR/setuid"
	chmod 4755 "$BATS_TEST_TMPDIR/setuid"
	refused_by execve "$BATS_TEST_TMPDIR/setuid" 'it is set-uid, so LD_PRELOAD is ignored'
}

@test "the exec of a program with file capabilities is refused to all but root" {
	proxy
	[ "$(id -u)" = 0 ] || skip 'only root can make one'
	cp "$T/connect_blocking" "$WORLD/capable"
	chmod 755 "$WORLD/capable"
	setcap cap_net_bind_service+ep "$WORLD/capable" || skip 'cannot set file capabilities'
	run proxied setpriv --reuid 1 --regid 1 --clear-groups sh -c "$WORLD/capable"
	assert_output --partial "cannot proxy '$WORLD/capable': it has file capabilities, so LD_PRELOAD is ignored"
}

@test "the exec of a program of another libc is refused" {
	proxy
	command -v musl-gcc >/dev/null || skip 'no musl-gcc'
	printf 'int main(void) { return 7; }\n' >"$BATS_TEST_TMPDIR/m.c"
	musl-gcc -o "$BATS_TEST_TMPDIR/musl" "$BATS_TEST_TMPDIR/m.c"
	refused_by execve "$BATS_TEST_TMPDIR/musl" 'it uses another C library (musl)'
}

@test "the dynamic linker itself may be run: the library gets into what it loads" {
	proxy
	run -0 proxied env -i /lib64/ld-linux-x86-64.so.2 "$T/connect_blocking" "${hello[@]}"
	assert_line 'answer: hi'
	run -0 proxied ldd /bin/true
}

@test "what cannot be executed at all keeps its errno" {
	proxy
	: >"$BATS_TEST_TMPDIR/plain"
	run proxied "$T/exec_with" execve /nonexistent
	assert_output 'execve: ENOENT'
	run proxied "$T/exec_with" execve "$BATS_TEST_TMPDIR/plain"
	assert_output 'execve: EACCES'
	run proxied "$T/exec_with" execve /etc/passwd/x
	assert_output 'execve: ENOTDIR'
	run proxied "$T/exec_with" execvp nonexistent-program
	assert_output 'execvp: ENOENT'
	run proxied "$T/exec_with" execvp ''
	assert_output 'execvp: ENOENT'
	run proxied "$T/exec_with" posix_spawn /nonexistent
	assert_output 'posix_spawn: ENOENT'
}

@test "PATH is searched as libc does: past what cannot be executed, but not past what is refused" {
	proxy
	make_static
	mkdir "$BATS_TEST_TMPDIR/a" "$BATS_TEST_TMPDIR/b"
	: >"$BATS_TEST_TMPDIR/a/tool"
	cp /usr/bin/true "$BATS_TEST_TMPDIR/b/tool"
	run -0 proxied sh -c "PATH=$BATS_TEST_TMPDIR/a:$BATS_TEST_TMPDIR/b exec /usr/bin/env tool"
	install "$STATIC" "$BATS_TEST_TMPDIR/a/tool"
	run -126 proxied sh -c "PATH=$BATS_TEST_TMPDIR/a:$BATS_TEST_TMPDIR/b exec /usr/bin/env tool"
	assert_output --partial "cannot proxy '$BATS_TEST_TMPDIR/a/tool'"
}

@test "a vfork child leaves its parent's memory as it was" {
	proxy
	make_static
	run -0 proxied "$T/vfork_manners" /usr/bin/true
	assert_output $'status: 0\nerrno: kept\nmappings: +0\nheap: +0\nenviron: kept'
	run -0 --separate-stderr proxied "$T/vfork_manners" "$STATIC"
	assert_output $'status: 13\nerrno: EACCES\nmappings: +0\nheap: +0\nenviron: kept'
}

@test "a connection that is pending when the program executes another is inherited connected" {
	proxy --delay 200
	run -0 proxied "$T/exec_pending" "$FAR:7" hi
	assert_output $'connect: EINPROGRESS\ndomain: inet\nanswer: hi'
}

@test "no argument list tells the password, whichever function runs a program with a scrubbed environment" {
	proxy --user bob --password hunter2
	for how in "${ways[@]}"; do
		run -0 client env "SOCKSIFY_PROXY=socks5://bob:hunter2@$PROXY" \
			strace -f -qq -e trace=execve,execveat -s 4096 -o "$BATS_TEST_TMPDIR/calls" \
			"$SOCKSIFY" "$T/exec_with" "$how" "$T/connect_blocking" "${hello[@]}"
		assert_line 'answer: hi'
		run -0 grep -c connect_blocking "$BATS_TEST_TMPDIR/calls"
		run -1 grep hunter2 "$BATS_TEST_TMPDIR/calls"
	done
}

@test "system and popen do what they do without socksify" {
	proxy
	local bare
	bare=$("$T/commands" </dev/null 2>/dev/null)
	[ "$(wc -l <<<"$bare")" -ge 20 ]
	assert_equal "$(proxied "$T/commands" </dev/null 2>/dev/null)" "$bare"
}

@test "quotes and blanks in what system and popen run survive" {
	proxy
	for how in system popen; do
		run -0 proxied "$T/exec_with" $how /bin/echo "\"it's\"" "'a  b'" '"$A"' '$LD_PRELOAD'
		assert_output "it's a  b b $LIBRARY"
		run -5 proxied "$T/exec_with" $how 'exit 5'
	done
}

@test "the children of bash, env, xargs, find, setpriv, perl, python and make are proxied" {
	proxy
	local c="$T/connect_blocking secret.test 7"
	run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" bash -c "
		env -i $c by-env
		(unset LD_PRELOAD SOCKSIFY_PROXY; $c by-bash)
		printf 'by-xargs\n' | env -i /usr/bin/xargs $c
		find /usr/bin/true -exec env -i $c by-find ';'
		setpriv --reset-env $c by-setpriv
		perl -e '%ENV = (); system(qw($c by-perl)); print qx($c by-perl-qx); exec(qw($c by-perl-exec))'
		python3 -c 'import subprocess; subprocess.run(\"$c by-python\".split(), env={}, close_fds=True)'
		python3 -c 'import os; os.posix_spawn(\"$T/connect_blocking\", \"$c by-python-spawn\".split(), {}); os.wait()'
		python3 -c 'import os; os.environ.clear(); os.system(\"$c by-python-system\"); print(os.popen(\"$c by-python-popen\").read())'
		printf 'all:; @env -i $c by-make\n' | make -s -f -"
	for who in env bash xargs find setpriv perl perl-qx perl-exec python python-spawn python-system python-popen make; do
		assert_line "answer: by-$who"
	done
	assert_contacted "$PROXY"
	assert_nothing_leaked
}

@test "node's child processes are proxied" {
	command -v node >/dev/null || skip 'no node'
	proxy
	run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" node -e "
		const { spawnSync, execSync } = require('child_process');
		const c = ['secret.test', '7', 'by-spawn'];
		console.log(String(spawnSync('$T/connect_blocking', c, { env: {} }).stdout));
		console.log(String(execSync('$T/connect_blocking secret.test 7 by-exec', { env: {} })));"
	assert_line 'answer: by-spawn'
	assert_line 'answer: by-exec'
	assert_contacted "$PROXY"
}

@test "java's child processes are proxied, whichever way it starts them" {
	command -v javac >/dev/null || skip 'no java'
	proxy
	cat >"$BATS_TEST_TMPDIR/P.java" <<-END
		public class P {
			public static void main(String[] a) throws Exception {
				ProcessBuilder b = new ProcessBuilder("$T/connect_blocking", "secret.test", "7", "by-java");
				b.environment().clear();
				b.inheritIO();
				System.exit(b.start().waitFor());
			}
		}
	END
	javac -d "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/P.java"
	for mechanism in POSIX_SPAWN VFORK FORK; do
		run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" java -Djdk.lang.Process.launchMechanism=$mechanism \
			-cp "$BATS_TEST_TMPDIR" P
		assert_line 'answer: by-java'
		assert_contacted "$PROXY"
	done
}

@test "git's ssh goes through the proxy" {
	case $(getent passwd "$(id -un)") in */nologin | */false) skip 'a user without a shell' ;; esac
	proxy
	sshd_server
	mkdir "$BATS_TEST_TMPDIR/repository"
	git -C "$BATS_TEST_TMPDIR/repository" init -q
	git -C "$BATS_TEST_TMPDIR/repository" -c user.name=a -c user.email=b commit -q --allow-empty -m one
	run -0 traced "$SOCKSIFY" -x "socks5://$PROXY" env "GIT_SSH_COMMAND=env -i ssh $SSH_OPTIONS -p $SSH_PORT" \
		git ls-remote "ssh://$(id -un)@secret.test$BATS_TEST_TMPDIR/repository" HEAD
	assert_output --regexp '^[0-9a-f]{40}.HEAD$'
	assert_contacted "$PROXY"
	assert_nothing_leaked
}
