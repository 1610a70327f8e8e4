# SPDX-License-Identifier: MIT
# listen = proxy and active FTP: the server on the far side opens its data connections to where the client says, which is at the proxy.
load ../../lib/helpers
load ../../lib/listening

setup_file() { :; }

fetches() {
	run configured "$@"
	assert_success
	assert_line 'by active FTP'
	assert_nothing_leaked
}

by_curl() { fetches curl -vsS -m 20 "${@:2}" -P - "ftp://$1/file"; }

by_ftplib() { # HOST PORT: two files, one after the other
	fetches python3 -c '
import ftplib, sys
f = ftplib.FTP(); f.connect(sys.argv[1], int(sys.argv[2]), 20); f.login(); f.set_pasv(False)
f.retrlines("RETR file")
f.retrlines("RETR file")' "$@"
	assert_output $'by active FTP\nby active FTP'
}

by_lftp() {
	needs lftp
	fetches lftp -c "set ftp:passive-mode off; set net:timeout 20; set net:max-retries 1; open ftp://$1; cat file"
}

by_tnftp() {
	needs tnftp
	fetches tnftp -A -a -o - "ftp://$1/file"
}

# serve SCHEME PROXY ADDRESS
serve() {
	listening_config "$1://$2"
	ftp_server "$3"
}

@test "IPv4 through Dante: curl, python's ftplib, lftp and tnftp" {
	needs danted
	danted_server none
	serve socks5 "$PROXY" $FAR
	by_curl "$FAR:$PORT"
	by_curl "$FAR:$PORT" --disable-eprt
	by_ftplib $FAR "$PORT"
	by_lftp "$FAR:$PORT"
	by_tnftp "$FAR:$PORT"
}

@test "IPv6 through Dante: curl, python's ftplib, lftp and tnftp" {
	needs danted
	danted_server none
	serve socks5 "$PROXY" $FAR6
	by_curl "[$FAR6]:$PORT"
	by_ftplib $FAR6 "$PORT"
	by_lftp "[$FAR6]:$PORT"
	by_tnftp "[$FAR6]:$PORT"
}

@test "SOCKS4 through HP's sockd: curl, python's ftplib, lftp and tnftp" {
	hpsockd_server
	serve socks4 "$PROXY" $FAR
	by_curl "$FAR:$PORT"
	by_ftplib $FAR "$PORT"
	by_lftp "$FAR:$PORT"
	by_tnftp "$FAR:$PORT"
}
