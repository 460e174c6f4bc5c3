# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The store as a file: save, load, diff, sync, check
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit

as_nobody() { su -s /bin/sh nobody -c "$*"; }
rev() { kvsh info | sed -n 's/^revision *//p'; }
wipe() { kvsh -q sync /dev/null; }
# text TEXT: write TEXT, a format of printf, to the file f
text() {
	# shellcheck disable=SC2059 # the text is a format
	printf "$1" >f
}
# refused NAME STATUS TEXT MESSAGE: test that load of a file with TEXT fails and prints exactly MESSAGE
refused() {
	text "$3"
	t "$1" "$2" '' kvsh load f
	if [ "$stderr" = "$4" ]; then
		result "$1: the message" yes
	else
		result "$1: the message" no
		printf '%s\n' "$stderr" | sed 's/^/# /'
	fi
}

# save
kvsh put net.mtu 1500
kvsh put empty ''
kvsh put --private db.pass ' se"cret'
kvsh put --private private x
t 'save writes the store'             0 ''      kvsh save f
t 'save prints no message'            0 ''      test -z "$stderr"
t 'the file is text, in the order of the keys' 0 '# kvstore configuration
private db.pass = \x20se\"cret
empty =
net.mtu = 1500
private private = x'                            cat f
t 'the mode of the file is 600'       0 600     stat -c %a f
kvsh put net.mtu 1500
t 'a second save of the same store writes the same file' 0 '' sh -c 'kvsh save g && cmp f g'
t 'save - writes to stdout'           0 ''      sh -c 'kvsh save - | cmp - f'
t 'save FILE PREFIX saves only keys with the prefix' 0 '# kvstore configuration
net.mtu = 1500'                                 sh -c 'kvsh save - net.'
t 'save replaces an old file'         0 ''      sh -c 'echo old >g; chmod 644 g; kvsh save g && cmp f g'
t 'the mode of the new file is 600'   0 600     stat -c %a g
ln -s d/link link
mkdir d
ln -s target d/link
t 'save to a link writes its target and keeps the link' 0 '' sh -c 'kvsh save link && cmp f d/target && test -L link && test -L d/link'
t 'save to a link replaces an existing target' 0 '' sh -c 'echo old >d/target; kvsh save link && cmp f d/target'
ln -s loop loop
t 'save to a link to itself'          1 ''      kvsh save loop
t 'save to a folder'                  1 ''      kvsh save d
says 'the message says so'            'save: cannot write d: it is a directory$'
mkfifo fifo
t 'save to a FIFO'                    1 ''      kvsh save fifo
says 'the message says so'            'cannot write fifo: it is a device, pipe or socket'
t 'save to a device'                  1 ''      kvsh save /dev/null
t 'the device is still a device'      0 ''      test -c /dev/null
t 'save to a missing folder'          1 ''      kvsh save no/where
says 'the message has the reason'     'cannot write no/where: No such file'
t 'save of a private value without permission' 5 '' as_nobody kvsh save /tmp/nobody
says 'the message names the key'      'save: db.pass is private: not permitted'
t 'no file is written'                1 ''      test -e nobody
t 'save of public values needs no permission' 0 'net.mtu = 1500' sh -c "su -s /bin/sh nobody -c 'kvsh save - net' | tail -n 1"
t 'save without permission to write the file' 1 '' as_nobody kvsh save /root/x net.
says 'the message has the reason'     'cannot write /root/x: Permission denied'

# A full disk, and signals
mkdir small
mount -t tmpfs -o size=16k none small
kvsh save small/f net.
cp small/f before
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	echo "put full.$i $(printf %01024d 0)"
done | kvsh
t 'save to a full disk'               1 ''      kvsh save small/f
says 'the message has the reason'     'save: cannot write small/f: No space left'
t 'the old file is unchanged'         0 ''      cmp before small/f
t 'no temporary file is left'         0 f       ls small
t 'save - to a full disk'             1 ''      sh -c 'kvsh save - >/dev/full'
kvsh delete --prefix full.
mkdir signals
kvsh save signals/f
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	kvsh save signals/f &
	kill -TERM $!
	wait $!
done 2>/dev/null
t 'the file is complete after signals' 0 ''     cmp f signals/f
t 'no temporary file is left after signals' 0 f ls signals

