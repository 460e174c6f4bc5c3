# SPDX-License-Identifier: GPL-2.0-or-later
# Installation and packages

PREFIX ?= /usr/local
# Below PREFIX; in Debian packages, lib/MULTIARCH
LIBDIR ?= lib

# MODE:FILE:PLACE below PREFIX
installed := \
	755:$B/kvsh:bin/kvsh \
	644:$B/libkv.a:$(LIBDIR)/libkv.a \
	644:$B/libkv.so.0:$(LIBDIR)/libkv.so.0 \
	644:include/kv.h:include/kv.h \
	644:include/kv_proto.h:include/kv_proto.h \
	644:$B/packaging/libkv.pc:$(LIBDIR)/pkgconfig/libkv.pc \
	644:$B/packaging/kvstore.service:lib/systemd/system/kvstore.service \
	755:packaging/systemd/load:libexec/kvstore/load \
	755:packaging/systemd/save:libexec/kvstore/save \
	644:packaging/completion.bash:share/bash-completion/completions/kvsh \
	$(foreach page,$(pages),644:$(page):share/man/man$(patsubst .%,%,$(suffix $(page)))/$(notdir $(page)))
places := $(foreach row,$(installed),$(lastword $(subst :, ,$(row)))) $(LIBDIR)/libkv.so

# Made again each time, since PREFIX and the version may have changed
from_templates := $B/packaging/libkv.pc $B/packaging/kvstore.service $B/packaging/dkms.conf
.PHONY: FORCE
$(from_templates): FORCE
	$(Q)mkdir -p $(@D)
	$(Q)sed 's|@PREFIX@|$(PREFIX)|; s|@LIBDIR@|$(LIBDIR)|; s|@VERSION@|$(VERSION)|' \
		$(filter %/$(@F).in,$(wildcard packaging/*.in packaging/*/*.in)) >$@

.PHONY: install install-programs uninstall
install: install-programs host-module-install ## install everything (DESTDIR, PREFIX=/usr/local)

install-programs: $B/libkv.a $B/libkv.so $B/kvsh man $(from_templates) ## install everything but the module
	$(Q)for row in $(installed); do \
		IFS=: read -r mode file place <<<"$$row"; \
		install -D -m "$$mode" "$$file" "$(DESTDIR)$(PREFIX)/$$place"; done
	$(Q)ln -sf libkv.so.0 $(DESTDIR)$(PREFIX)/$(LIBDIR)/libkv.so
	$(Q)install -d $(DESTDIR)/etc/kvstore
	$(Q)[ -n "$(DESTDIR)" ] || ldconfig

# Stop the service first: it may have to save the store.
uninstall: host-module-uninstall ## remove the installed files (a loaded module stays loaded, with its stores)
	$(Q)[ -n "$(DESTDIR)" ] || ! command -v systemctl >/dev/null || \
		systemctl disable --now kvstore.service 2>/dev/null || true
	$(Q)rm -f $(addprefix $(DESTDIR)$(PREFIX)/,$(places))
	$(Q)rmdir --ignore-fail-on-non-empty $(DESTDIR)/etc/kvstore 2>/dev/null || true
	$(Q)rmdir --ignore-fail-on-non-empty $(DESTDIR)$(PREFIX)/libexec/kvstore 2>/dev/null || true
	$(Q)[ -n "$(DESTDIR)" ] || ldconfig

# DKMS: builds the module from these sources for each installed kernel

dkms_source := $(DESTDIR)/usr/src/kvstore-$(VERSION)
dkms_files := Kbuild include/kv_proto.h include/kvstore.h \
	$(wildcard kernel/*/*.[ch] kernel/*/Kbuild) $(filter-out kernel/kvstore/kunit/%,$(wildcard kernel/*/*/*.[ch]))

.PHONY: dkms-source dkms-install dkms-uninstall
dkms-source: $B/packaging/dkms.conf
	$(Q)for file in $(dkms_files); do install -D -m 644 $$file $(dkms_source)/$$file; done
	$(Q)install -m 644 $B/packaging/dkms.conf $(dkms_source)/
	$(Q)install -m 755 packaging/dkms/keep-symvers $(dkms_source)/

dkms-install: dkms-source ## have DKMS build the module for this kernel and each later one (DESTDIR: install its source only)
ifeq ($(DESTDIR),)
	$(Q)packaging/deps $(DEPS_DKMS) </dev/null
	$(Q)! dkms status kvstore/$(VERSION) | grep -q . || dkms remove kvstore/$(VERSION) --all >&2
	$(Q)dkms install kvstore/$(VERSION) >&2
endif

dkms-uninstall: ## undo dkms-install
ifeq ($(DESTDIR),)
	$(Q)dkms remove kvstore/$(VERSION) --all >&2
endif
	$(Q)rm -rf $(dkms_source)

# Debian packages, in build/deb: this source tree, with packaging/debian as its debian/

deb_tree := $B/deb/kvstore-$(VERSION)

.PHONY: deb lintian
deb: ## build the Debian packages kvsh, libkv0, libkv-dev and kvstore-dkms, in build/deb
	$(Q)packaging/deps $(DEPS_DEB) </dev/null
	$(Q)rm -rf $B/deb && mkdir -p $(deb_tree)
	$(Q)tar -c --exclude=./$B --exclude=./.git . | tar -xC $(deb_tree)
	$(Q)cp -r packaging/debian $(deb_tree)/debian
	$(Q)packaging/changelog CHANGELOG.md packaging/debian/control >$(deb_tree)/debian/changelog
	$(call say,DEB,$(deb_tree))
	$(Q)cd $(deb_tree) && env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL DEB_BUILD_OPTIONS=noautodbgsym \
		dpkg-buildpackage -b -us -uc </dev/null >../build.log 2>&1 || \
		{ tail -n 40 ../build.log >&2; exit 1; }
	$(Q)ls $B/deb/*.deb

lintian: ## check the packages that `make deb` built
	$(Q)packaging/deps lintian </dev/null
	$(Q)lintian --fail-on error,warning --tag-display-limit 0 $B/deb/*.changes
