# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Transactions in scripts: all or nothing, the line that failed, --atomic
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit

# refused NAME STATUS TEXT MESSAGE [OPTION]...: test that the script TEXT fails, prints nothing on stdout and exactly
# MESSAGE on stderr, and does not change the store
refused() {
	refused_name=$1 refused_status=$2 refused_text=$3 refused_message=$4
	shift 4
	before=$(state)
	t "$refused_name" "$refused_status" '' script "$refused_text" "$@"
	says_exactly "$refused_name: the message" "$refused_message"
	result "$refused_name: nothing has changed" "$([ "$(state)" = "$before" ] && echo yes)"
}

as_nobody() { su -s /bin/sh nobody -c "$*"; }
state() { kvsh -j info; kvsh -j list; }
revision() { kvsh info | sed -n 's/^revision *//p'; }
rev() { kvsh get --rev "$1" | cut -f1; }
long_value=$(printf %01024d 0)

# Transactions that are committed
t 'a transaction of two puts'         0 ''      script 'txn\nput a 1\nput b 2\ncommit\n'
t 'both keys are put'                 0 'a = 1
b = 2'                                          kvsh list
t 'the store has revision 1'          0 1       revision
t 'both keys have revision 1'         0 '1 1'   sh -c 'echo $(kvsh get --rev a | cut -f1) $(kvsh get --rev b | cut -f1)'
t 'gets print their values in order at commit' 0 '2
1
2' script 'txn\nget b\nget a\nget b\ncommit\n'
t 'gets with options'                 0 "$(rev a)	12{\"key\":\"b\",\"value\":\"2\",\"rev\":\"1\",\"private\":false}" \
	script 'txn\nget --rev --raw a\nget --raw b\nget -j b\ncommit\n'
t 'get in a script with -j'           0 "$(kvsh -j get a)" script 'txn\nget a\ncommit\n' -j
t 'gets do not change the revision'   0 1       revision
t 'later lines see earlier ones'      0 '1
3
4' script 'txn\nget a\nput a 3\nget a\nput --replace a 4\nget a\ndelete a\nput --create a 1\ncommit\n'
t 'create then delete'                0 ''      script 'txn\nput --create new 1\ndelete new\ncommit\n'
t 'the key is deleted'                0 'a = 1
b = 2'                                          kvsh list
t 'delete takes several keys'         0 ''      script 'txn\ndelete a b\nput c -5\ncommit\n'
t 'the keys are deleted'              0 'c = -5' kvsh list
t 'quotes and comments in a transaction' 0 "it's # so" \
	script "txn # begin\n  put a \"it's # so\"\n\n# nothing\ncommit\nget a\n"
t 'a value from a file'               0 "$long_value" sh -c "
	printf %s $long_value >value; printf 'txn\nput v @value\nget v\ncommit\n' | kvsh"
t 'put of a private value'            0 true    sh -c "
	printf 'txn\nput --private secret 1\ncommit\n' | kvsh && kvsh -j get secret | grep -o true"
t 'conditions that hold'              0 yes     script "txn\nrequire a\nexists c\nrequire none --absent\nrequire a --rev $(rev a)\nput --if-rev $(rev a) a yes\nget a\ncommit\n"
t 'delete --if-rev'                   0 ''      script "txn\ndelete --if-rev $(rev a) a\ncommit\n"
t 'the key is deleted'                3 ''      kvsh exists a
before=$(revision)
t 'an empty transaction'              0 ''      script 'txn\ncommit\n'
t 'an aborted transaction'            0 ''      script 'txn\nput a 1\nabort\n'
t 'a command after abort'             0 -5      script 'txn\nput a 1\nabort\nget c\n'
t 'empty and aborted transactions do not change the revision' 0 "$before" revision
t 'two transactions in a script'      0 '1
2' script 'txn\nput a 1\nget a\ncommit\ntxn\nput a 2\nget a\ncommit\n'
t 'a transaction of gets needs no capability' 0 2 sh -c "printf 'txn\nget a\nrequire c\ncommit\n' >gets; su -s /bin/sh nobody -c 'kvsh -f gets'"

# Transactions that fail when they are committed
refused 'a condition that does not hold' 4 'txn\nput d 1\n\n  put --create c 2 # here\nput e 3\ncommit\n' \
'<stdin>:4:16: put c: the key exists already; nothing was committed
    put --create c 2 # here
                 ^'
