# SPDX-License-Identifier: GPL-2.0-or-later
# Memory of a key and its value, with all overhead
array rows[7] = [ \
	'memory of entry 12/4, bytes', 'memory of bpf element 12/4, bytes', \
	'memory of bpf element 12/4, no prealloc, bytes', '', \
	'memory of entry 32/64, bytes', 'memory of bpf element 32/64, bytes', \
	'memory of bpf element 32/64, no prealloc, bytes' ]
heading = 'Memory of a key and its value, with all overhead'
unit = 'bytes'
load 'bench/plots/bars.gp'
