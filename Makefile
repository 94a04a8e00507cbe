# SPDX-License-Identifier: GPL-2.0-or-later
#
# 'make help' lists the targets. All generated files are below build/.

VERSION := 0.2.0
BUILD   := build

PREFIX      ?= /usr/local
DESTDIR     ?=
INSTALL     ?= install
# Empty where a package keeps the debug symbols.
INSTALL_STRIP ?= -s
SBINDIR     := $(DESTDIR)$(PREFIX)/sbin
MANDIR      := $(DESTDIR)$(PREFIX)/share/man
COMPLETIONS := $(DESTDIR)$(PREFIX)/share/bash-completion/completions

# The kernel that shell, bench and demo run in, and those that the tests run in.
KERNEL  ?= 6.12
ifeq ($(origin KERNELS),undefined)
FAILOVER_KERNELS := $(KERNEL)
FAILOVER_TIME_KERNELS := 6.12 7.3
else
FAILOVER_KERNELS := $(KERNELS)
FAILOVER_TIME_KERNELS := $(KERNELS)
endif
KERNELS ?= 6.1 6.12 7.3

CC         ?= gcc
CLANG      ?= clang
# Other compilers for the BPF programs: the kernel must accept the programs of each.
CLANGS     ?= clang-19
BPFTOOL    ?= $(shell PATH=$$PATH:/usr/sbin:/sbin command -v bpftool || echo bpftool)
PKG_CONFIG ?= pkg-config
GO         ?= go
SCDOC      ?= scdoc

ifeq ($(V),1)
Q   :=
say  =
else
Q   := @
say  = @printf '  %-8s %s\n' '$(1)' '$(2)';
endif

# That of the compiler, which may be a cross compiler.
ARCH = $(shell $(CC) -dumpmachine | sed 's/-.*//; s/x86_64/x86/; s/aarch64/arm64/; s/powerpc64le/powerpc/; \
	s/riscv64/riscv/')

# A warning is an error for developers, who build in a clone, but not where a release is built by a compiler of its
# own time.
WERROR ?= $(if $(wildcard .git),yes,no)
ifeq ($(WERROR),yes)
WARNINGS := -Wall -Wextra -Werror
else
WARNINGS := -Wall -Wextra
endif

PACKAGES := libbpf json-c libcap-ng libsystemd zlib
CFLAGS   ?= -O2 -g
# For the tools themselves: 'make SANITIZE=1 check', and 'make coverage'.
ifeq ($(SANITIZE),1)
INSTRUMENTATION := -fsanitize=address,undefined -fno-sanitize-recover=undefined -fno-omit-frame-pointer
endif
ifeq ($(COVERAGE),1)
INSTRUMENTATION += --coverage -fprofile-update=atomic -O0
endif
override CFLAGS += $(INSTRUMENTATION)
# What is built does not depend on the folder it is built in.
PREFIX_MAP := -ffile-prefix-map=$(CURDIR)=.
# Expanded only when something is compiled, so that bootstrap can run before the packages are installed.
USER_CFLAGS  = -std=gnu11 $(WARNINGS) $(PREFIX_MAP) -D_GNU_SOURCE -DVERSION='"$(VERSION)"' $(CPPFLAGS) \
	-iquote bpf -iquote user -iquote $(BUILD)/bpf -MMD -MP $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
# To test, beside this version, one that does not share BPF programs with it.
ifdef FORCE_ABI
USER_CFLAGS += -DFORCE_ABI=$(FORCE_ABI)
endif
USER_LDLIBS  = $(shell $(PKG_CONFIG) --libs $(PACKAGES))
# BPF_PROG() declares a ctx that most programs do not use. BPF_CORE_READ() of libbpf before 1.6 declares a
# const variable before it sets it, which clang 21 and later warn about.
# CFLAGS and CPPFLAGS are for the host's instruction set, and not for these.
BPF_CFLAGS   = -O2 -g $(WARNINGS) $(PREFIX_MAP) -Wno-unused-parameter -Wno-unknown-warning-option \
	-Wno-default-const-init-var-unsafe -target bpf -mcpu=v3 \
	-D__TARGET_ARCH_$(ARCH) -Ivmlinux -iquote bpf -MMD -MP