refused 'a missing key' 3 'txn\nput d 1\nget a\nget nothing\ncommit\nput d 2\n' \
'<stdin>:4:5: get nothing: no such key; nothing was committed
  get nothing
      ^'
refused 'a missing key in a delete of several' 3 'txn\nput d 1\ndelete a nothing c\ncommit\n' \
'<stdin>:3:10: delete nothing: no such key; nothing was committed
  delete a nothing c
           ^'
refused 'a revision that differs' 4 'txn\nput d 1\nrequire c --rev 999\ncommit\n' \
'<stdin>:3:9: require c: the key has changed: it is not at the expected revision; nothing was committed
  require c --rev 999
          ^'
refused 'require --absent of an existing key' 4 'txn\nput d 1\nrequire --absent c\ncommit\n' \
'<stdin>:3:18: require c: the key exists already; nothing was committed
  require --absent c
                   ^'
refused 'exists of a missing key' 3 'txn\nput d 1\nexists nothing\ncommit\n' \
'<stdin>:3:8: exists nothing: no such key; nothing was committed
  exists nothing
         ^'
refused 'a key that is created twice' 4 'txn\nput --create d 1\nput --create d 1\ncommit\n' \
'<stdin>:3:14: put d: the key exists already; nothing was committed
  put --create d 1
               ^'
refused 'a continued line' 4 'txn\nput --create \\\n  c 1\ncommit\n' \
'<stdin>:3:3: put c: the key exists already; nothing was committed
    c 1
    ^'
printf 'txn\nget c\nget secret\ncommit\n' >private.kv
t 'get of a private value without permission' 5 '' as_nobody kvsh -f private.kv
says 'the message has the place'      '^private.kv:3:5: get secret: not permitted'
printf 'txn\nget c\nput c 1\ncommit\n' >write.kv
t 'put without permission'            5 ''      as_nobody kvsh -f write.kv
says 'the message has the place'      '^write.kv:3:5: put c: not permitted.*; nothing was committed$'

# Transactions that are refused before the commit
refused 'a line that fails' 2 'txn\nput d 1\nfrobnicate\nput e 1\ncommit\n' \
'<stdin>:3:1: unknown command "frobnicate"; "help" lists the commands
  frobnicate
  ^'
refused 'a line that fails, with --keep-going' 2 'txn\nput d 1\nput d\nput e 1\ncommit\n' \
'<stdin>:3:1: put: VALUE is missing; usage: put [OPTION]... KEY VALUE
  put d
  ^
<stdin>:5:1: commit: a line of the transaction failed; nothing was committed
  commit
  ^' -k
t '--keep-going continues after the transaction' 2 2 script 'txn\n"\ncommit\nget a\n' -k
refused 'a script that ends within a transaction' 2 'exists c\n txn\nput d 1\n' \
'<stdin>:2:2: the transaction that begins here ends without "commit"; nothing was committed
   txn
   ^'
refused 'a script that quits within a transaction' 2 'txn\nput d 1\nquit\n' \
'<stdin>:1:1: the transaction that begins here ends without "commit"; nothing was committed
  txn
  ^'
for line in txn list info 'delete --prefix c' watch 'wait c' 'seal --yes'; do
	t "no $line in a transaction"     2 ''      script "txn\nput d 1\n$line\ncommit\n"
	says 'the message says so'        "^<stdin>:3:[0-9]*: .*cannot be part of a transaction"
done
t 'commit without txn'                2 ''      script 'commit\n'
says 'the message says so'            '^<stdin>:1:1: commit: there is no transaction'
t 'abort without txn'                 2 ''      script 'abort\n'
t 'txn as a single command'           2 ''      kvsh txn
says 'the message suggests --atomic'  '--atomic'
t 'commit as a single command'        2 ''      kvsh commit
t 'a value that is too long'          7 ''      script "txn\nput d ${long_value}0\ncommit\n"
says 'the message has the place'      '^<stdin>:2:7: put d: the value is too long \(limit: 1024 bytes\)$'
i=0
echo txn >large.kv
while [ $i -lt 70 ]; do
	echo "put large.$i $long_value"
	i=$((i + 1))
