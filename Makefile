# SPDX-License-Identifier: GPL-2.0-or-later
# kvstore: every task. `make help` lists them; V=1 shows the commands.

# The newest version in CHANGELOG.md
VERSION := $(firstword $(shell sed -n 's/^\#\# \([0-9.]*\).*/\1/p' CHANGELOG.md))

CC ?= gcc
CFLAGS ?= -O2 -g
KDIR ?= /lib/modules/$(shell uname -r)/build
# The kernel of the test guest, by its name in tests/vm/fetch. DEBUG=1 and KCOV=yes select debug, but only on make's
# command line: a variable DEBUG in the environment may have another purpose.
KERNEL ?= $(if $(and $(filter command,$(origin DEBUG) $(origin KCOV)),$(DEBUG)$(KCOV)),debug,6.1)
# The guest's machine, if it is not amd64
machine := $(filter arm64 s390x,$(KERNEL))

ifneq ($(words $(CURDIR)),1)
$(error the path of this folder has a blank, which neither make nor Kbuild supports: $(CURDIR))
endif

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory --no-builtin-rules

B := build
CACHE := $(or $(KV_CACHE),$(patsubst %,%/kvstore,$(XDG_CACHE_HOME)),$(HOME)/.cache/kvstore)
Q := $(if $(V),,@)
# Progress goes to stderr, since stdout belongs to the command that runs
say = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-8s%s\n' $(1) $(2) >&2)

.PHONY: all
all: $B/libkv.a $B/libkv.so $B/kvsh host-module ## build the library, the shell and the module for this host's kernel

include mk/deps.mk mk/programs.mk mk/machines.mk mk/man.mk mk/module.mk

# The guest

.PHONY: guest guest-ready shell shell-parts check
guest_programs := $(if $(machine),$B/for-$(machine),$B/libkv.so $(programs) $B/tests/fuzz $B/vm/reseed $B/for-i686)
guest: $(guest_tests) $B/kvsh $(guest_programs) ## build everything that tests run in the guest (KERNEL=6.1, or another of tests/vm/fetch)
	@:

# The packages come first: building needs them
guest-ready: deps-guest
	$(Q)$(MAKE) guest man </dev/null >&2

# Everything that the prompt needs; with -j2, kvsh is built while the kernel is fetched
shell-parts: $(guest_module) $(if $(machine),$B/for-$(machine),$B/kvsh $B/vm/reseed)
	@:

shell: ## boot a guest and work in kvsh: at a terminal, or a script on stdin
	$(Q)KV_STEP='1/3 ' packaging/deps $(DEPS_SHELL) $(DEPS_$(machine)) </dev/null
	$(Q)KV_STEP='2/3 ' $(MAKE) -j2 shell-parts </dev/null >&2
	$(call say,3/3,'booting kernel $(KERNEL) in QEMU')
	$(Q)KV_NO_BUILD=1 KV_VM_BOOT=1 tests/vm/run --kernel $(KERNEL) -- kvsh

TESTS ?= $(shell tests/run --list)
check: guest-ready ## run all tests, or TESTS, in guests (DEBUG=1: on the kernel debug; KERNEL=kcsan, s390x, arm64, ...)
	$(Q)KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) KV_VM_BUILD=$(guest_tree) prove --timer --failures --comments $(if $(V),-v) -j2 $(TESTS) </dev/null

# Run the tests on one kernel after another, and print a summary. A kernel that cannot be fetched or built counts as
# failed.
KERNELS ?= 5.10 6.1 6.12 7.2 7.3
.PHONY: check-kernels
check-kernels: ## run all tests, or TESTS, on each of KERNELS (5.10 6.1 6.12 7.2 7.3), with a summary
	$(Q)summary=() failed=0; \
	for kernel in $(KERNELS); do \
		if $(MAKE) check KERNEL=$$kernel TESTS='$(TESTS)' </dev/null; then result=passed; \
		else result=FAILED failed=1; fi; \
		summary+=("$$kernel: $$result"); \
	done; \
	printf '%s\n' "$${summary[@]}"; \
	exit $$failed

.PHONY: build-kernels
build-kernels: ## build the module and the test modules for each of KERNELS
	$(Q)for kernel in $(KERNELS); do $(MAKE) guest-ready KERNEL=$$kernel </dev/null; done

# Only root can unpack a Debian system in a folder: `make check` runs none of the tests tests/*/SUITE.t
suites := bookworm trixie
as_root = $(Q)[ "$$(id -u)" = 0 ] || { echo "make $@ needs root: sudo make $@" >&2; exit 1; }
.PHONY: check-packages
check-packages: ## build Debian packages, install them in a bookworm and a trixie as README.md says, and boot these (as root)
	$(as_root)
	$(Q)packaging/deps $(DEPS_PACKAGES) </dev/null
	$(Q)prove --timer --failures --comments $(if $(V),-v) $(suites:%=tests/packages/%.t) </dev/null

.PHONY: check-docs
check-docs: guest-ready ## run the commands in the documentation; README.md's first two in a clean bookworm and trixie (as root)
	$(as_root)
	$(Q)packaging/deps $(DEPS_PACKAGES) </dev/null
	$(Q)KV_NO_BUILD=1 KV_DOCS_LONG=1 prove --timer --failures --comments $(if $(V),-v) \
		$(filter tests/docs/%,$(shell tests/run --list)) $(suites:%=tests/docs/%.t) </dev/null

.PHONY: check-kunit
check-kunit: ## run the KUnit tests, and those of the in-kernel interface, with the kernel debug
	$(Q)$(MAKE) check KERNEL=debug TESTS='tests/kernel/kunit.sh tests/kernel/interface.sh' </dev/null

# Each run starts with new counts
.PHONY: coverage
coverage: ## run all tests, or TESTS, on the kernel debug, and show which lines of the module ran
	$(Q)packaging/deps $(DEPS_COVERAGE) </dev/null
	$(Q)rm -rf $B/counts && mkdir -p $B/counts
	$(Q)KV_VM_COUNTS=$(CURDIR)/$B/counts $(MAKE) check KERNEL=debug COUNTED=yes TESTS='$(TESTS)' </dev/null
	$(Q)tests/coverage $B/counts $B/debug-gcov $B/coverage

.PHONY: check-races
ROUNDS ?= 1000
check-races: guest-ready ## run the tests of races many times (ROUNDS=1000; KERNEL=debug finds more)
	$(Q)KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) KV_TIMEOUT=0 prove -v tests/stress/races.c :: $(ROUNDS) </dev/null

# Long runs of random operations
OPERATIONS ?= 1000000

.PHONY: check-model
check-model: guest-ready ## compare OPERATIONS (1000000) random ones with a model, and check histories of threads (SEED=: the same again)
	$(Q)for test in model histories; do \
		KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) KV_TIMEOUT=0 tests/run tests/stress/$$test.c --operations $(OPERATIONS) \
			$(if $(SEED),--seed $(SEED)) </dev/null; done

include mk/fuzz.mk mk/bench.mk mk/lint.mk mk/install.mk

.PHONY: clean help
clean: ## remove build/
	$(Q)rm -rf $B

help: ## list these targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | sort -u | expand -t 16
