# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Report the results of kvstore_kunit.ko from the kernel's log. A suite without results has failed.
# guest: --no-module
# guest !(debug|kcsan): --skip 'the kernel has no KUnit'
# shellcheck source=tests/common/tap.sh
. /tap.sh

# of_suite SUITE: print its part of the log
of_suite() { sed -nE "/^ +# Subtest: $1\$/,/^(not )?ok [0-9]+ (- )?$1\$/p" /tmp/log; }

dmesg -c >/dev/null
t 'the test module can be loaded' 0 '' insmod /kvstore_kunit.ko
dmesg | sed -E 's/^\[ *[0-9.]+\] ?//' >/tmp/log
for suite in kv_record kv_value kv_param kv_store kv_txn kv_log; do
	for line in $(of_suite $suite | sed -nE 's/^    ok [0-9]+ (- )?([a-z0-9_]+).*/yes:\2/p
			s/^    not ok [0-9]+ (- )?([a-z0-9_]+).*/no:\2/p'); do
		result "$suite: ${line#*:}" "${line%%:*}"
	done
	if of_suite $suite | grep -qE "^ok [0-9]+ (- )?$suite\$"; then
		result "$suite" yes
	else
		result "$suite" no
		of_suite $suite | sed 's/^/# /'
	fi
done
t 'the test module can be unloaded' 0 '' rmmod kvstore_kunit
finish
