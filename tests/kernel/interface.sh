# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The in-kernel interface: the suites of caller.ko, and what user space sees of modules that use it
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit

reload() { rmmod kvstore && insmod /kvstore.ko "$@"; }

# load SUITE [COMMAND]: in a namespace of its own, where COMMAND, a shell's, has been run before
load() { unshare -n sh -c "${2-:}
	insmod /caller.ko suite=$1"; }

# suite SUITE [COMMAND]: its tests
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
	result "the suite $1 has run to its end" $ended
	rmmod caller
}

# logged NAME TEXT: the kernel's log has the text since it was last cleared
logged() {
	if dmesg | grep -qF -e "$2"; then result "$1" yes; else result "$1" no; fi
}

# not_logged NAME TEXT
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

# A kernel that can have allocations fail: those that a task asks for, and without a word in the log
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
	logged "the log names the wrong row '$row'" "kvstore: caller: parameter $row$end"
done
logged 'and the row without a name' 'kvstore: caller: parameter (null): its name is not a valid key'
logged 'and a table with too many rows or none' 'kvstore: caller: its declaration has'
logged 'and a module without a name' 'kvstore: (nobody): its declaration has'
logged 'and the row that is there twice' 'kvstore: caller: parameter right: it is in the table twice'

reload max_entries=3 max_bytes=20
suite limits
reload

# What user space writes, as a module is told of it
told() { cat /sys/kernel/debug/caller; }
load witness
kvsh put w.a 1
t 'a put of user space is told before it returns' 0 'end
first: 1 w.a - -> 1
all: 1 w.a - -> 1' told
script 'put w.b 2\nput other 1\nput w.a 3\ndelete w.b\nput w.c 4\n' --atomic
t 'a transaction is told change by change, of one revision' 0 'first: 2 w.a 1 -> 3
all: 2 w.a 1 -> 3
first: 2 w.c - -> 4
all: 2 w.c - -> 4' sh -c 'tail -n 4 /sys/kernel/debug/caller'
kvsh delete --prefix w.
t 'so is the delete of a prefix' 0 'all: 3 w.a 3 -> -
all: 3 w.c 4 -> -
first: 3 w.a 3 -> -
first: 3 w.c 4 -> -' sh -c 'tail -n 4 /sys/kernel/debug/caller | sort'
unshare -n kvsh put w.d there
t 'another namespace is told to those who are told of all' 0 'all: 1 w.d - -> there' \
	sh -c 'tail -n 1 /sys/kernel/debug/caller'
t 'kvstore cannot be unloaded under a module that uses it' 1 '' rmmod kvstore
says 'but EAGAIN' 'Resource temporarily unavailable'
rmmod caller

# What was there before it was declared, and is no good
kvsh put two.low 8
kvsh put two.high 7
kvsh put two.even 3
dmesg -c >/dev/null
insmod /caller.ko suite=refused
t 'a value that was there before and is refused is not in effect' 0 '2 set refused' \
	effective two.even
t 'nor one that prepare() refuses' 0 '1 set refused' effective two.low
t 'beside one that is' 0 '7 set' effective two.high
t 'it is still in the store' 0 8 kvsh get two.low
logged 'and the log says why' ': the value that was set for two.even before is refused: 3 is not even; the default is in effect'
logged 'of both' ': the value that was set for two.low before is refused: 8 is above 7; the default is in effect'
kvsh put two.high 20
t 'another put leaves that so' 0 '1 set refused' effective two.low
kvsh put two.even 5 2>/dev/null
t 'one that is refused too' 0 '2 set refused' effective two.even
kvsh put two.low 8
t 'put again, it is in effect' 0 '8 set' effective two.low
kvsh delete two.even
t 'deleted, it is the default' 0 2 effective two.even
rmmod caller

kvsh delete --prefix two.
kvsh put --private two.even 77777
kvsh put two.low 66
kvsh put --private two.high 55
dmesg -c >/dev/null
insmod /caller.ko suite=refused
t 'a private value that is refused' 0 '2 set refused private' effective two.even
not_logged 'is not in the log' '77777 is not even'
logged 'which says that it is private' ': the value that was set for two.even before is refused: the reason is private;'
t 'nor is one that another is refused for' 0 '1 set refused' effective two.low
not_logged 'since its reason is left out' 'above 55'
rmmod caller
kvsh delete --prefix two.

# Parameters in all namespaces, those to come included
defaults='10 0 0 drop none 0.0.0.0 :: 1-9'
mkfifo ready go
unshare -n sh -c 'kvsh put demo.name before; echo >ready; read -r _ <go
	kvsh get demo.state; kvsh put demo.count 2000 2>/dev/null; echo $?
	kvsh put demo.low 5; kvsh get demo.state; echo >ready; read -r _ <go
	kvsh get demo.name; kvsh put demo.count 2000; kvsh get demo.count' >out &
read -r _ <ready
insmod /demo.ko
t 'a module declares in this namespace' 0 "$defaults" kvsh get demo.state
t 'and in those to come' 0 "$defaults" unshare -n kvsh get demo.state
echo >go
read -r _ <ready
t 'whose values are their own' 0 "$defaults" kvsh get demo.state
t 'kvstore stays as long as the module' 1 '' rmmod kvstore
t 'the module goes while they are there' 0 '' rmmod demo
echo >go
wait $!
t 'a namespace that was there has its values applied, and keeps them without the module' 0 \
	'10 0 0 drop before 0.0.0.0 :: 1-9
1
10 0 0 drop before 0.0.0.0 :: 5-9
before
2000' cat out
t 'what was declared is free again' 0 anything sh -c 'kvsh put demo.count anything && kvsh get demo.count'
kvsh delete demo.count

# Namespaces come and go while the module does
for _ in 1 2 3 4 5 6 7 8; do
	for _ in 1 2 3 4; do
		unshare -n sh -c 'kvsh put demo.name other; kvsh put demo.peer6 ::2'
	done &
	insmod /demo.ko
	kvsh get demo.state >>states
	rmmod demo
	wait
done
t 'a module may come and go while namespaces do' 0 "$defaults" sort -u states
t 'and kvstore after it' 0 '' reload
finish