# Round trips
t 'diff with the saved file prints nothing' 0 '' kvsh diff f
before=$(rev)
t 'sync of the saved file'            0 ''      kvsh sync f
t 'this sync makes no commit'         0 "$before" rev
t 'load of the saved file'            0 ''      kvsh load f
t 'this load makes one commit'        0 $((before + 1)) rev
t 'a loaded private value is private' 5 ''      as_nobody kvsh get db.pass
all_bytes >all
kvsh put bytes.all @all
for i in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	head -c $((i * 50)) /dev/urandom >random.$i
	kvsh put bytes.$i @random.$i
done
kvsh save f
kvsh list >listed
wipe
t 'the store is empty'                0 0       kvsh list --count
t 'load of all keys'                  0 ''      kvsh load f
t 'diff prints nothing after it'      0 ''      kvsh diff f
t 'list prints the same as before'    0 ''      sh -c 'kvsh list | cmp - listed'
t 'a value with all 256 bytes is restored' 0 '' sh -c 'kvsh get --raw bytes.all | cmp - all'
t 'values of random bytes are restored' 0 ''    sh -c 'for i in 1 7 20; do kvsh get --raw bytes.$i | cmp - random.$i; done'
t 'another save writes the same file' 0 ''      sh -c 'kvsh save g && cmp f g'
wipe
t 'load from stdin'                   0 ''      sh -c 'kvsh load - <f && kvsh diff f'
t 'sync from a FIFO'                  0 ''      sh -c 'cat f >fifo & kvsh sync fifo && kvsh diff f'

# The format
wipe
text '\357\273\277# by hand\r\n\r\n \t# more\r\n  a =   1\t \r\nb = # "x" \\x20\r\nprivate = 1\r\nprivate private2 =\r\nc =\r\ne = 3'
t 'a hand-written file with CRLF line ends' 0 '' kvsh load f
t 'has these keys and values'         0 'a = 1
b = # \"x\" \x20
c = 
e = 3
private = 1
private2 = '                                    kvsh list
t 'load of an empty file succeeds'    0 ''      kvsh load /dev/null
t 'sync of an empty file deletes all keys' 0 '' sh -c 'kvsh sync /dev/null && kvsh list'
refused 'no value' 2 'a = 1\nnovalue\n' \
'f:2:8: there is no " = " after the key
  novalue
         ^'
refused 'no blanks around =' 2 'a=1\n' \
'f:1:2: the = after a key needs a blank on both sides
  a=1
   ^'
refused 'no key' 2 '\n = 1\n' \
'f:2:2: there is no key before the =
   = 1
   ^'
refused 'an invalid key' 2 'private a,b = 1\n' \
'f:1:10: a key cannot contain , (byte 2), only A-Z a-z 0-9 _ . : / @ + -
  private a,b
           ^'
text 'a = b\\qc\n'
t 'an unknown escape'                 2 ''      kvsh load f
says 'the message has the place'      '^f:1:6: \\q is not an escape; write \\\\q for a backslash'
refused 'half an escape' 2 'a = \\x4\n' \
'f:1:5: \x needs two hexadecimal digits after it, as in \x0a
  a = \x4
      ^'
refused 'a NUL byte' 2 'a = b\000c\n' \
'f:1:6: a NUL byte must be written as \x00
  a = b\x00c
       ^'
refused 'a byte that is not UTF-8' 2 'a = b\377c\n' \
'f:1:6: this byte is not printable UTF-8; write it as \xff
  a = b\xffc
       ^'
refused 'a key that appears twice' 2 'a = 1\nb = 2\na = 1\n' \
'f:3:1: a is already set in line 1
  a = 1
  ^'
