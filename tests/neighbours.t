#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
tests/vm/here 'iptables and the others are programs of this machine' || exit 0
kernel=${KV_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/kvstore}/${KV_KERNEL:-6.1}
with=(--with tests/guest/tap.sh --with tests/guest/neighbours.sh)
for tool in iptables-legacy ebtables-legacy ipset ipvsadm conntrack; do
	with+=(--with "/usr/sbin/$tool")
done
# iptables opens those of the matches and targets that a rule names
xtables=("/usr/lib/$(gcc -print-multiarch)"/xtables/lib{ipt,xt}_*.so)
# Debian's kernels from 7.2 on have no tables for ebtables-legacy
ebtables=$(find "$kernel/modules/" -name 'ebtable_filter.ko*')
KV_VM_MODULES="iptable_filter xt_set ${ebtables:+ebtable_filter ebt_ip} ip_set_hash_ip ip_vs_rr nf_conntrack_netlink" \
	exec tests/vm/run --no-module "${with[@]}" --with "${xtables[0]%/*}" -- sh neighbours.sh
