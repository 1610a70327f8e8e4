# SPDX-License-Identifier: MIT
load ../../lib/kernel
# The whole life of a descriptor while a connection is being made on it and after: what the kernel says, we say.

setup_file() { slow_destination; }

@test "another connect tells EALREADY while the dial lasts, then 0 once, then EISCONN" {
	held_proxies
	same_story 7 socket connect connect poll=0 read peername open poll get=SO_ERROR connect connect peername echo=hello
	assert_line --index 0 'connect: EINPROGRESS'
	assert_line --index 1 'connect: EALREADY'
}

@test "another connect tells a refusal that nobody has asked for, and the one after it dials anew" {
	held_proxies
	same_story 9 socket connect open poll connect connect poll connect get=SO_ERROR
	assert_line 'connect: ECONNREFUSED'
}

@test "SO_ERROR tells a refusal once, then a new dial begins" {
	held_proxies
	same_story 9 socket connect open poll get=SO_ERROR get=SO_ERROR peername connect poll get=SO_ERROR
}

@test "a read or a write tells a refusal once, as SO_ERROR does" {
	held_proxies
	same_story 9 socket open connect poll read read write=x write=x get=SO_ERROR
	same_story 9 socket open connect poll write=x write=x read get=SO_ERROR
	same_story 9 socket open connect poll push=x peek get=SO_ERROR connect poll peek
}

@test "connect(AF_UNSPEC) in mid-dial makes a new socket of it" {
	held_proxies
	same_story 7 socket connect unspec poll get=SO_ERROR peername open connect poll get=SO_ERROR echo=hello
}

@test "connect(AF_UNSPEC) on a connection ends it, and the socket can connect again" {
	held_proxies
	same_story 7 socket open connect poll get=SO_ERROR echo=one unspec poll peername connect poll peername echo=two
}

@test "connect(AF_UNSPEC) after a failure leaves a socket that can connect again" {
	held_proxies
	same_story 9 socket open connect poll unspec get=SO_ERROR connect poll get=SO_ERROR
}

@test "a blocking connect waits until the connection stands" {
	held_proxies
	same_story 7 socket=blocking open=later connect connect peername flags echo=hello
	assert_line --index 0 'connect: 0'
}

@test "a blocking connect tells a refusal, and another dials anew" {
	held_proxies
	same_story 9 socket=blocking open=later connect peername get=SO_ERROR connect get=SO_ERROR
	assert_line --index 0 'connect: ECONNREFUSED'
}

@test "what dup, dup2, dup3 and F_DUPFD make in mid-dial is the same connection" {
	held_proxies
	for word in dup dup2=30 dup3=30 dupfd=20; do
		same_story 7 socket connect open=later $word poll get=SO_ERROR swap poll get=SO_ERROR flags peername echo=hello close swap echo=hello
	done
}

@test "dup2 onto a descriptor in mid-dial ends the dial" {
	held_proxies
	same_story 7 socket connect open dup2=30 swap poll peername echo=hello
	same_story 7 socket connect overwrite connect get=SO_TYPE close socket open connect poll get=SO_ERROR connect echo=hello count
}

@test "close in mid-dial frees the number for the next socket" {
	held_proxies
	same_story 7 socket connect close number socket connect poll=0 open poll get=SO_ERROR connect echo=hello count
}

@test "a number that fclose has freed, which no hook sees, dials anew" {
	held_proxies
	same_story 7 socket connect fclose socket poll get=SO_ERROR connect open poll get=SO_ERROR connect peername echo=hello count
	same_story 7 socket open connect poll connect fclose socket peername get=SO_ERROR connect poll get=SO_ERROR echo=hello count
	same_story 9 socket open connect poll fclose socket get=SO_ERROR connect poll get=SO_ERROR count
}

