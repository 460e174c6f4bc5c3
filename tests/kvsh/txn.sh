# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Transactions in scripts: all or nothing, the line at fault, --atomic
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit

# refused NAME STATUS TEXT MESSAGE [OPTION]...: the text fails, prints nothing, says exactly MESSAGE
# and leaves the store as it was
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

# All
t 'lines up to commit are done'       0 ''      script 'txn\nput a 1\nput b 2\ncommit\n'
t 'all of them'                       0 'a = 1
b = 2'                                          kvsh list
t 'as one revision'                   0 1       revision
t 'of each key'                       0 '1 1'   sh -c 'echo $(kvsh get --rev a | cut -f1) $(kvsh get --rev b | cut -f1)'
t 'gets print in their order at commit' 0 '2
1
2' script 'txn\nget b\nget a\nget b\ncommit\n'
t 'with their options'                0 "$(rev a)	12{\"key\":\"b\",\"value\":\"2\",\"rev\":\"1\",\"private\":false}" \
	script 'txn\nget --rev --raw a\nget --raw b\nget -j b\ncommit\n'
t 'and with --json'                   0 "$(kvsh -j get a)" script 'txn\nget a\ncommit\n' -j
t 'that is no change'                 0 1       revision
t 'later lines see earlier ones'      0 '1
3
4' script 'txn\nget a\nput a 3\nget a\nput --replace a 4\nget a\ndelete a\nput --create a 1\ncommit\n'
t 'create then delete'                0 ''      script 'txn\nput --create new 1\ndelete new\ncommit\n'
t 'leaves nothing'                    0 'a = 1
b = 2'                                          kvsh list
t 'delete takes several keys'         0 ''      script 'txn\ndelete a b\nput c -5\ncommit\n'
t 'and all are gone'                  0 'c = -5' kvsh list
t 'a transaction is no command of its own lines: quoting and comments hold' 0 "it's # so" \
	script "txn # begin\n  put a \"it's # so\"\n\n# nothing\ncommit\nget a\n"
t 'values may come from files'        0 "$long_value" sh -c "
	printf %s $long_value >value; printf 'txn\nput v @value\nget v\ncommit\n' | kvsh"
t 'private values too are put'        0 true    sh -c "
	printf 'txn\nput --private secret 1\ncommit\n' | kvsh && kvsh -j get secret | grep -o true"
t 'conditions that hold'              0 yes     script "txn\nrequire a\nexists c\nrequire none --absent\nrequire a --rev $(rev a)\nput --if-rev $(rev a) a yes\nget a\ncommit\n"
t 'delete --if-rev'                   0 ''      script "txn\ndelete --if-rev $(rev a) a\ncommit\n"
t 'deleted it'                        3 ''      kvsh exists a
before=$(revision)
t 'an empty transaction'              0 ''      script 'txn\ncommit\n'
t 'a transaction that is aborted'     0 ''      script 'txn\nput a 1\nabort\n'
t 'and what follows is as ever'       0 -5      script 'txn\nput a 1\nabort\nget c\n'
t 'neither is a change'               0 "$before" revision
t 'one after the other'               0 '1
2' script 'txn\nput a 1\nget a\ncommit\ntxn\nput a 2\nget a\ncommit\n'
t 'gets alone need no capability'     0 2       sh -c "printf 'txn\nget a\nrequire c\ncommit\n' >gets; su -s /bin/sh nobody -c 'kvsh -f gets'"

# Or nothing, and who is at fault
refused 'a condition that does not hold' 4 'txn\nput d 1\n\n  put --create c 2 # here\nput e 3\ncommit\n' \
'<stdin>:4:16: put c: the key exists already; nothing was committed
    put --create c 2 # here
                 ^'
refused 'a missing key' 3 'txn\nput d 1\nget a\nget nothing\ncommit\nput d 2\n' \
'<stdin>:4:5: get nothing: no such key; nothing was committed
  get nothing
      ^'
refused 'the key of several that is missing' 3 'txn\nput d 1\ndelete a nothing c\ncommit\n' \
'<stdin>:3:10: delete nothing: no such key; nothing was committed
  delete a nothing c
           ^'
refused 'a revision that is another' 4 'txn\nput d 1\nrequire c --rev 999\ncommit\n' \
'<stdin>:3:9: require c: the key has changed: it is not at the expected revision; nothing was committed
  require c --rev 999
          ^'
refused 'a key that should not be there' 4 'txn\nput d 1\nrequire --absent c\ncommit\n' \
'<stdin>:3:18: require c: the key exists already; nothing was committed
  require --absent c
                   ^'
refused 'a key that should' 3 'txn\nput d 1\nexists nothing\ncommit\n' \
'<stdin>:3:8: exists nothing: no such key; nothing was committed
  exists nothing
         ^'
refused 'create twice' 4 'txn\nput --create d 1\nput --create d 1\ncommit\n' \
'<stdin>:3:14: put d: the key exists already; nothing was committed
  put --create d 1
               ^'
refused 'a continued line' 4 'txn\nput --create \\\n  c 1\ncommit\n' \
'<stdin>:3:3: put c: the key exists already; nothing was committed
    c 1
    ^'
printf 'txn\nget c\nget secret\ncommit\n' >private.kv
t 'a private value for nobody'        5 ''      as_nobody kvsh -f private.kv
says 'is refused by its line'         '^private.kv:3:5: get secret: not permitted'
printf 'txn\nget c\nput c 1\ncommit\n' >write.kv
t 'a write of nobody'                 5 ''      as_nobody kvsh -f write.kv
says 'is refused by its line'         '^write.kv:3:5: put c: not permitted.*; nothing was committed$'

