# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The others that have socket options or netlink of netfilter's: each sets something and lists it,
# loaded after the module, without it, and before it. Starts without any of them.
# guest: --no-module --program iptables-legacy --program ebtables-legacy --program ipset --program ipvsadm --program conntrack
# iptables opens those of the matches and targets that a rule names.
# guest: --with /usr/lib/x86_64-linux-gnu/xtables
# guest: KV_VM_MODULES='iptable_filter xt_set ebtable_filter ebt_ip ip_set_hash_ip ip_vs_rr nf_conntrack_netlink'
# Debian's kernels from 7.2 on have no tables for ebtables-legacy.
# guest 7.*: KV_VM_MODULES='iptable_filter xt_set ip_set_hash_ip ip_vs_rr nf_conntrack_netlink'
# shellcheck source=tests/common/tap.sh
. /tap.sh
export XTABLES_LIBDIR=/xtables

if ! [ -d "/lib/modules/$(uname -r)" ]; then
	echo '1..0 # SKIP this kernel has no modules, and ipset, ipvsadm and ebtables need theirs'
	exit
fi

# Each: `TOOL_set ADDRESS` has it remember the address, and `TOOL_list` prints what it remembers
iptables_set() { iptables-legacy -A INPUT -s "$1" -j DROP; }
iptables_list() { iptables-legacy -S INPUT; }
ebtables_set() { ebtables-legacy -A INPUT -p 0x800 --ip-src "$1" -j DROP; }
ebtables_list() { ebtables-legacy -L INPUT; }
ipset_set() { ipset -exist create neighbours hash:ip && ipset add neighbours "$1"; }
ipset_list() { ipset list neighbours; }
ipvsadm_set() { ipvsadm -A -t "$1:80" -s rr; }
ipvsadm_list() { ipvsadm -L -n; }
conntrack_set() { conntrack -I -s "$1" -d 10.8.0.1 -p udp --sport 1 --dport 2 --timeout 1000; }
conntrack_list() { conntrack -L; }
# iptables asks for sets by a socket option of theirs
match_set() { iptables-legacy -A FORWARD -d "$1" -m set --match-set neighbours src -j DROP; }
match_list() { iptables-legacy -S FORWARD; }

# The addresses that TOOL remembers, by their last number.
remembered() { "$1"_list | grep -o '10\.9\.0\.[0-9]*' | sed 's/.*\.//' | sort -u | xargs; }

set_and_list() {
	"$1"_set "10.9.0.$2" >/dev/null && remembered "$1"
}

# all WHEN NUMBER REMEMBERED: every one of them takes the address with NUMBER, and still has those before
all() {
	for tool in $tools; do
		t "$tool works $1" 0 "$3" set_and_list "$tool" "$2"
	done
}

tools='iptables ipset ipvsadm conntrack match'
if [ "$(find /lib/modules -name 'ebtable_filter.ko*')" ]; then
	tools="$tools ebtables"
else
	result 'ebtables works # SKIP this kernel has no tables for it' yes
fi
# Who registers first, and who finds the other's words taken, is not the same in the two orders.
t 'the module loads before them'      0 ''      insmod /kvstore.ko
all 'loaded after the module' 1 1
t 'the module works'                  0 1       sh -c 'kvsh put a 1 && kvsh get a'
t 'the module goes'                   0 ''      rmmod kvstore
all 'after it has gone' 2 '1 2'
t 'the module loads after them'       0 ''      insmod /kvstore.ko
all 'loaded before the module' 3 '1 2 3'
t 'the module works'                  0 1       sh -c 'kvsh put a 1 && kvsh get a'
finish
