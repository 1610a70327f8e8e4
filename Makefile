# SPDX-License-Identifier: MIT
# socksify: `make help` lists what can be made.

PREFIX  ?= /usr/local
DESTDIR ?=
ifeq ($(origin CC),default)
CC      := gcc
endif
VERSION := 0.1.0
# What the dynamic linker's $$LIB stands for: lib/x86_64-linux-gnu on Debian, lib64 elsewhere.
# Where the compiler does not tell (clang, other distributions), it is where libc is; lib if the compiler knows nothing of that either.
ifeq ($(LIB),)
override LIB := $(or $(patsubst %,lib/%,$(shell $(CC) -print-multiarch 2>/dev/null)),$(patsubst /usr/%/,%,$(dir $(realpath \
             $(shell $(CC) -print-file-name=libc.so 2>/dev/null)))),lib)
endif

BUILD   ?= build
O       := $(BUILD)/obj
CFLAGS  ?= -O2 -g
CPPFLAGS ?=
LDFLAGS ?=
# Strangers' processes are to load no library for us but libc; where inih comes as a shared one alone (Fedora, Arch), that is linked.
ifeq ($(origin INIH),undefined)
found    = $(filter /%,$(shell $(CC) -print-file-name=$(1) 2>/dev/null))
INIH    := $(if $(call found,libinih.a),-l:libinih.a,$(if $(call found,libinih.so),-linih,-l:libinih.a))
endif
# Checked twins of functions (_FORTIFY_SOURCE) would be our own hooks where libc is meant.
WARN    := -Wall -Wextra -Wshadow -Wpedantic -Wvla -Walloca
ALL     := -std=c11 -D_GNU_SOURCE -I. -Ipreload -DVERSION='"$(VERSION)"' -DLIB='"$(LIB)"' \
           -fPIC -fvisibility=hidden -ftls-model=initial-exec -fstack-usage -MMD -MP $(WARN) $(WERROR) $(CPPFLAGS) $(CFLAGS) -U_FORTIFY_SOURCE
LDSO    := -shared -nostartfiles -Wl,-z,now -Wl,-z,relro -Wl,-z,noseparate-code -Wl,-z,nodelete -Wl,-z,defs -Wl,-Bsymbolic-functions -Wl,--as-needed -Wl,-O1 \
           -Wl,--version-script=$(O)/exports.map

