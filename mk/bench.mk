# SPDX-License-Identifier: GPL-2.0-or-later
# Benchmarks. RESULT=FILE: use the output of an earlier bench/run --tsv instead of measuring.

RESULT ?= $B/bench.tsv

.PHONY: bench bench-check bench-compare bench-quick bench-baseline bench-host bench-plots
bench: guest-ready deps-bench $B/kvbench ## measure kvstore and its peers, in instructions: every row, or ROWS='get *' (bench/run --help)
	$(Q)KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) bench/run $(if $(ROWS),--rows '$(ROWS)') </dev/null

bench-check: $(RESULT) ## measure, and compare with the targets (bench/targets.tsv)
	$(Q)bench/check $<

# TOLERANCE: how many percent more than in the baseline a row may cost
bench-compare: $(RESULT) ## measure, and compare with bench/baseline.tsv: fails if a row costs over TOLERANCE (3) % more
	$(Q)bench/check --baseline $(TOLERANCE:%=--tolerance %) $<

bench-quick: $B/bench-quick.tsv ## like bench-compare, without the rows that need guests of their own
	$(Q)bench/check --baseline --quick $(TOLERANCE:%=--tolerance %) $<

bench-baseline: $(RESULT) ## measure, and write bench/baseline.tsv (the commit that changes it says why)
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

# Measured again each time
.PHONY: $B/bench.tsv $B/bench-quick.tsv
$B/bench-quick.tsv: quick := --quick
$B/bench.tsv $B/bench-quick.tsv: guest-ready deps-bench $B/kvbench
	$(Q)KV_NO_BUILD=1 KV_KERNEL=$(KERNEL) bench/run --tsv $(quick) </dev/null >$@