text "$(printf %0129d 0) = 1\n"
t 'a key that is too long'            7 ''      kvsh load f
says 'the message has the place and the limit' '^f:1:1: the key is too long \(limit: 128 bytes\)'
text "private a = $(printf %01025d 0)\n"
t 'a value that is too long'          7 ''      kvsh load f
says 'the message has the place and the limit' '^f:1:13: the value is too long \(limit: 1024 bytes\)'
text "a = $(printf %01023d 0)\\\\x00\n$(printf %0128d 0) = 1"
t 'the longest key and the longest value' 0 ''  kvsh load f
t 'load of a binary file'             2 ''      kvsh load /bin/busybox
t 'load of a folder'                  1 ''      kvsh load d
says 'the message has the reason'     'load: cannot read d: Is a directory'
t 'sync of a missing file'            1 ''      kvsh sync nowhere
says 'the message has the reason'     'sync: cannot read nowhere: No such file'
chmod 600 f
t 'check of an unreadable file'       1 ''      as_nobody kvsh check /tmp/f
t 'load of an endless device'         2 ''      kvsh load /dev/zero
kvsh delete a "$(printf %0128d 0)"
text 'a = 1\nb = 2\nbad\n'
for command in load sync diff 'load --atomic' 'load --replace-all'; do
	# shellcheck disable=SC2086 # an option is a word
	t "a file with an error: $command" 2 ''      kvsh $command f
	t 'no key is changed'             0 0       kvsh list --count
done
t 'load of an invalid file in a script' 2 ''    sh -c 'echo "load f" | kvsh'
says 'the message has the place in the file' '^f:3:4: there is no'
t 'load - in a script on stdin'       2 ''      sh -c 'echo "load -" | kvsh'
says 'the message has the reason'     '^<stdin>:1:6: load: cannot read FILE from standard input, where the commands come from'
echo 'load - ' >script
t 'load - in a script from a file'    0 'c = 3' sh -c 'echo c = 3 | kvsh -f script && kvsh list'
t 'load without permission'           5 ''      as_nobody 'echo a = 1 | kvsh load -'
says 'the message has the reason'     'load: not permitted'

# check
text 'a = 1\nbad\nc = \\q\na = 2\n'
t 'check of an invalid file'          2 ''      kvsh check f
t 'reports all errors'                0 'f:2:4:
f:3:5:
f:4:1:'                                         sh -c "kvsh check f 2>&1 | grep -o '^f:[0-9]*:[0-9]*:'"
text 'a = 1\n'
chmod 644 f
t 'check needs no permission'         0 ''      as_nobody kvsh check /tmp/f
t 'check changes nothing'             3 ''      kvsh get a
seq 1 65537 | sed 's/.*/k& =/' >large
t 'check of more keys than the store holds' 7 '' kvsh check large
says 'the message has both numbers'   'large has 65537 keys, but the store holds at most 65536$'

# diff and sync
wipe
text 'a = 1\nb = 2\nprivate s = 3\nt = 4\n'
kvsh load f
kvsh put a 9
kvsh put --private t 4
kvsh delete b
kvsh put c 5
kvsh put --private s other
t 'diff shows what sync would do'     4 '- a = 9
+ a = 1
+ b = 2
- c = 5
- private s = other
+ private s = 3
- private t = 4
+ t = 4'                                        kvsh diff f
t 'diff --color=always prints colors' 4 "$(printf '\033[31m- c = 5\033[m')" \
	sh -c 'kvsh --color=always diff f >out; status=$?; grep c out; exit $status'
t 'diff of private values without permission' 5 '' as_nobody kvsh diff /tmp/f
before=$(rev)
t 'sync makes the differences'        0 ''      kvsh sync f
t 'sync prints no message without a terminal' 0 '' test -z "$stderr"
t 'sync makes one commit'             0 $((before + 1)) rev
t 'diff prints nothing after it'      0 ''      kvsh diff f
t 'a second sync makes no commit'     0 $((before + 1)) sh -c "kvsh sync f; kvsh info | sed -n 's/^revision *//p'"
revision_of_s=$(kvsh get --rev s)
kvsh put a 0
kvsh sync f
t 'sync does not put keys that do not differ' 0 "$revision_of_s" kvsh get --rev s
kvsh put other 1
text 'a = 2\n'
t 'sync with a PREFIX'                0 ''      kvsh sync f a
t 'does not change other keys'        0 'a = 2
b = 2
other = 1
s = 3
t = 4'                                          kvsh list
text 'a = 2\n\nx = 2'
t 'a file with other keys is refused' 2 ''      kvsh sync f a
says 'the message names the first one' '^f:3:1: x does not start with the prefix "a"$'
t 'diff refuses it too'               2 ''      kvsh diff f a
t 'sync without permission'           5 ''      as_nobody 'echo other = 2 | kvsh sync - o'

