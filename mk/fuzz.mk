# SPDX-License-Identifier: GPL-2.0-or-later
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

$B/libfuzzer/%.o: %.c mk/fuzz.mk | fuzz-host-ready
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

