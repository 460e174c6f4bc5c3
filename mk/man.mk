# SPDX-License-Identifier: GPL-2.0-or-later
# The manual; a part of the Makefile

pages := $(patsubst docs/man/%.scd,$B/man/%,$(wildcard docs/man/*.scd))

.PHONY: man
man: $(pages) ## build the manual pages, in build/man
	@:

$B/man/%: $B/man/%.scd
	$(call say,SCDOC,$@)
	$(Q)scdoc <$< >$@

# The sources, with text from elsewhere in place of lines such as @ERRORS@
$B/man/%.scd: docs/man/%.scd include/kv_proto.h mk/errors.awk
	$(Q)mkdir -p $(@D)
	$(Q)awk -f mk/errors.awk include/kv_proto.h $< >$@

.PRECIOUS: $B/man/%.scd