@test "close_range and closefrom in mid-dial end the dial, and the next one is undisturbed" {
	held_proxies
	same_story 7 socket connect close_range poll count socket connect open poll get=SO_ERROR connect echo=hello
	same_story 7 socket connect closefrom poll count socket connect open poll get=SO_ERROR connect echo=hello
	same_story 7 socket move=40 connect closefrom poll count socket connect open poll get=SO_ERROR connect echo=hello
}

@test "CLOSE_RANGE_CLOEXEC in mid-dial marks the connection" {
	held_proxies
	same_story 7 socket cloexec=0 connect flags close_range=cloexec flags open poll get=SO_ERROR flags echo=hello
}

@test "close-on-exec, set or cleared in mid-dial, stays so" {
	held_proxies
	same_story 7 socket flags connect flags cloexec=0 flags open poll get=SO_ERROR flags
	same_story 7 socket cloexec=0 connect cloexec=1 flags open poll get=SO_ERROR flags
}

@test "shutdown in mid-dial tells what the kernel's tells" {
	held_proxies
	for how in rd wr rdwr; do
		same_story 7 socket connect shutdown=$how poll get=SO_ERROR peername
	done
}

@test "shutdown of a connection ends the halves that it names" {
	held_proxies
	same_story 7 socket open connect poll connect write=hello shutdown=wr answer=hello eof
	same_story 7 socket open connect poll shutdown=rdwr eof
}

@test "a socket made blocking in mid-dial, by F_SETFL or FIONBIO, is blocking, and can be made nonblocking again" {
	held_proxies
	same_story 7 socket connect open=later nonblocking=0 flags poll get=SO_ERROR flags nonblocking=1 flags read echo=hello
	same_story 7 socket connect nonblocking=1 flags open=later fionbio=0 flags poll get=SO_ERROR flags fionbio=1 flags read echo=hello
}

@test "FIONREAD and SIOCOUTQ of a connection count what the kernel's count" {
	held_proxies
	same_story 7 socket open connect poll connect queues echo=hello queues
}

@test "options set before, during and after a dial are read back as from the kernel" {
	held_proxies
	local all=(get=SO_TYPE get=SO_DOMAIN get=SO_PROTOCOL get=SO_ACCEPTCONN get=TCP_NODELAY get=SO_KEEPALIVE get=TCP_KEEPIDLE
		get=TCP_USER_TIMEOUT get=IP_TOS get=SO_RCVBUF)
	same_story 7 socket "${all[@]}" set=TCP_NODELAY:1 set=SO_KEEPALIVE:1 set=TCP_KEEPIDLE:77 set=IP_TOS:16 set=SO_RCVBUF:20000 \
		connect "${all[@]}" open poll get=SO_ERROR "${all[@]}"
	same_story 7 socket connect set=TCP_NODELAY:1 set=SO_KEEPALIVE:1 set=TCP_KEEPIDLE:77 set=TCP_USER_TIMEOUT:5000 \
		"${all[@]}" get=SO_ERROR open poll get=SO_ERROR "${all[@]}"
	same_story 7 socket open connect poll set=TCP_NODELAY:1 set=SO_KEEPALIVE:1 set=TCP_KEEPIDLE:77 "${all[@]}" get=SO_ERROR
}

@test "SO_RCVLOWAT does not keep a proxy's short answers from us, and holds afterwards" {
	held_proxies
	same_story 7 socket set=SO_RCVLOWAT:100 connect open poll get=SO_ERROR peername get=SO_RCVLOWAT
	same_story 7 socket=blocking set=SO_RCVLOWAT:100 open=later connect peername get=SO_RCVLOWAT
	assert_line $'\t100'
}

@test "getsockname before, during and after a dial answers as the kernel does" {
	held_proxy
	same_story 7 socket sockname connect sockname open poll get=SO_ERROR sockname
	same_story 9 socket open connect poll get=SO_ERROR connect
}