# load
wipe
kvsh put old 1
text 'a = 1\n'
kvsh load f
t 'load keeps other keys'             0 'a = 1
old = 1'                                        kvsh list
t 'load --replace-all'                0 ''      kvsh load --replace-all f
t 'deletes other keys'                0 'a = 1' kvsh list
seq 10000 13999 | sed 's/.*/k& = &/' >many
before=$(rev)
t 'load --atomic of too many changes' 7 ''      kvsh load --atomic many
says 'the message has the reason'     'load: 4000 changes do not fit in one transaction of 65536 bytes; nothing was changed'
t 'and changes nothing'               0 "$before" rev
t 'load of too many changes for one transaction' 0 '' kvsh load many
t 'makes fewer than 20 commits'       0 yes     sh -c "test \$(kvsh info | sed -n 's/^revision *//p') -lt $((before + 20)) && echo yes"
t 'all keys are there'                0 4000    kvsh list --count k
t 'sync of too many changes for one transaction' 0 '' kvsh sync /dev/null
says 'a message has the number of transactions' 'sync: the changes did not fit in one transaction; they were made in [0-9]+ transactions$'
t '--quiet'                           0 ''      sh -c 'kvsh load many && kvsh -q sync /dev/null'
t 'no message'                        0 ''      test -z "$stderr"

# The store's limits
t 'load of too many keys for the store' 7 ''    kvsh load large
says 'the message names the line'     '^large:65537:1: load k65537: the store is full'
says 'the message has the number of changes made' 'maximum number of keys; [0-9]+ changes had already been made$'
head -n 65536 large >full
t 'sync fills the store'              0 ''      kvsh sync full
sed 's/^k1 =/new =/' full >swapped
before=$(rev)
t 'sync of a full store deletes before it puts' 0 '' kvsh sync swapped
t 'in one commit'                     0 $((before + 1)) rev
wipe

# A load that is killed: no transaction is half done
seq 10000 49999 | sed 's/.*/k& = &/' >many
before=$(rev)
kvsh load many &
loader=$!
kvsh wait k10000
kill -KILL $loader
wait $loader 2>/dev/null
count=$(kvsh list --count)
commits=$(($(rev) - before))
# A record has 32 bytes, the header 24.
batch=$(((65536 - 24) / 32))
echo "# $count keys by $commits transactions"
t 'a killed load has put the first keys of the file' 0 '' \
	sh -c "kvsh list | head -n $count >got; head -n $count many | cmp - got"
t 'in complete transactions'          0 yes     sh -c "
	test $count = 40000 || test $count = $((commits * batch)) && echo yes"
wipe

# save while two configurations are loaded in turn
seq 10000 10999 | sed 's/.*/k& = one/' >one
seq 10000 10999 | sed 's/.*/k& = two/' >two
for i in 1 2 3 4 5 6 7 8 9 10; do
	echo load --atomic one
	echo load --atomic two
done >turns
{ echo '# kvstore configuration'; cat one; } >one.saved
{ echo '# kvstore configuration'; cat two; } >two.saved
kvsh load --atomic one
kvsh -f turns &
writer=$!
mixed=no
while kill -0 $writer 2>/dev/null; do
	rm -f saved
	kvsh save saved 2>/dev/null || continue
	cmp -s saved one.saved || cmp -s saved two.saved || mixed=yes
done
wait $writer
t 'save writes a snapshot or fails'   0 no      echo $mixed

# Messages must not show private values: they end up in logs.
printf '\357\273\277private wg.key = s3cret\\q\nprivate x s3cret\nprivate y=s3cret\n' >bad.conf
t 'check of invalid lines with a private value' 2 '' kvsh check bad.conf
says_exactly 'the messages do not show the value' "$(
	cat <<'END'
bad.conf:1:24: \q is not an escape; write \\q for a backslash and q (escapes: \n \t \r \\ \" \' \# \xNN, and \ before a space)
  private wg.key
                ^
bad.conf:2:11: there is no " = " after the key
  private x
           ^
bad.conf:3:10: the = after a key needs a blank on both sides
  private y=
           ^
END
)"
finish
