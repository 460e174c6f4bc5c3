# SPDX-License-Identifier: GPL-2.0-or-later
# One read or write of a key: kvstore and its peers
array rows[18] = [ \
	'cached read 32/64', 'in-kernel kv_get 32/64', 'in-kernel bpf lookup and copy 32/64', '', \
	'null handler', 'get 32/64', 'bpf lookup 32/64', 'sysfs pread', 'sysctl pread', \
	'keyctl search+read 32/64', 'genetlink round trip 32/64', 'sysctl open/read/close', \
	'sysfs open/read/close', 'configfs open/read/close', '', \
	'put replace 32/64', 'bpf update 32/64', 'bpf update 32/64, no prealloc' ]
heading = 'One read or write of a key of 32 bytes and a value of 64'
unit = 'instructions'
load 'bench/plots/bars.gp'
