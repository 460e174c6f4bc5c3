# SPDX-License-Identifier: GPL-2.0-or-later
# The fuzzer, for SECONDS or CALLS, in THREADS. With one thread, CALLS and SEED repeat a run.

SECONDS ?= 60
THREADS ?= 4

.PHONY: fuzz
fuzz: guest-ready ## call all words at random in the guest (SECONDS=60 or CALLS=, SEED=, THREADS=4, KERNEL=, KCOV=yes)
	$(Q)KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) KV_VM_BUILD=$(guest_tree) KV_TIMEOUT=0 tests/run tests/stress/fuzz.sh \
		$(if $(CALLS),--calls $(CALLS),--seconds $(SECONDS)) --threads $(THREADS) $(SEED:%=--seed %) \
		$(KCOV:%=--kcov) </dev/null

# libFuzzer, on the parsers of kvsh. Each target starts from its corpus and from the inputs that earlier runs found.

fuzz_targets := $(patsubst tests/libfuzzer/%.c,$B/libfuzzer/%,$(wildcard tests/libfuzzer/*.c))
fuzz_cflags := -g -O1 -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all
fuzz_linked := $(patsubst %.c,$B/libfuzzer/%.o,$(wildcard cli/*.c cli/*/*.c lib/*.c))

.PHONY: fuzz-host fuzz-host-ready
fuzz-host-ready:
	$(Q)packaging/deps $(DEPS_FUZZ) </dev/null

# The fuzzer has a main of its own
$B/libfuzzer/cli/main.o: cflags += -Dmain=kvsh_main -Wno-missing-prototypes

$B/libfuzzer/%.o: %.c mk/fuzz.mk | fuzz-host-ready
	$(call say,CLANG,$@)
	$(Q)mkdir -p $(@D)
	$(Q)clang $(cflags) -Icli $(fuzz_cflags) -c -o $@ $<

$(fuzz_targets): $B/libfuzzer/%: $B/libfuzzer/tests/libfuzzer/%.o $(fuzz_linked)
	$(call say,LD,$@)
	$(Q)clang $(fuzz_cflags) -fsanitize=fuzzer -o $@ $^ -lreadline -ljansson

fuzz-host: $(fuzz_targets) ## run libFuzzer on the parsers of kvsh: words, files, JSON (SECONDS=60 for each)
	$(Q)for target in $(^F); do \
		mkdir -p $B/libfuzzer/found/$$target; \
		( cd $B/libfuzzer && ./$$target -max_total_time=$(SECONDS) $(SEED:%=-seed=%) -close_fd_mask=3 \
			-max_len=4096 -print_final_stats=1 found/$$target \
			$(CURDIR)/tests/libfuzzer/corpus/$$target ) >$B/libfuzzer/$$target.log 2>&1 || \
			{ tail -n 40 $B/libfuzzer/$$target.log; echo "fuzz-host: $$target: FAILED"; exit 1; }; \
		sed -nE "s/^#([0-9]+)\s+DONE\s+cov: ([0-9]+) ft: ([0-9]+).*/fuzz-host: $$target: \1 inputs, \2 branches reached: no failure/p" \
			$B/libfuzzer/$$target.log; \
	done

-include $(fuzz_linked:.o=.d) $(fuzz_targets:$B/libfuzzer/%=$B/libfuzzer/tests/libfuzzer/%.d)

