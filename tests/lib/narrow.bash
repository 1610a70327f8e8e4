# SPDX-License-Identifier: MIT
# narrow: test programs of 32 bits.
# shellcheck shell=bash disable=SC2154

# with_32_bits NAME: a test program for i386, in the way that needs neither a compiler nor a kernel's headers for that.
with_32_bits() {
	local crt
	crt=$(gcc -m32 -print-file-name=crt1.o)
	[ -e "$crt" ] || skip 'no libc of 32 bits'
	gcc -m32 -idirafter "/usr/include/$(gcc -print-multiarch)" -D_GNU_SOURCE -I"$TOP" -nostartfiles -nodefaultlibs -o "$BATS_TEST_TMPDIR/${1##*/}" \
		"$crt" "${crt%crt1.o}crti.o" "$TOP/tests/clients/$1.c" -lc "${crt%crt1.o}crtn.o"
}
