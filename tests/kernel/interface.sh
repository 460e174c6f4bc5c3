# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The in-kernel interface: the suites of caller.ko, and the interface as seen from user space
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit

reload() { rmmod kvstore && insmod /kvstore.ko "$@"; }

# load SUITE [COMMAND]: load caller.ko in a new network namespace, after the shell COMMAND
load() { unshare -n sh -c "${2-:}
	insmod /caller.ko suite=$1"; }

# suite SUITE [COMMAND]: run a suite of caller.ko and report its results
suite() {
	load "$@"
	ended=no
	while IFS= read -r line; do
		case $line in
		'ok '*) result "${line#ok }" yes ;;
		'not ok '*) result "${line#not ok }" no ;;
		end) ended=yes ;;
		*) echo "$line" ;;
		esac
	done </sys/kernel/debug/caller
	result "the suite $1 ran to its end" $ended
	rmmod caller
}

# logged NAME TEXT: pass if the kernel's log contains TEXT
logged() {
	if dmesg | grep -qF -e "$2"; then result "$1" yes; else result "$1" no; fi
}

# not_logged NAME TEXT: pass if it does not
not_logged() {
	if dmesg | grep -qF -e "$2"; then result "$1" no; else result "$1" yes; fi
}

suite reads
a=aaaaaaaaaa b=$(printf '%01000d' 0 | tr 0 b)
suite storm "yes 'put storm $a
put storm $b' | kvsh & trap 'kill \$!' EXIT"
suite writes
suite sealed 'kvsh put a 1 && kvsh seal'
suite notices
suite declares
suite strings
suite everywhere

# With fault injection: let allocations of tasks fail, without a log message
faults=/sys/kernel/debug/failslab
if [ -e $faults ]; then
	echo N >$faults/ignore-gfp-wait
	echo 0 >$faults/verbose
	suite memory
	echo Y >$faults/ignore-gfp-wait
fi

dmesg -c >/dev/null
suite tables
for row in 'wrong key' '' kkkkkkkk wrong.no-type wrong.type wrong.no-text wrong.text wrong.unit \
	wrong.no-def wrong.def wrong.def-below wrong.def-above wrong.def-check wrong.def-choice \
	wrong.def-string wrong.bounds wrong.bounds-field wrong.bounds-signed wrong.bounds-string \
	wrong.bounds-bool wrong.no-choices wrong.choices-none wrong.choices-long \
	wrong.choices-number wrong.outside wrong.offset wrong.misaligned wrong.size-none \
	wrong.size-odd wrong.size-long wrong.size-bool wrong.size-string wrong.show-def \
	wrong.show-check; do
	case $row in kkkkkkkk) end='' ;; *) end=: ;; esac
	logged "the log names the invalid row '$row'" "kvstore: caller: parameter $row$end"
done
logged 'the log reports a row without a name' 'kvstore: caller: parameter (null): its name is not a valid key'
logged 'the log reports a table with too many rows or none' 'kvstore: caller: its declaration has'
logged 'the log reports a module without a name' 'kvstore: (nobody): its declaration has'
logged 'the log reports a duplicate row' 'kvstore: caller: parameter right: it is in the table twice'

reload max_entries=3 max_bytes=20
suite limits
reload

# Notifications of changes from user space
notifications() { cat /sys/kernel/debug/caller; }
load witness
kvsh put w.a 1
t 'notifiers are called before a put from user space returns' 0 'end
first: 1 w.a - -> 1
all: 1 w.a - -> 1' notifications
script 'put w.b 2\nput other 1\nput w.a 3\ndelete w.b\nput w.c 4\n' --atomic
t 'each change of a transaction is notified, with the same revision' 0 'first: 2 w.a 1 -> 3
all: 2 w.a 1 -> 3
first: 2 w.c - -> 4
all: 2 w.c - -> 4' sh -c 'tail -n 4 /sys/kernel/debug/caller'
kvsh delete --prefix w.
t 'each change of a prefix delete is notified' 0 'all: 3 w.a 3 -> -
all: 3 w.c 4 -> -
first: 3 w.a 3 -> -
first: 3 w.c 4 -> -' sh -c 'tail -n 4 /sys/kernel/debug/caller | sort'
unshare -n kvsh put w.d there
t 'notifiers of all namespaces are called for another namespace' 0 'all: 1 w.d - -> there' \
	sh -c 'tail -n 1 /sys/kernel/debug/caller'
