# SPDX-License-Identifier: GPL-2.0-or-later
# Programs for other machines, and as 32-bit code: this makefile runs again, with another compiler and another folder.
# They are static, since the guest has no libraries for them. guardctl and traffic cannot be linked statically.

compiler_i686 := i686-linux-gnu-gcc
compiler_arm64 := aarch64-linux-gnu-gcc
compiler_s390x := s390x-linux-gnu-gcc
static_i686 := $(addprefix tests/,$(filter-out guardctl traffic stress-model,$(notdir $(programs))))
static_arm64 := $(static_i686) tests/stress-model tests/fuzz
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
# tests/vm/fetch gets the static libraries that they need: for i686 alone, for arm64 and s390x with the kernel
$B/for-$(or $(machine),i686): $(CACHE)/$(or $(machine),i686)/release