done >>large.kv
echo commit >>large.kv
t 'a transaction that is too long'    7 ''      kvsh -f large.kv
says 'the message has the first line that does not fit' '^large.kv:64:5: put large.62: the transaction is too long \(limit: 65536 bytes\)$'
t 'no key is put'                     0 0       kvsh list --count large.
t 'a transaction that is too long, with --keep-going' 7 '' kvsh -k -f large.kv
t 'no key is put'                     0 0       kvsh list --count large.
sed '64,71d' large.kv >fits.kv
t 'the longest transaction is committed' 0 62   sh -c 'kvsh -f fits.kv && kvsh list --count large.'
{
	printf 'txn\nput a changed\n'
	sed -n 's/^put \([^ ]*\).*/get \1\nget \1/p' fits.kv
	echo commit
} >reads.kv
t 'gets of more than fits in a reply' 7 ''      kvsh -f reads.kv
says 'the message says so'            'commit: the values that it reads are too long for one reply; nothing was committed$'
t 'the put of the same transaction is not made' 0 2 kvsh get a
kvsh delete --prefix large.

# --atomic
printf 'put d 1\ndelete c\nget d\n' >atomic.kv
before=$(revision)
t '--atomic makes a script one transaction' 0 1 kvsh --atomic -f atomic.kv
t 'it makes one commit'               0 $((before + 1)) revision
t 'it has put the key'                0 'd = 1' kvsh list d
refused '--atomic from stdin, with a missing key' 3 'put d 2\ndelete c\nget d\n' \
'<stdin>:2:8: delete c: no such key; nothing was committed
  delete c
         ^' --atomic
refused '--atomic with a failing line' 2 'put d 2\nput d\n' \
'<stdin>:2:1: put: VALUE is missing; usage: put [OPTION]... KEY VALUE
  put d
  ^' --atomic
refused '--atomic --keep-going with a failing line' 2 'put d\nput d 2\n' \
'<stdin>:1:1: put: VALUE is missing; usage: put [OPTION]... KEY VALUE
  put d
  ^
kvsh: --atomic: a line of the transaction failed; nothing was committed' --atomic -k
for line in txn commit abort list; do
	t "--atomic: no $line"            2 ''      script "put d 2\n$line\n" --atomic
	says 'the message has the reason' "^<stdin>:2:1: $line cannot be part of a transaction; with --atomic the whole script is one$"
done
t 'none of them has changed d'        0 1       kvsh get d
t '--atomic: quit ends the script'    0 3       script 'put d 3\nget d\nquit\nput d 4\n' --atomic
t 'the transaction is committed'      0 3       kvsh get d
t '--atomic with an empty script'     0 ''      script '' --atomic
t '--atomic with a command'           2 ''      kvsh --atomic put d 5
says 'the message says so'            '--atomic needs a script'
t '--atomic with a missing file'      1 ''      kvsh --atomic -f nowhere
printf 'put d 6\nget d\n' >atomic.kv
t '--atomic with a full disk for output' 1 ''   sh -c 'kvsh --atomic -f atomic.kv >/dev/full'
says 'the message has the reason'     'No space left'

# require by itself
t 'require of a key'                  0 ''      kvsh require d
t 'require of a missing key'          3 ''      kvsh require nothing
says 'the message says so'            '^kvsh: require nothing: no such key$'
t 'require --absent'                  0 ''      kvsh require --absent nothing
t 'require --absent of a key'         4 ''      kvsh require --absent d
t 'require --rev'                     0 ''      kvsh require d --rev "$(rev d)"
t 'require --rev of another revision' 4 ''      kvsh require d --rev 1
t 'require --rev of a missing key'    3 ''      kvsh require nothing --rev 1
t 'require --rev --absent contradict' 2 ''      kvsh require d --rev 1 --absent
t 'require --rev needs a number'      2 ''      kvsh require d --rev one
t 'require needs no permission'       0 ''      as_nobody kvsh require d
t 'a script stops at a failed require' 3 ''     script 'require nothing\nput d 7\n'

# delete --if-rev by itself
t 'delete --if-rev of another revision' 4 ''    kvsh delete --if-rev 1 d
t 'delete --if-rev of several keys'   2 ''      kvsh delete --if-rev 1 d e
t 'delete --if-rev --prefix contradict' 2 ''    kvsh delete --if-rev 1 --prefix d
t "delete --if-rev of the key's revision" 0 ''  kvsh delete --if-rev "$(rev d)" d
t 'the key is deleted'                3 ''      kvsh exists d
finish
