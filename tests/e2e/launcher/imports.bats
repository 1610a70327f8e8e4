# SPDX-License-Identifier: MIT
# --import: all that it can say. Each of imports/*.conf becomes the .ini beside it, to the letter.
load ../../lib/helpers

setup_file() { :; } # nothing here connects

# becomes NAME: --import makes imports/NAME.ini of imports/NAME.conf, and socksify reads that.
becomes() {
	cd "$TOP/tests/e2e/launcher/imports" || return
	run -0 --separate-stderr client "$SOCKSIFY" --import "$1.conf"
	assert_equal "$stderr" ''
	assert_equal "$output" "$(cat "$1.ini")"
	config <"$1.ini"
	run -0 client "$SOCKSIFY" -f "$CONFIG" --explain example.com:80
	cd "$TOP" || return
}

@test "--import: everything that it can say of a proxychains.conf" {
	becomes proxychains
	becomes proxychains-shut
	becomes proxychains-least
}

@test "--import: everything that it can say of a torsocks.conf" {
	becomes torsocks
	becomes torsocks-least
}

@test "--import: everything that it can say of a tsocks.conf" {
	becomes tsocks
	becomes tsocks-shut
}

@test "--import: everything that it can say of a socks.conf of Dante's" {
	becomes dante
	becomes dante-least
}

@test "--import: everything that it can say of a redsocks.conf, however its lines are broken" {
	becomes redsocks
	tr ' ' '\n' <"$TOP/tests/e2e/launcher/imports/redsocks.conf" | sed 's/"foo$/"foo bar"/; /^bar";$/s/.*/;/' >"$BATS_TEST_TMPDIR/redsocks.conf"
	run -0 client "$SOCKSIFY" --import "$BATS_TEST_TMPDIR/redsocks.conf"
	assert_line 'url = socks5://foo%20bar:ba%3Bz@10.0.0.9:1081'
}

@test "--import: everything that it can say of an ssh_config, where hosts share their first name" {
	becomes ssh_config
}

@test "--import: the configuration of Dante's server is not taken for one of programs" {
	printf 'logoutput: stderr\ninternal: eth0 port = 1080\n' >"$BATS_TEST_TMPDIR/danted.conf"
	for file in "$BATS_TEST_TMPDIR/danted.conf" /etc/danted.conf; do
		[ -e "$file" ] || continue
		run -125 --separate-stderr client "$SOCKSIFY" --import "$file"
		assert_equal "$stderr" "socksify: '$file' is for Dante's server, danted; what programs go by stands in /etc/socks.conf or /etc/dante.conf"
	done
}
