# SPDX-License-Identifier: GPL-2.0-or-later
# Many keys in one call
array rows[8] = [ \
	'get 32/64', 'txn of 64 gets 32/64', 'list 32/64', 'watch event 32/64', '', \
	'bpf lookup 32/64', 'bpf lookup_batch 32/64', 'bpf next_key+lookup 32/64' ]
heading = 'Many keys at once'
unit = 'instructions for each key'
load 'bench/plots/bars.gp'
