# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Other netfilter tools that use socket options or netlink: each one adds an address and lists it, with its
# kernel modules loaded after kvstore, without kvstore, and before kvstore. Starts without any of these modules.
# guest: --no-module --program iptables-legacy --program ebtables-legacy --program ipset --program ipvsadm --program conntrack
# iptables loads the libraries of a rule's matches and targets from here.
# guest: --with /usr/lib/x86_64-linux-gnu/xtables
# guest: KV_VM_MODULES='iptable_filter xt_set ebtable_filter ebt_ip ip_set_hash_ip ip_vs_rr nf_conntrack_netlink'
# Debian's kernels from 7.2 on have no tables for ebtables-legacy.
# guest 7.*: KV_VM_MODULES='iptable_filter xt_set ip_set_hash_ip ip_vs_rr nf_conntrack_netlink'
# shellcheck source=tests/common/tap.sh
. /tap.sh
export XTABLES_LIBDIR=/xtables

if ! [ -d "/lib/modules/$(uname -r)" ]; then
	echo '1..0 # SKIP this kernel has no loadable modules, which ipset, ipvsadm and ebtables need'
	exit
fi

# For each tool, `TOOL_set ADDRESS` adds an address, and `TOOL_list` prints the addresses
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
# iptables looks up sets by a socket option of ipset
match_set() { iptables-legacy -A FORWARD -d "$1" -m set --match-set neighbours src -j DROP; }
match_list() { iptables-legacy -S FORWARD; }

# addresses TOOL: the last numbers of its addresses
addresses() { "$1"_list | grep -o '10\.9\.0\.[0-9]*' | sed 's/.*\.//' | sort -u | xargs; }

set_and_list() {
	"$1"_set "10.9.0.$2" >/dev/null && addresses "$1"
}

# all WHEN NUMBER NUMBERS: each tool adds the address with NUMBER, and then lists NUMBERS
all() {
	for tool in $tools; do
		t "$tool works $1" 0 "$3" set_and_list "$tool" "$2"
	done
}

tools='iptables ipset ipvsadm conntrack match'
if [ "$(find /lib/modules -name 'ebtable_filter.ko*')" ]; then
	tools="$tools ebtables"
else
	result 'ebtables works # SKIP this kernel has no tables for ebtables-legacy' yes
fi
# Load in both orders: the module that registers later finds the other's command words taken.
t 'kvstore can be loaded before the others' 0 ''      insmod /kvstore.ko
all 'loaded after kvstore' 1 1
t 'kvstore works'                     0 1       sh -c 'kvsh put a 1 && kvsh get a'
t 'kvstore can be unloaded'           0 ''      rmmod kvstore
all 'without kvstore' 2 '1 2'
t 'kvstore can be loaded after the others' 0 '' insmod /kvstore.ko
all 'loaded before kvstore' 3 '1 2 3'
t 'kvstore works'                     0 1       sh -c 'kvsh put a 1 && kvsh get a'
finish