# What cannot be committed
refused 'a line that fails' 2 'txn\nput d 1\nfrobnicate\nput e 1\ncommit\n' \
'<stdin>:3:1: unknown command "frobnicate"; "help" lists the commands
  frobnicate
  ^'
refused 'with --keep-going too' 2 'txn\nput d 1\nput d\nput e 1\ncommit\n' \
'<stdin>:3:1: put: VALUE is missing; usage: put [OPTION]... KEY VALUE
  put d
  ^
<stdin>:5:1: commit: a line of the transaction failed; nothing was committed
  commit
  ^' -k
t 'which then goes on'                2 2       script 'txn\n"\ncommit\nget a\n' -k
refused 'a script that ends within a transaction' 2 'exists c\n txn\nput d 1\n' \
'<stdin>:2:2: the transaction that begins here ends without "commit"; nothing was committed
   txn
   ^'
refused 'or quits' 2 'txn\nput d 1\nquit\n' \
'<stdin>:1:1: the transaction that begins here ends without "commit"; nothing was committed
  txn
  ^'
for line in txn list info 'delete --prefix c' watch 'wait c' 'seal --yes'; do
	t "no $line in a transaction"     2 ''      script "txn\nput d 1\n$line\ncommit\n"
	says 'and says so'                "^<stdin>:3:[0-9]*: .*cannot be part of a transaction"
done
t 'commit without txn'                2 ''      script 'commit\n'
says 'and says so'                    '^<stdin>:1:1: commit: there is no transaction'
t 'abort without txn'                 2 ''      script 'abort\n'
t 'txn as a single command'           2 ''      kvsh txn
says 'points to scripts'              '--atomic'
t 'commit as a single command'        2 ''      kvsh commit
t 'a value that is too long'          7 ''      script "txn\nput d ${long_value}0\ncommit\n"
says 'is pointed at'                  '^<stdin>:2:7: put d: the value is too long \(limit: 1024 bytes\)$'
i=0
echo txn >large.kv
while [ $i -lt 70 ]; do
	echo "put large.$i $long_value"
	i=$((i + 1))
done >>large.kv
echo commit >>large.kv
t 'a transaction that is too long'    7 ''      kvsh -f large.kv
says 'ends where it no longer fits'   '^large.kv:64:5: put large.62: the transaction is too long \(limit: 65536 bytes\)$'
t 'and leaves nothing'                0 0       kvsh list --count large.
t 'nor with --keep-going'             7 ''      kvsh -k -f large.kv
t 'leaves it anything'                0 0       kvsh list --count large.
sed '64,71d' large.kv >fits.kv
t 'one that just fits is committed'   0 62      sh -c 'kvsh -f fits.kv && kvsh list --count large.'
{
	printf 'txn\nput a changed\n'
	sed -n 's/^put \([^ ]*\).*/get \1\nget \1/p' fits.kv
	echo commit
} >reads.kv
t 'gets of more than a reply holds'   7 ''      kvsh -f reads.kv
says 'are refused'                    'commit: the values that it reads are too long for one reply; nothing was committed$'
t 'with all else'                     0 2       kvsh get a
kvsh delete --prefix large.

# --atomic
printf 'put d 1\ndelete c\nget d\n' >atomic.kv
before=$(revision)
t '--atomic makes a script one transaction' 0 1 kvsh --atomic -f atomic.kv
t 'of one revision'                   0 $((before + 1)) revision
t 'that did all'                      0 'd = 1' kvsh list d
refused '--atomic from stdin, refused' 3 'put d 2\ndelete c\nget d\n' \
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
	says 'and says why'               "^<stdin>:2:1: $line cannot be part of a transaction; with --atomic the whole script is one$"
done
t 'they left d alone'                 0 1       kvsh get d
t '--atomic: quit ends the script'    0 3       script 'put d 3\nget d\nquit\nput d 4\n' --atomic
t 'and it is committed'               0 3       kvsh get d
t '--atomic of nothing'               0 ''      script '' --atomic
t '--atomic with a command'           2 ''      kvsh --atomic put d 5
says 'and says so'                    '--atomic needs a script'
t '--atomic of a file that is not there' 1 ''   kvsh --atomic -f nowhere
printf 'put d 6\nget d\n' >atomic.kv
t '--atomic with a full disk for output' 1 ''   sh -c 'kvsh --atomic -f atomic.kv >/dev/full'
says 'says so'                        'No space left'

# require by itself
t 'require of a key'                  0 ''      kvsh require d
t 'require of no key'                 3 ''      kvsh require nothing
says 'says so'                        '^kvsh: require nothing: no such key$'
t 'require --absent'                  0 ''      kvsh require --absent nothing
t 'require --absent of a key'         4 ''      kvsh require --absent d
t 'require --rev'                     0 ''      kvsh require d --rev "$(rev d)"
t 'require of another --rev'          4 ''      kvsh require d --rev 1
t 'require --rev of no key'           3 ''      kvsh require nothing --rev 1
t 'require --rev --absent contradict' 2 ''      kvsh require d --rev 1 --absent
t 'require --rev wants a number'      2 ''      kvsh require d --rev one
t 'nobody may require'                0 ''      as_nobody kvsh require d
t 'a script stops at it'              3 ''      script 'require nothing\nput d 7\n'

# delete --if-rev by itself
t 'delete --if-rev of another'        4 ''      kvsh delete --if-rev 1 d
t 'delete --if-rev of several keys'   2 ''      kvsh delete --if-rev 1 d e
t 'delete --if-rev --prefix contradict' 2 ''    kvsh delete --if-rev 1 --prefix d
t 'delete --if-rev of its own'        0 ''      kvsh delete --if-rev "$(rev d)" d
t 'deletes it'                        3 ''      kvsh exists d
finish
