# SPDX-License-Identifier: GPL-2.0-or-later
# The Debian packages that each task needs; packaging/deps installs the missing ones

# Building the library, the shell and their manual pages
DEPS_BUILD := gcc libc6-dev make xz-utils libreadline-dev libjansson-dev scdoc
# `make shell`: building kvsh and the module, and booting them
DEPS_SHELL := gcc libc6-dev make xz-utils libreadline-dev libjansson-dev \
	qemu-system-x86 busybox-static cpio libelf1
# The tests
DEPS_GUEST := qemu-system-x86 busybox-static cpio libelf1 perl expect iproute2 trace-cmd libmnl-dev xz-utils \
	bash-completion pkg-config iptables ebtables ipset ipvsadm conntrack gcc-i686-linux-gnu libc6-dev-i386-cross
# The tests in a guest of another machine
DEPS_arm64 := qemu-system-arm gcc-aarch64-linux-gnu libc6-dev-arm64-cross
DEPS_s390x := qemu-system-misc gcc-s390x-linux-gnu libc6-dev-s390x-cross
# Building the kernels debug and kcsan
DEPS_KERNEL := bc bison cpio flex libelf-dev xz-utils
DEPS_LINT := sparse shellcheck cppcheck codespell clang-format xz-utils
# The servers that kvstore is compared with
DEPS_BENCH := redis-server memcached
DEPS_PLOTS := gnuplot-nox
DEPS_COVERAGE := gcovr
DEPS_DKMS := dkms
DEPS_PACKAGES := mmdebstrap qemu-system-x86 e2fsprogs
DEPS_DEB := build-essential debhelper dh-dkms dpkg-dev libreadline-dev libjansson-dev scdoc
DEPS_FUZZ := clang libclang-rt-14-dev libjansson-dev libreadline-dev

.PHONY: deps deps-build deps-guest deps-bench
deps-build: packages := $(DEPS_BUILD)
deps: packages := $(DEPS_BUILD) $(DEPS_GUEST) $(DEPS_KERNEL) $(DEPS_LINT) $(DEPS_BENCH) $(DEPS_PLOTS)
deps-guest: packages := $(DEPS_BUILD) $(DEPS_GUEST) $(DEPS_$(machine))
deps-bench: packages := $(DEPS_BENCH)
deps: ## install the Debian packages that all tasks need (with sudo if not root)
deps-build: ## install the Debian packages that building needs
deps deps-build deps-guest deps-bench:
	@packaging/deps $(packages) </dev/null
