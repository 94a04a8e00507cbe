# SPDX-License-Identifier: GPL-2.0-or-later
#
# make help lists what there is to do. Everything generated is below build/.

VERSION := 0.1.0
BUILD   := build

PREFIX      ?= /usr/local
DESTDIR     ?=
SBINDIR     := $(DESTDIR)$(PREFIX)/sbin
MANDIR      := $(DESTDIR)$(PREFIX)/share/man
COMPLETIONS := $(DESTDIR)$(PREFIX)/share/bash-completion/completions

# The kernel that shell, bench and demo run in, and those that the tests run in.
KERNEL  ?= 6.12
KERNELS ?= 6.1 6.12 7.3

CC         ?= gcc
CLANG      ?= clang
BPFTOOL    ?= $(shell PATH=$$PATH:/usr/sbin:/sbin command -v bpftool || echo bpftool)
PKG_CONFIG ?= pkg-config
GO         ?= go

ifeq ($(V),1)
Q   :=
say  =
else
Q   := @
say  = @printf '  %-8s %s\n' '$(1)' '$(2)';
endif

ARCH := $(shell uname -m | sed 's/x86_64/x86/; s/aarch64/arm64/; s/ppc64le/powerpc/; \
	s/riscv64/riscv/')

PACKAGES := libbpf json-c libcap-ng
CFLAGS   ?= -O2 -g
# Asked for only when something is compiled, so that bootstrap can run before the packages are there.
USER_CFLAGS  = -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
	-iquote bpf -iquote user -iquote $(BUILD) -MMD -MP $(shell $(PKG_CONFIG) --cflags $(PACKAGES))
USER_LDLIBS  = $(shell $(PKG_CONFIG) --libs $(PACKAGES))
# BPF_PROG() declares a ctx that most programs have no use for.
BPF_CFLAGS  := -O2 -g -Wall -Wextra -Werror -Wno-unused-parameter -target bpf \
	-D__TARGET_ARCH_$(ARCH) -Ivmlinux -Ibpf -MMD -MP

FORCE_SOURCES := mptcp-force cgroup check enforce enforcer features log notify privileges \
	run scope transient_cgroup
FORCE_OBJECTS := $(FORCE_SOURCES:%=$(BUILD)/user/%.o)

TOOLS := $(BUILD)/mptcp-force

.PHONY: all
all: $(TOOLS) ## Build the tools (the default)

TEST_CFLAGS := -O2 -g -std=gnu11 -Wall -Wextra -Werror -D_GNU_SOURCE

include tests/Makefile

.PHONY: test
test: ## Run all tests on KERNELS (default: 6.1 6.12 7.3), installing what they need
	$(Q)scripts/bootstrap build demo test
	$(Q)$(MAKE) --no-print-directory check test-kernels

.PHONY: check
check: $(TOOLS) ## Formatting, linters and unit tests: no root, no kernel
	$(Q)tests/check

.PHONY: test-kernels
test-kernels: $(TOOLS) $(TEST_PROGRAMS)
	$(Q)tests/run $(KERNELS)

.PHONY: shell
shell: $(TOOLS) $(TEST_PROGRAMS) ## A root shell in a virtual machine with KERNEL (default: 6.12)
	$(Q)tests/vm/run -i $(KERNEL) -- bash

.PHONY: vmlinux
vmlinux: $(BUILD)/generate ## Regenerate vmlinux/vmlinux.h from the BTF of KERNEL
	$(Q)tests/vm/run $(KERNEL) -- cat /sys/kernel/btf/vmlinux > $(BUILD)/vmlinux.btf
	$(Q)$< $(BUILD)/vmlinux.btf vmlinux/roots > $(BUILD)/vmlinux.h
	$(Q)mv $(BUILD)/vmlinux.h vmlinux/vmlinux.h

$(BUILD)/generate: vmlinux/generate.c
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(TEST_CFLAGS) $< \
		$(shell $(PKG_CONFIG) --cflags --libs libbpf) -o $@

.PHONY: install
install: $(TOOLS) ## Install below DESTDIR and PREFIX (default: /usr/local)
	install -D -m 755 -t $(SBINDIR) $(TOOLS)

.PHONY: clean
clean: ## Remove build/
	$(Q)rm -rf $(BUILD)

.PHONY: help
help: ## This list
	@sed -n 's/^\([a-z-]*\):.*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 12

$(BUILD)/mptcp-force: $(FORCE_OBJECTS)
	$(call say,LINK,$@)$(CC) $(CFLAGS) $(LDFLAGS) $^ $(USER_LDLIBS) -o $@

$(BUILD)/user/enforcer.o: $(BUILD)/force.skel.h

$(BUILD)/user/%.o: user/%.c Makefile
	$(call say,CC,$@)mkdir -p $(@D) && $(CC) $(CFLAGS) $(USER_CFLAGS) -c $< -o $@

$(BUILD)/%.bpf.o: bpf/%.bpf.c Makefile
	$(call say,BPF,$@)mkdir -p $(@D) && $(CLANG) $(BPF_CFLAGS) -c $< -o $@

$(BUILD)/%.skel.h: $(BUILD)/%.bpf.o
	$(call say,SKEL,$@)$(BPFTOOL) gen skeleton $< name $*_bpf > $@

-include $(wildcard $(BUILD)/*.d $(BUILD)/*/*.d $(BUILD)/*/*/*.d)

.DELETE_ON_ERROR:
.SECONDARY:
