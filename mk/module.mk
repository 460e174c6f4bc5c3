# SPDX-License-Identifier: GPL-2.0-or-later
# The module. Kbuild writes beside the sources, so each kernel gets a tree of links to them.

product_sources := Kbuild include/kv_proto.h include/kvstore.h \
	$(wildcard kernel/*/Kbuild kernel/*/*.[ch] kernel/kvstore/store/* kernel/kvstore/params/* kernel/kvstore/sockopt/*)
module_sources := $(product_sources) $(wildcard kernel/kvstore/kunit/* tests/modules/* bench/modules/*)
# $(call kbuild,HEADERS,TREE,ARGS): build the modules in TREE, with the tools beside HEADERS if there are any
define kbuild
	$(Q)mkdir -p $(2)
	$(Q)cp -rsf $(CURDIR)/Kbuild $(CURDIR)/kernel $(CURDIR)/include $(2)/
	$(Q)mkdir -p $(2)/tests $(2)/bench
	$(Q)cp -rsf $(CURDIR)/tests/modules $(2)/tests/
	$(Q)cp -rsf $(CURDIR)/bench/modules $(2)/bench/
	+$(Q)tests/vm/inside $(dir $(1)) $(MAKE) -s -C $(1) M=$(abspath $(2)) CONFIG_DEBUG_INFO_BTF_MODULES= KV_VERSION=$(VERSION) $(3) modules </dev/null >&2
endef

.PHONY: module host-module host-module-install host-module-uninstall
host_release := $(shell sed -n 's/.*UTS_RELEASE "\(.*\)"/\1/p' $(KDIR)/include/generated/utsrelease.h 2>/dev/null)

ifneq ($(host_release),)
host_tree := $B/host-$(host_release)

module: $(host_tree)/kernel/kvstore/kvstore.ko ## build only the module (KDIR=: the folder of the kernel's headers)

$(host_tree)/kernel/kvstore/kvstore.ko: $(product_sources)
	$(call say,KBUILD,$@)
	$(call kbuild,$(KDIR),$(host_tree))

host-module: module

host-module-install: module
	$(Q)$(MAKE) -s -C $(KDIR) M=$(abspath $(host_tree)) INSTALL_MOD_PATH=$(DESTDIR) INSTALL_MOD_DIR=updates \
		CONFIG_MODULE_SIG_ALL= modules_install >&2
	$(Q)[ -n "$(DESTDIR)" ] || depmod $(host_release)

host_modules := $(DESTDIR)/lib/modules/$(host_release)/updates/kernel
host-module-uninstall:
	$(Q)rm -f $(foreach module,kvstore portguard,$(wildcard $(host_modules)/$(module)/$(module).ko*))
	$(Q)rmdir -p $(wildcard $(host_modules)/kvstore $(host_modules)/portguard) 2>/dev/null || true
	$(Q)[ -n "$(DESTDIR)" ] || depmod $(host_release)
else
no_headers := there are no kernel headers in $(KDIR) (linux-headers-$(shell uname -r))

module:
	@echo "$(no_headers); set KDIR= to the folder that has them" >&2; exit 1

host-module-uninstall:
	@:

host-module host-module-install:
	@echo "note: the module is left out: $(no_headers)" >&2
endif

# The modules for the guest. COUNTED=yes: with gcov's counters; KCOV=yes: with KCOV, for the fuzzer.

guest_tree := $(KERNEL)$(if $(COUNTED),-gcov)$(if $(KCOV),-kcov)
guest_module := $B/$(guest_tree)/kernel/kvstore/kvstore.ko
guest_tests := $B/$(guest_tree)/tests/modules/modules.built
# Without debugging information, modules are compiled faster and the guest's files are smaller.
instrument := CONFIG_DEBUG_INFO= $(if $(COUNTED),GCOV_PROFILE=y) $(if $(KCOV),KCOV_INSTRUMENT=y)

# The kernels debug and kcsan are built here, and again when their configuration changes
$(CACHE)/debug/release $(CACHE)/kcsan/release: tests/vm/debug.config
$(CACHE)/kcsan/release: tests/vm/kcsan.config
$(CACHE)/%/release: tests/vm/fetch
	$(Q)$(if $(filter debug kcsan,$*),packaging/deps $(DEPS_KERNEL) </dev/null)
	$(Q)KV_CACHE=$(CACHE) tests/vm/fetch $* </dev/null >&2
	$(Q)touch $@

# Only kvstore.ko and portguard.ko, for a prompt
$(guest_module): $(product_sources) $(CACHE)/$(KERNEL)/release
	$(call say,KBUILD,$@)
	$(call kbuild,$(CACHE)/$(KERNEL)/build,$B/$(guest_tree),$(instrument))

# All modules, including those that tests and benchmarks load
$(guest_tests): $(module_sources) $(CACHE)/$(KERNEL)/release
	$(call say,KBUILD,$(@D))
	$(call kbuild,$(CACHE)/$(KERNEL)/build,$B/$(guest_tree),KV_TEST_MODULES=m $(instrument))
	$(Q)touch $@
