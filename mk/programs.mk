# SPDX-License-Identifier: GPL-2.0-or-later
# The library, the shell, the test programs, the fuzzer and the benchmark as programs of this machine



cflags := -std=gnu11 -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
	-D_GNU_SOURCE -DKV_VERSION='"$(VERSION)"' -Iinclude -MMD -MP
lib_objects := $(patsubst %.c,$B/%.o,$(wildcard lib/*.c))
cli_objects := $(patsubst %.c,$B/%.o,$(wildcard cli/*.c cli/*/*.c))
model_objects := $(patsubst %.c,$B/%.o,$(wildcard tests/reference/*.c))
programs := $(patsubst tests/programs/%.c,$B/tests/%,$(wildcard tests/programs/*.c)) $B/tests/model

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

# The program that bench/run runs in the guest
bench_objects := $(patsubst %.c,$B/%.o,$(wildcard bench/*.c))
# Each function of a row gets the row as argument, and some do not use it
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