sources  = $(patsubst %.c,$(O)/%.o,$(sort $(foreach d,$(1),$(wildcard $(d)/*.c))))
# Walls. Each of these links with what stands before it and nothing else, so whatever uses a function of a later one is a link error:
# the launcher is CLI and CORE; a test program is CORE and two small files; the unit tests are GUEST and CORE; the library is all but CLI.
CORE    := $(call sources,conf conf/load $(wildcard preload/core/*))
GUEST   := $(call sources,preload/fd preload/udp preload/dns preload/listen) $(addprefix $(O)/preload/,fork.o self.o symbol.o sys_resolve.o)
LIBRARY := $(O)/preload/init.o $(call sources,preload/hook)
CLI     := $(call sources,cli $(wildcard cli/*) $(wildcard cli/*/*))
SEAMS   := $(addprefix $(O)/cli/,libc.o own.o)
BENCH   := $(patsubst scripts/bench/clients/%.c,$(BUILD)/bench/%,$(filter-out %/empty.c %/filtered.c,$(wildcard scripts/bench/clients/*.c)))
# Some of them as programs that the library cannot enter.
BENCHED := $(addprefix $(BUILD)/bench/static/,blocking filtered transfer)
UNITS   := $(wildcard tests/unit/test_*.c tests/unit/*/test_*.c)
UNIT    := $(patsubst %.c,$(BUILD)/unit/%,$(notdir $(UNITS)))
FUZZ    := $(patsubst tests/fuzz/%.c,$(BUILD)/%,$(wildcard tests/fuzz/fuzz_*.c))
# Clients and servers of the tests; those of clients/loops need more than libc, and are built by the tests that run them.
TESTS   := $(wildcard tests/servers/*.c) $(filter-out tests/clients/loops/%,$(wildcard tests/clients/*/*.c))
CLIENTS := $(patsubst %.c,$(BUILD)/tests/%,$(notdir $(TESTS))) $(BUILD)/tests/core
# Some of them once more, as programs that the library cannot enter.
STATIC  := $(addprefix $(BUILD)/static/,active_ftp by_device connect_blocking connect_bulk connect_close connect_fork connect_many connect_nonblocking connect_signal listen_once \
             datagram forged guarded listen_peers own_address source_route story threads udp_call)
STATIC  += $(addprefix $(BUILD)/static/,hardships join_group many_peers signal_rain udp_ancillary udp_connected udp_sharers udp_socket)
LINKED  := $(patsubst %.c,$(BUILD)/linked/%,$(filter connect_% names.c threads.c listen_threads.c datagram.c udp_call.c udp_connected.c udp_socket.c udp_threads.c udp_unhooked.c udp_waits.c,$(notdir $(TESTS))))
vpath %.c $(sort $(dir $(TESTS) $(UNITS)))
SO      := $(BUILD)/lib/libsocksify.so
BIN     := $(BUILD)/bin/socksify

ifeq ($(V),1)
Q :=
else
Q := @
MAKEFLAGS += --no-print-directory
say = $(if $(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-7s %s\n' $(1) $(2);)
endif

all: $(SO) $(BIN) ## build the library and the launcher (V=1 shows the commands)

$(O)/%.o: %.c Makefile
	@mkdir -p $(@D)
	$(call say,CC,$<)
	$(Q)$(CC) $(ALL) -c -o $@ $<

# What a kept configuration looks like in memory depends on all that makes it.
$(O)/conf/load/kept.o: ALL += -DLAYOUT=$(firstword $(shell cat $(sort $(wildcard conf/*.[cdh]* conf/load/*.[cdh]* preload/core/base/*.[ch])) | cksum))u

$(O)/exports.map $(O)/aliases.ld: $(O)/%: preload/%.in preload/core/base/hooks.def Makefile
	@mkdir -p $(@D)
	$(Q)$(CC) -E -P -x c -I. -Ipreload -o $@ $<

# What runs when a process starts, forks and executes is linked first, so that it stands in few pages.
EARLY   := $(patsubst %,$(O)/preload/%.o,imports symbol sys_resolve init self fork core/base/env core/exec/preload_list fd/fork_gate hook/app hook/hook \
             core/dial/engine fd/table fd/process fd/journaled core/journal/journal udp/exit hook/exec core/exec/reach core/exec/program core/exec/elf core/exec/exec_env core/base/caller core/base/scratch core/base/pages core/base/text \
             core/base/log core/base/log_sink core/base/sys core/exec/shebang core/exec/privilege core/exec/library core/exec/machine core/exec/libraries core/exec/needed)

# Code that runs while the library is relocated can call nothing that is not in it.
$(addprefix $(O)/preload/,imports.o symbol.o sys_resolve.o): ALL += -fno-sanitize=all -fno-stack-protector -fno-plt

$(SO): $(EARLY) $(LIBRARY) $(GUEST) $(CORE) $(O)/exports.map $(O)/aliases.ld
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) $(LDSO) -o $@ $(EARLY) $(filter-out $(EARLY),$(LIBRARY) $(GUEST) $(CORE)) $(O)/aliases.ld -Wl,--exclude-libs,ALL \
	  $(INIH)

$(BIN): $(CLI) $(CORE)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -pie -Wl,-z,now -Wl,-z,relro -o $@ $(CLI) $(CORE) $(INIH)

# One program per unit test; each says what it found in TAP.
$(BUILD)/unit/%: %.c $(GUEST) $(CORE)
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL) -MF $@.d $(LDFLAGS) -o $@ $< $(GUEST) $(CORE) $(INIH)

# One program per fuzz target; scripts/check.sh says by which compiler and with which CFLAGS.
$(BUILD)/fuzz_%: $(O)/tests/fuzz/fuzz_%.o $(SEAMS) $(CORE)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(INIH)

$(BUILD)/seeds: $(O)/tests/fuzz/seeds.o $(SEAMS) $(CORE)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(INIH)

# Core alone, with seams of its own, as a program that no library gets into.
$(BUILD)/tests/core: $(call sources,tests/core) $(CORE)
	$(call say,LINK,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -static -o $@ $^ $(INIH)

# Small programs that stand for any program: linked to libc alone.
$(BUILD)/tests/%: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -I. -O1 -g $(WARN) $(WERROR) -MMD -MP -MF $@.d -pthread $(LDFLAGS) -o $@ $< $(LDLIBS)

$(BUILD)/tests/lookups $(BUILD)/tests/cancel_lookup $(BUILD)/tests/ask_dns $(BUILD)/tests/ask_state: LDLIBS = -lresolv

# The linker warns that look-ups of a static program need glibc's shared libraries: they are of this machine.
$(BUILD)/static/%: %.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -I. -O1 -g $(WARN) $(WERROR) -MMD -MP -MF $@.d -pthread -static $(LDFLAGS) -o $@ $<

$(BUILD)/bench/%: scripts/bench/clients/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O2 -g $(WARN) $(WERROR) -MMD -MP -MF $@.d -pthread -o $@ $<

$(BUILD)/bench/static/%: scripts/bench/clients/%.c
	@mkdir -p $(@D)
	$(call say,CC,$@)
	$(Q)$(CC) -std=c11 -D_GNU_SOURCE -O2 -g $(WARN) $(WERROR) -MMD -MP -MF $@.d -pthread -static -o $@ $<

$(BUILD)/bench/empty.so: scripts/bench/clients/empty.c
	@mkdir -p $(@D)
	$(Q)$(CC) -O2 -fPIC -shared -o $@ $<

# The same with the library linked into them: for sanitizers, which have to come first in a process. They call dlsym before they work.
$(BUILD)/linked/%: %.c $(filter-out %/hook/dlsym.o,$(LIBRARY)) $(GUEST) $(CORE) $(O)/aliases.ld
	@mkdir -p $(@D)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL) $(LDFLAGS) -MF $@.d -rdynamic -pthread -o $@ $(filter-out %.h,$^) $(INIH)

unit: $(UNIT) ## build the unit tests
linked: $(LINKED) ## build those that connect once more, with the library linked into them
fuzzers: $(FUZZ) $(BUILD)/seeds
clients: $(CLIENTS) $(STATIC) ## build the programs that the end-to-end tests drive

deps: ## install the packages that building and testing need, or say what to type
	$(Q)scripts/deps.sh test

check: deps ## install what is missing, build, run every test
	$(Q)scripts/check.sh

check-long: deps ## the same, with a minute for each fuzz target, a kernel with Yama, check-cross, other releases of Debian, the packages, and others' suites
	$(Q)scripts/deps.sh cross
	$(Q)scripts/deps.sh yama
	$(Q)scripts/deps.sh distros
	$(Q)scripts/deps.sh packages
	$(Q)scripts/deps.sh suites
	$(Q)scripts/check.sh long

check-cross: ## install what is missing, build for aarch64, run the unit tests by qemu
	$(Q)scripts/deps.sh cross
	$(Q)scripts/check.sh cross

demo: ## install what is missing, build, and show a connection going through a real SOCKS server
	$(Q)scripts/deps.sh demo
	$(Q)$(MAKE) all
	$(Q)scripts/demo.sh

bench: ## install what is missing, build, measure socksify beside its rivals; the report is in build/bench
	$(Q)scripts/deps.sh bench
	$(Q)$(MAKE) all clients $(BENCH) $(BENCHED) $(BUILD)/bench/empty.so
	$(Q)BUILD=$(BUILD) scripts/bench/run

dist: ## the tarball of what is committed, in build/
	@mkdir -p $(BUILD)
	git archive --prefix=socksify-$(VERSION)/ -o $(BUILD)/socksify-$(VERSION).tar.gz HEAD

deb: dist ## a Debian package of it, in build/deb/
	rm -rf $(BUILD)/deb && mkdir -p $(BUILD)/deb && tar -C $(BUILD)/deb -xzf $(BUILD)/socksify-$(VERSION).tar.gz
	cp -r scripts/packaging/debian $(BUILD)/deb/socksify-$(VERSION)/
	cd $(BUILD)/deb/socksify-$(VERSION) && env -u MAKEFLAGS -u MAKELEVEL -u BUILD dpkg-buildpackage -us -uc -b

install: all ## install under $(DESTDIR)$(PREFIX)
	for shell in bash zsh fish; do $(BIN) --completion $$shell >$(BUILD)/completion.$$shell || exit 1; done
	install -Dm644 $(BUILD)/completion.bash $(DESTDIR)$(PREFIX)/share/bash-completion/completions/socksify
	install -Dm644 $(BUILD)/completion.zsh $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_socksify
	install -Dm644 $(BUILD)/completion.fish $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/socksify.fish
	install -Dm755 $(BIN) $(DESTDIR)$(PREFIX)/bin/socksify
	install -Dm644 $(SO) $(DESTDIR)$(PREFIX)/$(LIB)/socksify/libsocksify.so
	install -Dm644 cli/socksify.1 $(DESTDIR)$(PREFIX)/share/man/man1/socksify.1
	install -Dm644 cli/socksify-migration.7 $(DESTDIR)$(PREFIX)/share/man/man7/socksify-migration.7
	install -Dm644 conf/socksify.ini.5 $(DESTDIR)$(PREFIX)/share/man/man5/socksify.ini.5
	install -Dm644 -t $(DESTDIR)$(PREFIX)/share/doc/socksify README.md CHANGELOG.md LICENSE conf/socksify.ini
	install -Dm644 -t $(DESTDIR)$(PREFIX)/share/doc/socksify/examples conf/examples/*.ini

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/socksify $(DESTDIR)$(PREFIX)/$(LIB)/socksify/libsocksify.so
	rm -f $(DESTDIR)$(PREFIX)/share/man/man1/socksify.1 $(DESTDIR)$(PREFIX)/share/man/man5/socksify.ini.5 $(DESTDIR)$(PREFIX)/share/man/man7/socksify-migration.7
	rm -f $(DESTDIR)$(PREFIX)/share/bash-completion/completions/socksify $(DESTDIR)$(PREFIX)/share/zsh/site-functions/_socksify
	rm -f $(DESTDIR)$(PREFIX)/share/fish/vendor_completions.d/socksify.fish
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/socksify
	-rmdir $(DESTDIR)$(PREFIX)/$(LIB)/socksify

clean: ## remove everything built
	rm -rf $(BUILD)

help: ## show this list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(firstword $(MAKEFILE_LIST)) | expand -t 12
	@echo "PREFIX=$(PREFIX) DESTDIR=$(DESTDIR) CC=$(CC) V=$(V)"

.DEFAULT_GOAL := all
.SECONDARY:
.PHONY: dist deb all unit clients linked fuzzers deps check check-long check-cross demo bench install uninstall clean help
-include $(shell find $(BUILD) -path $(BUILD)/deb -prune -o -name '*.d' -type f -print 2>/dev/null)
