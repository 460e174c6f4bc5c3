# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Loading and unloading: parameters, collisions of command words, values at unload. Starts without the module.
# guest: --no-module
# shellcheck source=tests/common/tap.sh
. /tap.sh

# refused NAME PATTERN PARAMETER...: the module cannot be loaded, and the log has the reason
refused() {
	name=$1 pattern=$2
	shift 2
	dmesg -c >/tmp/log
	insmod /kvstore.ko "$@" 2>/dev/null
	status=$?
	stderr=$(dmesg)
	if [ $status != 0 ] && ! grep -q '^kvstore' /proc/modules; then
		result "$name is refused" yes
	else
		result "$name is refused" no
	fi
	says "the log has the reason: $name" "$pattern"
	rmmod kvstore 2>/dev/null
}

# loads PARAMETER...: the module can be loaded, used and unloaded
loads() {
	t "the module can be loaded with $*" 0 '' insmod /kvstore.ko "$@"
	t 'put and get work' 0 1 sh -c 'kvsh put a 1 && kvsh get a'
	t 'the module can be unloaded' 0 '' rmmod kvstore
}

t 'without the module, kvsh exits with 6' 6 '' kvsh get a
says 'kvsh says that the module is not loaded' 'the kvstore module is not loaded'

for buckets in 0 3 1000 33554432; do
	refused "buckets=$buckets" "kvstore: buckets must be a power of two, .* it is $buckets" \
		buckets=$buckets
done
refused 'max_entries=0' 'kvstore: max_entries and max_bytes must be at least 1' max_entries=0
refused 'max_bytes=0' 'kvstore: max_entries and max_bytes must be at least 1' max_bytes=0
refused 'buckets=many' 'invalid for parameter .buckets' buckets=many
for log in 0 3 2097152; do
	refused "log_entries=$log" "kvstore: log_entries must be a power of two, .* it is $log" \
		log_entries=$log
done
for base in 0 0x100 0xff00 0x10001 0x10080 0x7fffff00 0x80000000; do
	refused "opt_base=$base" 'kvstore: opt_base must be a multiple of 256' opt_base=$base
done
loads opt_base=0x10000
loads opt_base=0x7ffffe00
loads buckets=1
loads buckets=16777216
loads max_entries=1 max_bytes=2 log_entries=1 max_watches=0

# Command words that are in use
insmod /squatter.ko base=0x4B560000
refused 'a taken range' 'words 0x4b560000 to 0x4b5600ff are taken .* opt_base='
t 'the module can be loaded with another range' 0 '' insmod /kvstore.ko opt_base=0x4B560100
t 'kvsh finds the other range' 0 1 sh -c 'kvsh put a 1 && kvsh get a'
rmmod kvstore
t 'the range is free after the other module is unloaded' 0 '' sh -c 'rmmod squatter && insmod /kvstore.ko'
t 'no other module can take the range of kvstore' 16 '' insmod /squatter.ko base=0x4B560000
t 'the parameters can be read' 0 '4096 65536 16777216 1263927296' \
	sh -c 'cd /sys/module/kvstore/parameters && echo $(cat buckets max_entries max_bytes opt_base)'
t 'the parameters cannot be written' 1 '' sh -c 'echo 1 >/sys/module/kvstore/parameters/buckets'

# Public and private values in two namespaces when the module is unloaded
mkfifo /tmp/other
unshare -n sh -c 'kvsh put a 1 && kvsh put --private b 2 && echo ready && exec sleep 1000' >/tmp/other &
read -r _ </tmp/other
t 'values are put' 0 '' sh -c 'kvsh put a 1 && kvsh put --private b 2 && kvsh put --private b 3'
t 'the module can be unloaded with values in two namespaces' 0 '' rmmod kvstore
t 'the module can be loaded again' 0 '' insmod /kvstore.ko
t 'the store is empty' 0 0 kvsh list --count
kill $!
finish