# bpf/ and user/ have a folder for each tool, and common/ for what they share.
SOURCES       := $(wildcard user/*/*.c)
MAINS         := $(wildcard user/*/mptcp-*.c)
# The main file of each folder includes the others.
# mptcp-force has a second object, for its audit; both tools first load a small one.
BPF_OBJECTS   := $(foreach tool,$(notdir $(wildcard bpf/*)),$(patsubst %.c,$(BUILD)/%.o,$(wildcard bpf/$(tool)/$(tool).bpf.c))) \
	$(BUILD)/bpf/force/audit.bpf.o $(BUILD)/bpf/common/preemption.bpf.o
SKELETONS     := $(BPF_OBJECTS:.bpf.o=.skel.h)

# Folders with dependency files; included makefiles add their own.
OBJECT_FOLDERS := $(BUILD)/bpf $(BUILD)/user

TOOLS   := $(BUILD)/mptcp-force $(BUILD)/mptcp-watch
MANUALS := $(TOOLS:$(BUILD)/%=$(BUILD)/man/%.8)

.PHONY: all
all: $(TOOLS) $(MANUALS) ## Build the tools and their manual pages (the default)

TEST_CFLAGS := -O2 -g -std=gnu11 $(WARNINGS) -D_GNU_SOURCE

include tests/Makefile

.PHONY: test
test: ## Run all tests on KERNELS (default: 6.1 6.12 7.3), installing what they need
	$(Q)scripts/bootstrap build demo test
	$(Q)$(MAKE) --no-print-directory -j "$$(nproc)" all clangs $(CHECK_PROGRAMS) $(TEST_PROGRAMS)
	$(Q)$(MAKE) --no-print-directory check test-kernels

.PHONY: check
check: all $(CHECK_PROGRAMS) ## Check formatting, run linters, unit and document tests: no root, no kernel
	$(Q)MAKE='$(MAKE)' tests/check

.PHONY: format
format: ## Format all C sources
	$(Q)find bpf user tests vmlinux/generate.c -name '*.[ch]' -exec clang-format -i {} +

.PHONY: compile_commands.json
compile_commands.json: ## Write build/compile_commands.json, for clangd
	$(call say,GEN,$(BUILD)/$@)mkdir -p $(BUILD) && scripts/compile-commands '$(MAKE)' > $(BUILD)/$@

.PHONY: test-kernels
test-kernels: $(TOOLS) $(TEST_PROGRAMS) clangs ## Run the tests that need a kernel, on KERNELS
	$(Q)tests/test-kernels $(KERNELS)

.PHONY: test-long
test-long: ## Run everything, for hours: other distributions and compilers, all scenarios (STEPS)
	$(Q)scripts/bootstrap build demo test package long programs
	$(Q)$(MAKE) --no-print-directory clangs $(TOOLS) $(TEST_PROGRAMS)
	$(Q)KERNELS='$(KERNELS)' tests/long/test-long $(STEPS)

.PHONY: demo
demo: ## Show a router fail under TCP, then under MPTCP (KERNEL, TRAFFIC, NATIVE=1)
	$(Q)tests/demo/start --check
	$(Q)scripts/bootstrap build demo
	$(Q)$(MAKE) --no-print-directory start-demo

.PHONY: start-demo
start-demo: $(TOOLS) $(DEMO_PROGRAMS)
	$(Q)tests/demo/start $(KERNEL)

# All scenarios take long. tests/test-kernels runs failover-short: the scenarios that differ most.
FAILOVER_SHORT := drop reset client_link idle_path_dead strip_syn

.PHONY: failover
failover: ## Run all failover scenarios, over TCP and MPTCP, on KERNELS (default: 6.12)
	$(Q)scripts/bootstrap build demo test
	$(Q)$(MAKE) --no-print-directory $(TOOLS) $(FAILOVER_PROGRAMS)
	$(Q)tests/failover/run --all $(FAILOVER_KERNELS:%=--kernel %)

.PHONY: failover-short
failover-short: $(TOOLS) $(FAILOVER_PROGRAMS) ## Run a few of these, over IPv4
	$(Q)tests/failover/run $(FAILOVER_SHORT) --family 4 --out $(BUILD)/failover-short \
		$(FAILOVER_KERNELS:%=--kernel %)

.PHONY: failover-time
failover-time: $(BUILD)/tests/outage ## Measure how fast failover is, on KERNELS (default: 6.12 7.3)
	$(Q)tests/failover/time/failover-time $(BUILD)/failover-time $< $(FAILOVER_TIME_KERNELS)

.PHONY: bench
bench: $(TOOLS) $(BENCH_PROGRAMS) ## Measure the costs in instructions and memory, on KERNEL
	$(Q)tests/bench/bench

.PHONY: test-off
test-off: $(TOOLS) $(TEST_PROGRAMS) ## Prove that the tests fail when nothing is enforced, on KERNEL
	$(Q)tests/test-off $(KERNEL)

.PHONY: shell
shell: $(TOOLS) $(DEMO_PROGRAMS) ## Open a root shell in a virtual machine with KERNEL (default: 6.12)
	$(Q)tests/vm/run -i $(KERNEL) -- bash

.PHONY: clangs
clangs: ## Build the tools with each of CLANGS (default: clang-19), in build/CLANG
	$(Q)for clang in $(CLANGS); do \
		$(MAKE) --no-print-directory CLANG=$$clang BUILD=$(BUILD)/$$clang tools || exit; \
	done

.PHONY: tools
tools: $(TOOLS) ## Build only the tools

.PHONY: bpf-objects
bpf-objects: $(BPF_OBJECTS)

.PHONY: vmlinux
vmlinux: $(BUILD)/generate ## Regenerate vmlinux/vmlinux.h from the BTF of KERNEL
	$(Q)tests/vm/run $(KERNEL) -- cat /sys/kernel/btf/vmlinux > $(BUILD)/vmlinux.btf
	$(Q)$< $(BUILD)/vmlinux.btf vmlinux/roots > $(BUILD)/vmlinux.h
	$(Q)mv $(BUILD)/vmlinux.h vmlinux/vmlinux.h

$(BUILD)/generate: vmlinux/generate.c
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(TEST_CFLAGS) $< \
		$(shell $(PKG_CONFIG) --cflags --libs libbpf) -o $@

.PHONY: install
install: all ## Install below DESTDIR and PREFIX (default: /usr/local)
	$(INSTALL) -D -m 755 $(INSTALL_STRIP) -t $(SBINDIR) $(TOOLS)
	$(INSTALL) -D -m 644 -t $(MANDIR)/man8 $(MANUALS)
	$(INSTALL) -D -m 644 completions/mptcp-force.bash $(COMPLETIONS)/mptcp-force
	$(INSTALL) -D -m 644 completions/mptcp-watch.bash $(COMPLETIONS)/mptcp-watch

.PHONY: uninstall
uninstall: ## Remove what install installed, with the same DESTDIR and PREFIX
	rm -f $(TOOLS:$(BUILD)/%=$(SBINDIR)/%) $(TOOLS:$(BUILD)/%=$(COMPLETIONS)/%) \
		$(MANUALS:$(BUILD)/man/%=$(MANDIR)/man8/%)

DIST := $(BUILD)/mptcp-force-$(VERSION).tar.gz

.PHONY: dist
dist: ## Make an archive of the sources, build/mptcp-force-VERSION.tar.gz
	$(Q)packaging/build-dist '$(VERSION)' $(DIST)

.PHONY: deb
deb: ## Build the Debian package, in build/deb
	$(Q)scripts/bootstrap build package
	$(Q)packaging/build-deb $(BUILD)/deb

.PHONY: rpm
rpm: ## Build the RPM package, in build/rpm
	$(Q)scripts/bootstrap build package
	$(Q)packaging/build-dist '$(VERSION)' $(DIST)
	$(Q)packaging/build-rpm $(DIST) $(BUILD)/rpm

.PHONY: coverage
coverage: ## Measure which lines of user/ the tests of 'make check' run, in build/coverage
	$(Q)tests/coverage '$(MAKE)'

.PHONY: clean
clean: ## Remove build/
	$(Q)rm -rf $(BUILD)

.PHONY: help
help: ## Print this list
	@sed -n 's/^\([a-z_.-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 24

$(BUILD)/mptcp-force: $(BUILD)/user/force/mptcp-force.o $(addprefix $(BUILD)/user/,force.a common.a)
$(BUILD)/mptcp-watch: $(BUILD)/user/watch/mptcp-watch.o $(addprefix $(BUILD)/user/,watch.a common.a)
$(TOOLS):
	$(call say,LINK,$@)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(USER_LDLIBS) -o $@

$(BUILD)/user/common/preemptible.o: $(BUILD)/bpf/common/preemption.skel.h
$(BUILD)/user/force/attachment.o: $(BUILD)/bpf/force/force.skel.h
$(BUILD)/user/force/auditor.o: $(BUILD)/bpf/force/audit.skel.h
$(addprefix $(BUILD)/user/watch/,watcher.o probes.o): $(BUILD)/bpf/watch/watch.skel.h

# Everything but the mains, in an archive for each folder: the linker takes what a program calls.
objects = $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(MAINS),$(wildcard user/$(1)/*.c)))
$(BUILD)/user/common.a: $(call objects,common)
$(BUILD)/user/force.a: $(call objects,force)
$(BUILD)/user/watch.a: $(call objects,watch)
$(BUILD)/%.a:
	$(call say,AR,$@)rm -f $@ && $(AR) rcs $@ $^

# Changes when the flags do, so that all is compiled again. What install installs is as it was built, with the flags of
# that time.
$(BUILD)/flags: flags = $(CC) $(CFLAGS) $(CPPFLAGS) $(LDFLAGS) $(WARNINGS)
$(BUILD)/flags: $(if $(filter install,$(MAKECMDGOALS)),,always)
	$(Q)mkdir -p $(@D) && echo '$(flags)' | cmp -s - $@ || echo '$(flags)' > $@

.PHONY: always
always:

$(BUILD)/user/%.o: user/%.c Makefile $(BUILD)/flags
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(CFLAGS) $(USER_CFLAGS) -c $< -o $@

$(BUILD)/bpf/%.bpf.o: bpf/%.bpf.c Makefile
	$(call say,BPF,$@)mkdir -p $(@D) && $(CLANG) $(BPF_CFLAGS) -c $< -o $@

# Without DWARF.
$(BUILD)/%.linked.o: $(BUILD)/%.bpf.o
	$(call say,LINK,$@)$(BPFTOOL) gen object $@ $<

$(BUILD)/%.skel.h: $(BUILD)/%.linked.o scripts/pack-skeleton
	$(call say,SKEL,$@)scripts/pack-skeleton '$(BPFTOOL)' $< $(*F)_bpf > $@

$(BUILD)/man/%: man/%.scd Makefile
	$(call say,MAN,$@)mkdir -p $(@D) && sed 's/@VERSION@/$(VERSION)/' $< | $(SCDOC) > $@

# Not everything below build/, which also has the builds by other compilers.
-include $(shell find $(OBJECT_FOLDERS) -name '*.d' 2> /dev/null)

.DELETE_ON_ERROR:
.SECONDARY:
