# SPDX-License-Identifier: GPL-2.0-or-later
# The manual pages, in build/man

pages := $(patsubst docs/man/%.scd,$B/man/%,$(wildcard docs/man/*.scd))

.PHONY: man
man: $(pages) ## build the manual pages, in build/man
	@:

$B/man/%: $B/man/%.scd
	$(call say,SCDOC,$@)
	$(Q)scdoc <$< >$@

# The sources, with generated text in place of the lines @ERRORS@ and @COMMANDS@
$B/man/%.scd: docs/man/%.scd include/kv_proto.h mk/errors.awk
	$(Q)mkdir -p $(@D)
	$(Q)awk -f mk/errors.awk include/kv_proto.h $< >$@

# A program that is built from kvsh's tables prints the COMMANDS of kvsh(1). A cross build needs a program
# that runs on the build machine: MAN_COMMANDS=FILE.
MAN_COMMANDS ?= $B/docs/man/commands
$B/docs/man/commands.o: cflags += -Icli
$B/docs/man/commands: $B/docs/man/commands.o $(filter-out $B/cli/main.o,$(cli_objects)) $B/libkv.a
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lreadline -ljansson $(LDLIBS)
-include $B/docs/man/commands.d

$B/man/kvsh.1.scd: docs/man/kvsh.1.scd $(MAN_COMMANDS)
	$(Q)mkdir -p $(@D)
	$(Q)$(MAN_COMMANDS) >$@.commands
	$(Q)sed -e '/^@COMMANDS@$$/{r $@.commands' -e 'd}' $< >$@

.PRECIOUS: $B/man/%.scd
