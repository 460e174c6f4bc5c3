# SPDX-License-Identifier: GPL-2.0-or-later
# The library, the shell, the test programs, the fuzzer and the benchmark as programs of this machine

cflags := -std=gnu11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-D_GNU_SOURCE -DKV_VERSION='"$(VERSION)"' -Iinclude -MMD -MP
lib_objects := $(patsubst %.c,$B/%.o,$(wildcard lib/*.c))
cli_objects := $(patsubst %.c,$B/%.o,$(wildcard cli/*.c cli/*/*.c))
model_objects := $(patsubst %.c,$B/%.o,$(wildcard tests/reference/*.c))
# Test programs: $B/tests/LAYER-NAME of tests/LAYER/NAME.c. A tool of scripts has no layer: $B/tests/NAME of
# tests/programs/NAME.c. The programs have the same names in the guest.
layers := wire lib kernel docs stress
programs := $(patsubst tests/programs/%.c,$B/tests/%,$(wildcard tests/programs/*.c)) \
	$(foreach layer,$(layers),$(patsubst tests/$(layer)/%.c,$B/tests/$(layer)-%,$(wildcard tests/$(layer)/*.c)))
program_objects := $(patsubst %.c,$B/%.o,$(wildcard tests/programs/*.c $(layers:%=tests/%/*.c)))

$B/lib/%.o: cflags += -fPIC -fvisibility=default
$(cli_objects): cflags += -Icli
$B/%.o: %.c mk/programs.mk
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

# kvsh contains the library, unless LIBKV=build/libkv.so is given
LIBKV ?= $B/libkv.a
$B/kvsh: $(cli_objects) $(LIBKV)
	$(call say,LD,$@)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lreadline -ljansson $(LDLIBS)

$(program_objects): cflags += -Itests/common
define test_program
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lpthread $(libraries)
endef
define layer_program
$B/tests/$(1)-%: $B/tests/$(1)/%.o $B/libkv.a
	$$(test_program)
endef
$(foreach layer,$(layers),$(eval $(call layer_program,$(layer))))
$B/tests/%: $B/tests/programs/%.o $B/libkv.a
	$(test_program)

$B/tests/guardctl: libraries := -lmnl

# The model, and the test that compares the kernel with it
$(model_objects): cflags += -Itests/common
$B/tests/stress/model.o: cflags += -Itests/reference
$B/tests/stress-model: $(model_objects)

# Run by a resumed guest; static, since no library is there yet
$B/vm/reseed: tests/vm/reseed.c
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=gnu11 -Wall -Wextra -D_GNU_SOURCE $(CFLAGS) -static -s -o $@ $<

# The fuzzer, which runs in the guest too
fuzz_objects := $(patsubst %.c,$B/%.o,$(wildcard tests/fuzzer/*.c))
$(fuzz_objects): cflags += -Itests/common

$B/tests/fuzz: $(fuzz_objects)
	$(call say,LD,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lpthread

# The program that bench/run runs in the guest
bench_objects := $(patsubst %.c,$B/%.o,$(wildcard bench/*.c))
# Each function of a row gets the row as argument, and some do not use it
$(bench_objects): cflags += -Itests/common -Wno-unused-parameter

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
-include $(program_objects:.o=.d)