@test "the local address that a socket was bound to is kept" {
	held_proxy
	same_story 7 socket set=SO_REUSEADDR:1 bind=4711 sockname connect sockname open poll get=SO_ERROR connect sockname peername echo=hello
}

@test "a bound socket reaches a proxy of the other family" {
	held_proxies
	same_story 7 socket set=SO_REUSEADDR:1 bind=4712 connect open poll get=SO_ERROR peername echo=hello
}

@test "descriptors of 10000 and more connect as any other" {
	local top
	top=$(ulimit -Hn) # 10000 and more wherever so many are allowed
	[ "$top" != unlimited ] && [ "$top" -lt 16000 ] || top=16000
	ulimit -n "$top"
	held_proxies
	same_story 7 socket move=$((top * 5 / 8)) number connect connect open poll get=SO_ERROR connect connect peername echo=hello close
	same_story 7 socket=blocking move=$((top * 3 / 4)) open=later connect peername echo=hello
	same_story 9 socket move=$((top - 1)) connect open poll get=SO_ERROR
}

@test "dials take none of the program's descriptors, soft limit below hard" {
	held_proxies
	same room 64 40 $SLOW 7
	same room 1024 1000 $SLOW 7
	same room 2048 1400 $SLOW 7
}

@test "a program that has used up its descriptors, soft limit below hard, can connect" {
	held_proxies
	same_story 7 limit=64:soft socket exhaust connect connect open poll get=SO_ERROR connect peername echo=hello close
	same_story 7 limit=64:soft socket=blocking exhaust open=later connect peername echo=hello
}

@test "a program that has used up its descriptors, soft limit and hard, can connect if it waits; else it is told EMFILE at once" {
	held_proxy
	same_story 7 limit=64 socket=blocking open connect close socket=blocking exhaust connect peername echo=hello close
	slowly "$URLS" "$T/story" $SLOW 7 limit=64 socket open connect poll connect close socket exhaust connect get=SO_ERROR exhaust=8 connect poll get=SO_ERROR connect peername echo=hello
	assert_output --partial $'exhaust: EMFILE\nconnect: EMFILE\nSO_ERROR: 0\n\t0\nexhaust: EMFILE\nconnect: EINPROGRESS\npoll: OUT\n'
	assert_line 'answer: hello'
}

@test "SO_SNDTIMEO is the time-out of a blocking connect: EINPROGRESS, and it goes on" {
	held_proxies
	same_story 7 socket=blocking sndtimeo=150 connect peername open poll get=SO_ERROR connect connect peername echo=hello
	same_story 7 socket=blocking sndtimeo=150 connect connect open poll get=SO_ERROR
	same_story 7 socket=blocking sndtimeo=5000 open=later connect connect peername echo=hello
	same_story 9 socket=blocking sndtimeo=150 connect open poll get=SO_ERROR
}

@test "a socket passed to another process in mid-dial is told there how the dial ended" {
	destination echo $FAR:7
	proxy --delay 100
	run -0 proxied "$T/pass_socket" poll $FAR 7
	assert_output $'connect: EINPROGRESS\nSO_ERROR: 0\nanswer: x'
	proxy --delay 100 --reply 5
	run -0 proxied "$T/pass_socket" poll $FAR 7
	assert_line 'SO_ERROR: ECONNRESET' # which of all failures it was, only the process that dialled knows
	assert_nothing_leaked
}

@test "MSG_FASTOPEN in sendto, sendmsg and sendmmsg: the data arrives, once" {
	held_proxies
	for word in fastopen fastopen_msg fastopen_many; do
		same_story 7 socket=blocking open=later $word=hello answer=hello peername connect
		same_story 9 socket=blocking open=later $word=hello get=SO_ERROR
		same_story 7 socket $word=hello open poll get=SO_ERROR peername
	done
}