t 'kvstore cannot be unloaded while a module uses it' 1 '' rmmod kvstore
says 'the error is EAGAIN' 'Resource temporarily unavailable'
rmmod caller

# Values that were put before the keys were declared, and that the declaration refuses
kvsh put two.low 8
kvsh put two.high 7
kvsh put two.even 3
dmesg -c >/dev/null
insmod /caller.ko suite=refused
t 'a value put before the declaration and refused by it is not in effect' 0 '2 set refused' \
	effective two.even
t 'a value that prepare() refuses is not in effect' 0 '1 set refused' effective two.low
t 'a value that is not refused is in effect' 0 '7 set' effective two.high
t 'a refused value stays in the store' 0 8 kvsh get two.low
logged 'the log has the reason of check()' ': the value that was set for two.even before is refused: 3 is not even; the default is in effect'
logged 'the log has the reason of prepare()' ': the value that was set for two.low before is refused: 8 is above 7; the default is in effect'
kvsh put two.high 20
t 'a put of another key does not change that' 0 '1 set refused' effective two.low
kvsh put two.even 5 2>/dev/null
t 'a refused put does not change that' 0 '2 set refused' effective two.even
kvsh put two.low 8
t 'the same value put again is in effect' 0 '8 set' effective two.low
kvsh delete two.even
t 'after a delete the default is in effect' 0 2 effective two.even
rmmod caller

kvsh delete --prefix two.
kvsh put --private two.even 77777
kvsh put two.low 66
kvsh put --private two.high 55
dmesg -c >/dev/null
insmod /caller.ko suite=refused
t 'a refused private value is not in effect' 0 '2 set refused private' effective two.even
not_logged 'the log does not contain the private value' '77777 is not even'
logged 'the log says that the reason is private' ': the value that was set for two.even before is refused: the reason is private;'
t 'a value that contradicts a private value is not in effect' 0 '1 set refused' effective two.low
not_logged 'the log does not contain that private value' 'above 55'
rmmod caller
kvsh delete --prefix two.

# Parameters in all namespaces, also in namespaces created later
defaults='10 0 0 drop none 0.0.0.0 :: 1-9'
mkfifo ready go
unshare -n sh -c 'kvsh put demo.name before; echo >ready; read -r _ <go
	kvsh get demo.state; kvsh put demo.count 2000 2>/dev/null; echo $?
	kvsh put demo.low 5; kvsh get demo.state; echo >ready; read -r _ <go
	kvsh get demo.name; kvsh put demo.count 2000; kvsh get demo.count' >out &
read -r _ <ready
insmod /demo.ko
t 'a declaration applies to this namespace' 0 "$defaults" kvsh get demo.state
t 'a declaration applies to a new namespace' 0 "$defaults" unshare -n kvsh get demo.state
echo >go
read -r _ <ready
t 'another namespace has its own values' 0 "$defaults" kvsh get demo.state
t 'kvstore cannot be unloaded while demo is loaded' 1 '' rmmod kvstore
t 'demo can be unloaded while namespaces have values' 0 '' rmmod demo
echo >go
wait $!
t 'values of an existing namespace are applied, and stay when the module is unloaded' 0 \
	'10 0 0 drop before 0.0.0.0 :: 1-9
1
10 0 0 drop before 0.0.0.0 :: 5-9
before
2000' cat out
t 'a key is no longer checked when its module is unloaded' 0 anything sh -c 'kvsh put demo.count anything && kvsh get demo.count'
kvsh delete demo.count

# Create and destroy namespaces while the module is loaded and unloaded
for _ in 1 2 3 4 5 6 7 8; do
	for _ in 1 2 3 4; do
		unshare -n sh -c 'kvsh put demo.name other; kvsh put demo.peer6 ::2'
	done &
	insmod /demo.ko
	kvsh get demo.state >>states
	rmmod demo
	wait
done
t 'demo can be loaded and unloaded while namespaces are created and destroyed' 0 "$defaults" sort -u states
t 'then kvstore can be unloaded and loaded' 0 '' reload
finish
