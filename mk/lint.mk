# SPDX-License-Identifier: GPL-2.0-or-later
# Lint: each target lint-NAME is one check, and lint runs all of them

SOURCE := $(CACHE)/source-6.1
kernel_c := $(wildcard kernel/*/*.[ch] kernel/*/*/*.[ch] tests/modules/*.[ch] bench/modules/*.[ch]) \
	include/kv_proto.h include/kvstore.h
user_c := $(wildcard lib/*.[ch] cli/*.[ch] cli/*/*.[ch] bench/*.[ch] bench/profiler/*.c docs/man/*.c) \
	$(filter-out tests/modules/%,$(wildcard tests/*/*.[ch])) include/kv.h
scripts := .ci/run bench/brought bench/check bench/profile bench/run docs/compare packaging/changelog \
	packaging/completion.bash packaging/deps packaging/dkms/keep-symvers packaging/systemd/load \
	packaging/systemd/save tests/coverage tests/run tests/docs/newcomer tests/packages/try \
	tests/vm/debian tests/vm/fetch tests/vm/sources tests/vm/here tests/vm/init tests/vm/initramfs tests/vm/inside tests/vm/reports tests/vm/run \
	$(wildcard tests/*/*.t tests/*/*.sh tests/*/*.bash)
lints := checkpatch sparse clang-format cppcheck shellcheck codespell spdx

.PHONY: lint lint-ready $(lints:%=lint-%)
lint-ready: deps
	$(Q)$(MAKE) --silent $(SOURCE)/release $(CACHE)/$(KERNEL)/release </dev/null >&2
$(lints:%=lint-%): lint-ready

lint: $(lints:%=lint-%) ## checkpatch, sparse and W=1, clang-format, cppcheck, shellcheck, codespell, licences
	@echo "lint: all passed" >&2

checkpatch := perl $(SOURCE)/scripts/checkpatch.pl --no-tree --strict --terse --quiet --no-summary

# Files with macros that make rows of tables or jump to labels. checkpatch takes C99's _Pragma for CamelCase.
rows := kernel/kvstore/trace.h kernel/kvstore/sockopt/fastpath.c include/kvstore.h

lint-checkpatch:
	$(call say,LINT,checkpatch)
	$(Q)$(checkpatch) -f $(filter-out $(rows) kernel/kvstore/compat.h,$(kernel_c))
	$(Q)$(checkpatch) --ignore LINUX_VERSION_CODE,CONSTANT_COMPARISON -f kernel/kvstore/compat.h
	$(Q)$(checkpatch) --ignore OPEN_ENDED_LINE,PARENTHESIS_ALIGNMENT,MACRO_ARG_REUSE,MACRO_ARG_PRECEDENCE,CAMELCASE -f $(rows)
	$(Q)rm -f .checkpatch-camelcase.*	# checkpatch's list of known names

# sparse and W=1 only warn: here a warning is an error
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
		--inline-suppr --suppress=missingIncludeSystem -D_GNU_SOURCE -Iinclude -Icli -Itests/common \
		lib cli $(filter-out tests/modules,$(patsubst %/,%,$(sort $(dir $(wildcard tests/*/*.c))))) bench/*.c docs/man/*.c

# SC2016: text in single quotes is for another program, which expands it
lint-shellcheck:
	$(call say,LINT,shellcheck)
	$(Q)shellcheck -x -e SC2016 $(scripts)

lint-codespell:
	$(call say,LINT,codespell)
	$(Q)codespell --skip build,.git,LICENSES .

lint-spdx:
	$(call say,LINT,licences)
	$(Q)! grep -L SPDX-License-Identifier $$(git ls-files | grep -vE '^LICENSES/|^packaging/debian/|^\.gitignore$$|^tests/libfuzzer/corpus/') | grep .

