# SPDX-License-Identifier: GPL-2.0-or-later
# kvstore: every task. `make help` lists them; V=1 shows the commands.

# The newest of CHANGELOG.md
VERSION := $(firstword $(shell sed -n 's/^\#\# \([0-9.]*\).*/\1/p' CHANGELOG.md))

CC ?= gcc
CFLAGS ?= -O2 -g
KDIR ?= /lib/modules/$(shell uname -r)/build
# The kernel of the test guest, a name that tests/vm/fetch knows; DEBUG=1 is another way to say debug
# (given to make: what an environment's DEBUG means is somebody else's)
KERNEL ?= $(if $(and $(filter command,$(origin DEBUG) $(origin KCOV)),$(DEBUG)$(KCOV)),debug,6.1)
# Its machine, where that is another than this one
machine := $(filter arm64 s390x,$(KERNEL))

ifneq ($(words $(CURDIR)),1)
$(error this folder's path has a blank in it, which neither make nor Kbuild can do with: $(CURDIR))
endif

# Debian packages: what building, running the guest (and one of another machine), building the kernels
# debug and kcsan, linting, benchmarks (the servers that kvstore is compared with), drawing, showing
# coverage and clang's fuzzer need
DEPS_BUILD := gcc libc6-dev make xz-utils libreadline-dev libjansson-dev scdoc
DEPS_GUEST := qemu-system-x86 busybox-static cpio libelf1 perl expect iproute2 trace-cmd libmnl-dev xz-utils \
	bash-completion pkg-config iptables ebtables ipset ipvsadm conntrack gcc-i686-linux-gnu libc6-dev-i386-cross
DEPS_arm64 := qemu-system-arm gcc-aarch64-linux-gnu libc6-dev-arm64-cross
DEPS_s390x := qemu-system-misc gcc-s390x-linux-gnu libc6-dev-s390x-cross
DEPS_KERNEL := bc bison cpio flex libelf-dev xz-utils
DEPS_LINT := sparse shellcheck cppcheck codespell clang-format xz-utils
DEPS_BENCH := redis-server memcached
DEPS_PLOTS := gnuplot-nox
DEPS_COVERAGE := gcovr
DEPS_DKMS := dkms
DEPS_PACKAGES := mmdebstrap qemu-system-x86 e2fsprogs
DEPS_DEB := build-essential debhelper dh-dkms dpkg-dev libreadline-dev libjansson-dev scdoc
DEPS_FUZZ := clang libclang-rt-14-dev libjansson-dev libreadline-dev

SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-print-directory --no-builtin-rules

B := build
CACHE := $(or $(KV_CACHE),$(patsubst %,%/kvstore,$(XDG_CACHE_HOME)),$(HOME)/.cache/kvstore)
Q := $(if $(V),,@)
# Progress goes to stderr: stdout belongs to what is run
say = $(if $(V)$(findstring s,$(firstword -$(MAKEFLAGS))),,@printf '  %-8s%s\n' $(1) $(2) >&2)

.PHONY: all
all: $B/libkv.a $B/libkv.so $B/kvsh host-module ## build the library, the shell and the module for this host's kernel

# The library and the shell

cflags := -std=gnu11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-D_GNU_SOURCE -DKV_VERSION='"$(VERSION)"' -Iinclude -MMD -MP
lib_objects := $(patsubst %.c,$B/%.o,$(wildcard lib/*.c))
cli_objects := $(patsubst %.c,$B/%.o,$(wildcard cli/*.c cli/*/*.c))
model_objects := $(patsubst %.c,$B/%.o,$(wildcard tests/reference/*.c))
programs := $(patsubst tests/programs/%.c,$B/tests/%,$(wildcard tests/programs/*.c)) $B/tests/model

$B/lib/%.o: cflags += -fPIC -fvisibility=default
$(cli_objects): cflags += -Icli
$B/%.o: %.c Makefile
	$(call say,CC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(cflags) $(CPPFLAGS) $(CFLAGS) -c -o $@ $<

$B/libkv.a: $(lib_objects)
	$(call say,AR,$@)
	$(Q)rm -f $@
	$(Q)$(AR) rcs $@ $^

$B/libkv.so.0: $(lib_objects) lib/libkv.map
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -shared -Wl,-soname,libkv.so.0 \
		-Wl,--version-script,lib/libkv.map -Wl,-z,defs -o $@ $(lib_objects)

$B/libkv.so: $B/libkv.so.0
	$(Q)ln -sf libkv.so.0 $@

# What kvsh is linked with: itself, or build/libkv.so
LIBKV ?= $B/libkv.a
$B/kvsh: $(cli_objects) $(LIBKV)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lreadline -ljansson $(LDLIBS)

$B/tests/%: $B/tests/programs/%.o $B/libkv.a
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lpthread $(libraries)

$B/tests/guardctl: libraries := -lmnl

$(model_objects): cflags += -Itests/programs
$B/tests/model: $(model_objects)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^

# The fuzzer, which runs in the guest too
fuzz_objects := $(patsubst %.c,$B/%.o,$(wildcard tests/fuzzer/*.c))
$(fuzz_objects): cflags += -Itests/programs

$B/tests/fuzz: $(fuzz_objects)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lpthread

# What bench/run runs in the guest
bench_objects := $(patsubst %.c,$B/%.o,$(wildcard bench/*.c))
# A row's functions are all given the row
$(bench_objects): cflags += -Itests/programs -Wno-unused-parameter

$B/kvbench: $(bench_objects) $B/libkv.a
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lm -lpthread

# QEMU's plugin for bench/profile
$B/count.so: bench/profiler/count.c
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) -Wall -shared -fPIC -o $@ $<

.PRECIOUS: $B/%.o
-include $(lib_objects:.o=.d) $(cli_objects:.o=.d) $(bench_objects:.o=.d) $(model_objects:.o=.d) $(fuzz_objects:.o=.d)
-include $(patsubst $B/tests/%,$B/tests/programs/%.d,$(programs))

# Programs for other machines, and as 32-bit code: this makefile once more, with another compiler and a folder
# of its own. They are static, since the guest has no such libraries: guardctl and traffic cannot be.
compiler_i686 := i686-linux-gnu-gcc
compiler_arm64 := aarch64-linux-gnu-gcc
compiler_s390x := s390x-linux-gnu-gcc
static_i686 := $(addprefix tests/,$(filter-out guardctl traffic model,$(notdir $(programs))))
static_arm64 := $(static_i686) tests/model tests/fuzz
static_s390x := $(static_arm64)
others := $(addprefix $B/for-,i686 arm64 s390x)

.PHONY: $(others)
$(others): $B/for-%:
	$(Q)$(MAKE) B=$@ CC=$(compiler_$*) AR=$(compiler_$*:%gcc=%ar) LDFLAGS='-static -s -Wl,--no-warnings' \
		CPPFLAGS='$(CPPFLAGS) $(addprefix -isystem ,$(wildcard $(CACHE)/$*/usr/include))' \
		LDLIBS='$(addprefix -L,$(wildcard $(CACHE)/$*/usr/lib/*-linux-gnu)) -ltinfo' \
		PROGRAMS='$(addprefix $@/,kvsh $(static_$*))' programs </dev/null
.PHONY: programs
programs: $(PROGRAMS)
	@:
# With libraries that are fetched for them; those of a kernel's own machine come along with it
$B/for-$(or $(machine),i686): $(CACHE)/$(or $(machine),i686)/release

# The manual

pages := $(patsubst docs/man/%.scd,$B/man/%,$(wildcard docs/man/*.scd))

.PHONY: man
man: $(pages) ## build the manual pages, in build/man
	@:

$B/man/%: docs/man/%.scd
	$(call say,SCDOC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)scdoc <$< >$@

# The module. Kbuild writes beside the sources, so each kernel gets a tree of links to them.

module_sources := Kbuild include/kv_proto.h include/kvstore.h $(wildcard kernel/*/* kernel/*/*/* tests/modules/* bench/modules/*)
# $(call kbuild,HEADERS,TREE,ARGS): where the headers have tools beside them, with those
define kbuild
	$(Q)mkdir -p $(2)
	$(Q)cp -rsf $(CURDIR)/Kbuild $(CURDIR)/kernel $(CURDIR)/include $(2)/
	$(Q)mkdir -p $(2)/tests $(2)/bench
	$(Q)cp -rsf $(CURDIR)/tests/modules $(2)/tests/
	$(Q)cp -rsf $(CURDIR)/bench/modules $(2)/bench/
	$(Q)tests/vm/inside $(dir $(1)) $(MAKE) -s -C $(1) M=$(abspath $(2)) CONFIG_DEBUG_INFO_BTF_MODULES= KV_VERSION=$(VERSION) $(3) modules </dev/null >&2
endef

.PHONY: module host-module host-module-install host-module-uninstall
host_release := $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h 2>/dev/null)

ifneq ($(host_release),)
host_tree := $B/host-$(host_release)

module: $(host_tree)/kernel/kvstore/kvstore.ko ## build the module alone (KDIR= says where the kernel's headers are)

$(host_tree)/kernel/kvstore/kvstore.ko: $(module_sources)
	$(call say,KBUILD,$@)
	$(call kbuild,$(KDIR),$(host_tree))

host-module: module

host-module-install: module
	$(Q)$(MAKE) -s -C $(KDIR) M=$(abspath $(host_tree)) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates \
		CONFIG_MODULE_SIG_ALL= modules_install >&2
	$(Q)[ -n "$(DESTDIR)" ] || depmod $(host_release)

host_modules := $(DESTDIR)/lib/modules/$(host_release)/updates/kernel
host-module-uninstall:
	$(Q)rm -f $(foreach module,kvstore portguard,$(wildcard $(host_modules)/$(module)/$(module).ko*))
	$(Q)rmdir -p $(wildcard $(host_modules)/kvstore $(host_modules)/portguard) 2>/dev/null || true
	$(Q)[ -n "$(DESTDIR)" ] || depmod $(host_release)
else
no_headers := there are no kernel headers in $(KDIR) (linux-headers-$(shell uname -r))

module:
	@echo "$(no_headers); KDIR= says where else they are" >&2; exit 1

host-module-uninstall:
	@:

host-module host-module-install:
	@echo "note: the module is left out, since $(no_headers)" >&2
endif

# The guest

# COUNTED=yes: the modules count for gcov what runs of them; KCOV=yes: they tell the caller
guest_tree := $(KERNEL)$(if $(COUNTED),-gcov)$(if $(KCOV),-kcov)
guest_module := $B/$(guest_tree)/kernel/kvstore/kvstore.ko

# Kernels that check themselves are built here, and again when they are to be others
$(CACHE)/debug/release $(CACHE)/kcsan/release: tests/vm/debug.config
$(CACHE)/kcsan/release: tests/vm/kcsan.config
$(CACHE)/%/release: tests/vm/fetch
	$(Q)$(if $(filter debug kcsan,$*),packaging/deps $(DEPS_KERNEL) </dev/null)
	$(Q)KV_CACHE=$(CACHE) tests/vm/fetch $* </dev/null >&2
	$(Q)touch $@

$(guest_module): $(module_sources) $(CACHE)/$(KERNEL)/release
	$(call say,KBUILD,$@)
	$(call kbuild,$(CACHE)/$(KERNEL)/build,$B/$(guest_tree),KV_TEST_MODULES=m $(if $(COUNTED),GCOV_PROFILE=y) $(if $(KCOV),KCOV_INSTRUMENT=y))

.PHONY: guest guest-ready shell check
guest_programs := $(if $(machine),$B/for-$(machine),$B/libkv.so $(programs) $B/tests/fuzz $B/for-i686)
guest: $(guest_module) $B/kvsh $(guest_programs) ## build what runs in the test guest (KERNEL=6.1, or another of tests/vm/fetch)
	@:

# Only once its tools are there can the guest's part be built
guest-ready: deps-guest
	$(Q)$(MAKE) guest </dev/null >&2

# make's own status is 2 whatever failed; so for `make shell`, whose status is kvsh's, make
# becomes the guest (by a function that it loads) instead of waiting for it.
ifneq ($(filter shell,$(MAKECMDGOALS)),)
-load $B/become.so
# It is made before any target is, so it sees to its own tools.
$B/become.so: tests/vm/become.c
	$(Q)packaging/deps $(DEPS_BUILD) $(DEPS_GUEST) </dev/null
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -shared -fPIC -o $@ $<
endif

shell: guest-ready ## boot a guest and work in kvsh: at a terminal, or a script on stdin
	$(if $(findstring n,$(firstword -$(MAKEFLAGS))),,$(become tests/vm/run,--kernel,$(KERNEL),--,kvsh))

TESTS ?= tests/*.t
check: guest-ready ## run all tests, or TESTS, in guests (DEBUG=1: on the kernel debug; KERNEL=kcsan, s390x, arm64, ...)
	$(Q)KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) KV_VM_BUILD=$(guest_tree) prove --timer --failures --comments $(if $(V),-v) -j2 $(TESTS) </dev/null

# Each kernel's tests, one kernel after another, and at the end what came of each. A kernel that is not to
# be had fails as one whose tests fail does.
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
build-kernels: ## build the module, and what its tests load, for each of KERNELS
	$(Q)for kernel in $(KERNELS); do $(MAKE) guest-ready KERNEL=$$kernel </dev/null; done

# Only root can make a Debian in a folder
as_root = $(Q)[ "$$(id -u)" = 0 ] || { echo "make $@ needs root: sudo make $@" >&2; exit 1; }
.PHONY: check-packages
check-packages: ## make Debian packages, install them in a bookworm and a trixie as README.md says, and boot these (as root)
	$(as_root)
	$(Q)packaging/deps $(DEPS_PACKAGES) </dev/null
	$(Q)prove --timer --failures --comments $(if $(V),-v) tests/packages/*.t </dev/null

.PHONY: check-docs
check-docs: guest-ready ## do what the documentation shows; README.md's two commands in a clean bookworm and trixie too (as root)
	$(as_root)
	$(Q)packaging/deps $(DEPS_PACKAGES) </dev/null
	$(Q)KV_NO_BUILD=1 KV_DOCS_LONG=1 prove --timer --failures --comments $(if $(V),-v) tests/docs.t tests/docs/*.t tests/readme.t tests/from-kernel-code.t \
		tests/in-kernel.t tests/in-kernel-doc.t tests/protocol.t tests/man.t </dev/null

.PHONY: check-kunit
check-kunit: ## run the KUnit tests, and those of the in-kernel interface, with the kernel debug
	$(Q)$(MAKE) check KERNEL=debug TESTS='tests/kunit.t tests/inkernel.t' </dev/null

# Counted anew each time
.PHONY: coverage
coverage: ## run all tests, or TESTS, on the kernel debug, and show which lines of the module ran
	$(Q)packaging/deps $(DEPS_COVERAGE) </dev/null
	$(Q)rm -rf $B/counts && mkdir -p $B/counts
	$(Q)KV_VM_COUNTS=$(CURDIR)/$B/counts $(MAKE) check KERNEL=debug COUNTED=yes TESTS='$(TESTS)' </dev/null
	$(Q)tests/coverage $B/counts $B/debug-gcov $B/coverage

.PHONY: check-races
ROUNDS ?= 1000
check-races: guest-ready ## run what races what, many times (ROUNDS=1000; KERNEL=debug sees more)
	$(Q)ROUNDS=$(ROUNDS) KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) prove -v tests/races.t </dev/null

# Drawn operations, in numbers that take their time
OPERATIONS ?= 1000000

.PHONY: check-model
check-model: guest-ready ## do OPERATIONS (1000000) on the kernel and on a model, and in threads (SEED=: do those again)
	$(Q)for test in model histories; do \
		KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) KV_TIMEOUT=0 tests/$$test.t --operations $(OPERATIONS) \
			$(if $(SEED),--seed $(SEED)) </dev/null; done

# The fuzzer: for so many seconds or calls, by so many threads, from a seed that repeats what it did

SECONDS ?= 60
THREADS ?= 4

.PHONY: fuzz
fuzz: guest-ready ## call all words at random in the guest (SECONDS=60 or CALLS=, SEED=, THREADS=4, KERNEL=, KCOV=yes)
	$(Q)KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) KV_VM_BUILD=$(guest_tree) KV_TIMEOUT=0 tests/fuzz.t \
		$(if $(CALLS),--calls $(CALLS),--seconds $(SECONDS)) --threads $(THREADS) $(SEED:%=--seed %) \
		$(KCOV:%=--kcov) </dev/null

# Clang's fuzzer, of what kvsh reads: each target from its seeds, and from what it found before

fuzz_targets := $(patsubst tests/libfuzzer/%.c,$B/libfuzzer/%,$(wildcard tests/libfuzzer/*.c))
fuzz_cflags := -g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
fuzz_linked := $(patsubst %.c,$B/libfuzzer/%.o,$(wildcard cli/*.c cli/*/*.c lib/*.c))

.PHONY: fuzz-host fuzz-host-ready
fuzz-host-ready:
	$(Q)packaging/deps $(DEPS_FUZZ) </dev/null

# The fuzzer has a main of its own
$B/libfuzzer/cli/main.o: cflags += -Dmain=kvsh_main -Wno-missing-prototypes

$B/libfuzzer/%.o: %.c Makefile | fuzz-host-ready
	$(call say,CLANG,$@)
	$(Q)mkdir -p $(@D)
	$(Q)clang $(cflags) -Icli $(fuzz_cflags) -c -o $@ $<

$(fuzz_targets): $B/libfuzzer/%: $B/libfuzzer/tests/libfuzzer/%.o $(fuzz_linked)
	$(call say,LD,$@)
	$(Q)clang $(fuzz_cflags) -fsanitize=fuzzer -o $@ $^ -lreadline -ljansson

fuzz-host: $(fuzz_targets) ## let clang's fuzzer find what kvsh cannot read: words, files, JSON (SECONDS=60 for each)
	$(Q)for target in $(^F); do \
		mkdir -p $B/libfuzzer/found/$$target; \
		( cd $B/libfuzzer && ./$$target -max_total_time=$(SECONDS) $(SEED:%=-seed=%) -close_fd_mask=3 \
			-max_len=4096 -print_final_stats=1 found/$$target \
			$(CURDIR)/tests/libfuzzer/corpus/$$target ) >$B/libfuzzer/$$target.log 2>&1 || \
			{ tail -n 40 $B/libfuzzer/$$target.log; echo "fuzz-host: $$target: AMISS"; exit 1; }; \
		sed -nE "s/^#([0-9]+)\s+DONE\s+cov: ([0-9]+) ft: ([0-9]+).*/fuzz-host: $$target: \1 inputs, \2 branches reached: nothing amiss/p" \
			$B/libfuzzer/$$target.log; \
	done

-include $(fuzz_linked:.o=.d) $(fuzz_targets:$B/libfuzzer/%=$B/libfuzzer/tests/libfuzzer/%.d)

# Benchmarks. RESULT=FILE: not measured anew, but taken from what was (bench/run --tsv).

RESULT ?= $B/bench.tsv

.PHONY: bench bench-check bench-compare bench-quick bench-baseline bench-host bench-plots
bench: guest-ready deps-bench $B/kvbench ## measure kvstore and its peers, in instructions: every row, or ROWS='get *' (bench/run --help)
	$(Q)KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) bench/run $(if $(ROWS),--rows '$(ROWS)') </dev/null

bench-check: $(RESULT) ## measure, and compare with the targets (bench/targets.tsv)
	$(Q)bench/check $<

# TOLERANCE: by how many percent a row may cost more than in the baseline
bench-compare: $(RESULT) ## measure, and compare with bench/baseline.tsv: fails if a row costs over TOLERANCE (3) % more
	$(Q)bench/check --baseline $(TOLERANCE:%=--tolerance %) $<

bench-quick: $B/bench-quick.tsv ## the same, without the rows that need guests of their own
	$(Q)bench/check --baseline --quick $(TOLERANCE:%=--tolerance %) $<

bench-baseline: $(RESULT) ## measure, and make that the baseline (the commit says why)
	$(Q){ head -n 1 bench/targets.tsv; grep -v SPDX $<; } >$B/baseline.tsv
	$(Q)mv $B/baseline.tsv bench/baseline.tsv

bench-host: $B/kvbench ## measure in real time on this machine, as root, where its own kernel has kvstore loaded
	$(Q)$B/kvbench --time --threads $$(nproc) </dev/null

plots := operations batch growth memory

bench-plots: $(RESULT) ## measure, and draw docs/plots/
	$(Q)packaging/deps $(DEPS_PLOTS) </dev/null
	$(Q)mkdir -p $B docs/plots
	$(Q)for plot in $(plots); do \
		gnuplot -e "result='$<'" bench/plots/$$plot.gp </dev/null >$B/plot.svg; \
		sed '1a <!-- SPDX-License-Identifier: GPL-2.0-or-later -->' $B/plot.svg >docs/plots/$$plot.svg; done

# Measured anew each time
.PHONY: $B/bench.tsv $B/bench-quick.tsv
$B/bench-quick.tsv: quick := --quick
$B/bench.tsv $B/bench-quick.tsv: guest-ready deps-bench $B/kvbench
	$(Q)KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) bench/run --tsv $(quick) </dev/null >$@

# Lint: each row is a check of its own, and all are run

SOURCE := $(CACHE)/source-6.1
kernel_c := $(wildcard kernel/*/*.[ch] kernel/*/*/*.[ch] tests/modules/*.[ch] bench/modules/*.[ch]) \
	include/kv_proto.h include/kvstore.h
user_c := $(wildcard lib/*.[ch] cli/*.[ch] cli/*/*.[ch] tests/programs/*.[ch] tests/reference/*.[ch] tests/fuzzer/*.[ch] \
	tests/libfuzzer/*.[ch] tests/vm/*.c bench/*.[ch] bench/profiler/*.c) \
	include/kv.h
scripts := .ci/run bench/brought bench/check bench/profile bench/run docs/compare packaging/changelog \
	packaging/completion.bash packaging/deps packaging/dkms/keep-symvers packaging/systemd/load \
	packaging/systemd/save tests/coverage tests/docs/newcomer tests/packages/try \
	tests/vm/debian tests/vm/fetch tests/vm/sources tests/vm/here tests/vm/init tests/vm/initramfs tests/vm/inside tests/vm/reports tests/vm/run \
	$(wildcard tests/*.t tests/*.bash tests/guest/*.sh tests/docs/*.t tests/packages/*.t tests/packages/*.sh)
lints := checkpatch sparse clang-format cppcheck shellcheck codespell spdx

.PHONY: lint lint-ready $(lints:%=lint-%)
lint-ready: deps
	$(Q)$(MAKE) --silent $(SOURCE)/release $(CACHE)/$(KERNEL)/release </dev/null >&2
$(lints:%=lint-%): lint-ready

lint: $(lints:%=lint-%) ## checkpatch, sparse and W=1, clang-format, cppcheck, shellcheck, codespell, licences
	@echo "lint: all passed" >&2

checkpatch := perl $(SOURCE)/scripts/checkpatch.pl --no-tree --strict --terse --quiet --no-summary

# Macros that make rows of tables, or go to labels; _Pragma of C99 is no CamelCase
rows := kernel/kvstore/trace.h kernel/kvstore/sockopt/fastpath.c include/kvstore.h

lint-checkpatch:
	$(call say,LINT,checkpatch)
	$(Q)$(checkpatch) -f $(filter-out $(rows) kernel/kvstore/compat.h,$(kernel_c))
	$(Q)$(checkpatch) --ignore LINUX_VERSION_CODE,CONSTANT_COMPARISON -f kernel/kvstore/compat.h
	$(Q)$(checkpatch) --ignore OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE,CAMELCASE -f $(rows)
	$(Q)rm -f .checkpatch-camelcase.*	# where it keeps the names that it has seen

# Warnings are no errors to sparse and W=1: here they are
lint-sparse:
	$(call say,LINT,'sparse and W=1')
	$(Q)rm -rf $B/lint
	$(call kbuild,$(CACHE)/$(KERNEL)/build,$B/lint,KV_TEST_MODULES=m W=1 C=2) 2>$B/lint.log || \
		{ cat $B/lint.log >&2; exit 1; }
	$(Q)! grep -E 'warning:|error:' $B/lint.log >&2

# The kernel's style, with lines of up to 100 columns
lint-clang-format:
	$(call say,LINT,clang-format)
	$(Q)mkdir -p $B
	$(Q)sed "s/^ColumnLimit: 80/ColumnLimit: 100/; s/^ForEachMacros:/&\n  - 'mnl_attr_for_each'/" \
		$(SOURCE)/.clang-format >$B/clang-format
	$(Q)clang-format --style=file:$B/clang-format --dry-run --Werror $(user_c)

lint-cppcheck:
	$(call say,LINT,cppcheck)
	$(Q)cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
		--inline-suppr --suppress=missingIncludeSystem -D_GNU_SOURCE -Iinclude -Icli -Itests/programs \
		lib cli tests/programs tests/reference tests/fuzzer tests/libfuzzer bench/*.c

# SC2016: a program in single quotes is for another shell
lint-shellcheck:
	$(call say,LINT,shellcheck)
	$(Q)shellcheck -x -e SC2016 $(scripts)

lint-codespell:
	$(call say,LINT,codespell)
	$(Q)codespell --skip build,.git,LICENSES .

lint-spdx:
	$(call say,LINT,licences)
	$(Q)! grep -L SPDX-License-Identifier $$(git ls-files | grep -vE '^LICENSES/|^packaging/debian/|^\.gitignore$$|^tests/libfuzzer/corpus/') | grep .

# Debian packages

.PHONY: deps deps-build deps-guest deps-bench
deps-build: packages := $(DEPS_BUILD)
deps: packages := $(DEPS_BUILD) $(DEPS_GUEST) $(DEPS_KERNEL) $(DEPS_LINT) $(DEPS_BENCH) $(DEPS_PLOTS)
deps-guest: packages := $(DEPS_BUILD) $(DEPS_GUEST) $(DEPS_$(machine))
deps-bench: packages := $(DEPS_BENCH)
deps: ## install the Debian packages that all tasks need (asks sudo when not root)
deps-build: ## install those that building needs
deps deps-build deps-guest deps-bench:
	@packaging/deps $(packages) </dev/null

include packaging/install.mk

.PHONY: clean help
clean: ## remove build/
	$(Q)rm -rf $B

help: ## list these targets
	@sed -nE 's/^([a-z-]+):[^#]*## (.*)/\1\t\2/p' $(MAKEFILE_LIST) | sort -u | expand -t 16