@test "a socket with TCP_FASTOPEN_CONNECT connects, and keeps the option" {
	held_proxies
	same_story 7 socket=blocking set=TCP_FASTOPEN_CONNECT:1 get=TCP_FASTOPEN_CONNECT open=later connect echo=hello peername
	same_story 7 socket set=TCP_FASTOPEN_CONNECT:1 connect open poll get=SO_ERROR connect echo=hello peername
}

@test "children that Python starts with close_fds in mid-dial get nothing of a dial, and disturb none" {
	destination echo $FAR:7
	proxy --delay 200
	run -0 proxied python3 "$TOP/tests/clients/processes/close_fds.py" $FAR 7
	assert_output $'4 4\n20'
	assert_nothing_leaked
}

@test "a child that Java starts in mid-dial does not disturb the dial" {
	destination echo $FAR:7
	proxy --delay 200
	cat >"$BATS_TEST_TMPDIR/Children.java" <<-'END'
		import java.net.*; import java.nio.*; import java.nio.channels.*;
		public class Children { public static void main(String[] a) throws Exception {
			SocketChannel c = SocketChannel.open(); c.configureBlocking(false);
			System.out.println(c.connect(new InetSocketAddress(a[0], 7)));
			System.out.println(new ProcessBuilder("true").start().waitFor());
			Selector s = Selector.open(); c.register(s, SelectionKey.OP_CONNECT); s.select();
			System.out.println(c.finishConnect());
			c.write(ByteBuffer.wrap("x".getBytes())); s.keys().iterator().next().interestOps(SelectionKey.OP_READ); s.select();
			System.out.println(c.read(ByteBuffer.allocate(9))); } }
	END
	run -0 proxied java -XX:TieredStopAtLevel=1 "$BATS_TEST_TMPDIR/Children.java" $FAR
	assert_output $'false\n0\ntrue\n1'
	assert_nothing_leaked
}

@test "OpenSSH, which closes all descriptors that it does not know, connects, through a jump host, too" {
	sshd_server
	destination hello $FAR:25
	proxy --delay 30
	# shellcheck disable=SC2086
	run -0 proxied ssh $SSH_OPTIONS -p $SSH_PORT -W $FAR:25 "$(id -un)@$FAR" </dev/null
	assert_output hello
	# shellcheck disable=SC2086
	run -0 proxied ssh $SSH_OPTIONS -p $SSH_PORT -W $FAR:25 "$(id -un)@secret.test" \
		-o "ProxyCommand=ssh $SSH_OPTIONS -p $SSH_PORT -W $FAR:%p $(id -un)@$FAR" </dev/null
	assert_output hello
	assert_nothing_leaked
}

@test "a socket with O_ASYNC signals once, when the connection stands or is refused" {
	held_proxies
	for how in nonblocking blocking; do
		for number in 0 40; do
			same connect_async $how $number $SLOW 7
			assert_line 'at the end: 1'
			[ $how = blocking ] || same connect_async $how $number $SLOW 9 # blocking, the kernel signals twice
		done
	done
}

@test "a program may take every number that its limit allows, ours among them, also in the middle of a connect" {
	proxy --delay 20
	run -0 proxied sh -c 'ulimit -n 64; exec python3 - "$@"' - $SLOW <<-'PY'
		import os, select, socket, sys
		def dial():
		    s = socket.socket(); s.setblocking(False)
		    s.connect_ex((sys.argv[1], 7))
		    return s
		def echo(s):
		    select.select([], [s], [], 10)
		    s.setblocking(True)
		    s.send(b'x')
		    return s.recv(1)
		first = dial(); print(echo(first))
		second = dial()
		taken = 0
		for n in range(63, 3, -1):
		    if n not in (first.fileno(), second.fileno()):
		        os.dup2(0, n); taken += 1
		print(taken)
		for n in range(20, 60): os.close(n)
		print(echo(second)); print(echo(dial()))
	PY
	assert_output "$(printf '%s\n' "b'x'" 58 "b'x'" "b'x'")"
	assert_nothing_leaked
}
