# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages, in build/man

pages := $(patsubst docs/man/%.scd,$B/man/%,$(wildcard docs/man/*.scd))

.PHONY: man
man: $(pages) ## build the manual pages, in build/man
	@:

$B/man/%: docs/man/%.scd
	$(call say,SCDOC,$@)
	$(Q)mkdir -p $(@D)
	$(Q)scdoc <$< >$@

