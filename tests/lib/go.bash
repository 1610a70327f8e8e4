# SPDX-License-Identifier: MIT
# go: test programs and libraries written in Go.
# shellcheck shell=bash disable=SC2154

# go_build [FLAG]... FILE: by a cache that outlives the test.
go_build() { GOCACHE=$BUILD/go GO111MODULE=off go build "$@"; }

# go_prepare PACKAGE...: for setup_file: compile what a library of Go's needs that imports these. Debian has it compiled for programs alone, and
# that may take longer than one test has.
go_prepare() {
	command -v go >/dev/null || return 0
	local package at=$BATS_FILE_TMPDIR/prepare.go
	{
		printf 'package main\nimport "C"\n'
		for package; do printf 'import _ "%s"\n' "$package"; done
		echo 'func main() {}'
	} >"$at"
	go_build -buildmode=c-shared -o "$BATS_FILE_TMPDIR/prepare.so" "$at" || true
}
