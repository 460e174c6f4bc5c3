# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# kvsh with a single command: all commands, options, aliases, exit codes and kinds of messages
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit

as_nobody() { su -s /bin/sh nobody -c "$*"; }
rev() { kvsh get --rev "$1" | cut -f1; }
long_key=$(printf %0128d 0)
long_value=$(printf %01024d 0)

# put and get
t 'put stores a value, quietly'       0 ''      kvsh put a one
t 'get prints it'                     0 one     kvsh get a
t 'put replaces the value'            0 ''      kvsh put a two
t 'get prints the new value'          0 two     kvsh get a
t 'set is an alias of put'            0 ''      kvsh set b three
t 'a value may be empty'              0 ''      kvsh put empty ''
t 'get of an empty value'             0 ''      kvsh get empty
t 'a value may look like an option'   0 -5      sh -c 'kvsh put temp -5 && kvsh get temp'
t 'a value may look like an option of put' 0 --create sh -c 'kvsh put temp --create && kvsh get temp'
t 'options may follow the value'      4 ''      kvsh put temp -5 --create
says 'a condition is explained'       '^kvsh: put temp: the key exists already'
t '-- ends options'                   2 ''      kvsh get -- --raw a
t 'put --create of a new key'         0 ''      kvsh put --create new 1
t 'put --create of an old key'        4 ''      kvsh put --create new 2
t 'put --replace of an old key'       0 ''      kvsh put --replace new 3
t 'put --replace of a missing key'    3 ''      kvsh put --replace newer 3
t 'put --if-rev of its revision'      0 ''      kvsh put --if-rev "$(rev new)" new 4
t 'put --if-rev of another one'       4 ''      kvsh put --if-rev 1 new 5
says 'the message says why'           'the key has changed'
t 'put --if-rev of a missing key'     3 ''      kvsh put --if-rev 1 newer 5
t 'put --if-rev needs a number'       2 ''      kvsh put --if-rev one new 5
says 'the message says so'            '--if-rev needs a revision'
t 'refused puts change nothing'       0 4       kvsh get new
t 'the longest key and value'         0 "$long_value" sh -c "kvsh put $long_key $long_value && kvsh get $long_key"
t 'a key that is too long'            7 ''      kvsh put "${long_key}0" 1
says 'the message has the limit'      'the key is too long \(limit: 128 bytes\)'
t 'a value that is too long'          7 ''      kvsh put a "${long_value}0"
says 'the message has the limit'      'the value is too long \(limit: 1024 bytes\)'
t 'a key with a space'                2 ''      kvsh put 'a b' 1
says 'the message names the character' 'a key cannot contain a space'
t 'an empty key'                      2 ''      kvsh put '' 1
t 'get of a missing key'              3 ''      kvsh get nothing
says 'the message names the key'      '^kvsh: get nothing: no such key$'
t 'get of an invalid key'             2 ''      kvsh get 'a b'
t 'get --rev adds the revision'       0 "$(rev a)	two" kvsh get --rev a
t 'get --raw adds no newline'         0 3       sh -c 'kvsh get --raw a | wc -c'
t 'get adds a newline'                0 4       sh -c 'kvsh get a | wc -c'

# All byte values, from stdin and from a file
all_bytes >all
t 'put KEY - reads all of stdin'      0 ''      sh -c 'kvsh put all - <all && kvsh get --raw all | cmp - all'
t 'put KEY @FILE reads a file'        0 ''      sh -c 'kvsh put all2 @all && kvsh get --raw all2 | cmp - all'
t 'put --literal reads neither'       0 @all    sh -c 'kvsh put --literal c @all && kvsh get c'
t 'put of a missing file'             1 ''      kvsh put c @/nowhere
says 'the message names the file'     '/nowhere: No such file'
t 'put of a file that is too long'    7 ''      sh -c 'cat all all all all all >large; kvsh put c @large'
t 'does not change the key'           0 @all    kvsh get c
t 'a line of list, in quotes, puts back all bytes' 0 '' sh -c '
	printf "put back \"%s\"\n" "$(kvsh list --values all2)" | kvsh && kvsh get --raw back | cmp - all'

# list
kvsh delete --prefix all
kvsh delete back c new temp empty "$long_key"
kvsh put z.private hidden --private
t 'list is sorted'                    0 'a = two
b = three
z.private = hidden'                             kvsh list
t 'ls is an alias of list'            0 'b = three' kvsh ls b
t 'list --keys'                       0 'a
b
z.private'                                      kvsh list --keys
t 'list --values'                     0 'two
three
hidden'                                         kvsh list --values
t 'list --count'                      0 3       kvsh list --count
t 'list without a match succeeds'     0 ''      kvsh list nothing
t 'list --keys --count contradict'    2 ''      kvsh list --keys --count
kvsh put odd "$(printf ' \t\n\r\\"\001\233x\303\244 ')"
t 'list escapes unprintable bytes'    0 'odd = \x20\t\n\r\\\"\x01\x9bxä\x20' kvsh list odd
t '--color=always prints colors'      0 "$(printf '\033')" sh -c 'kvsh --color=always list a | grep -o "^."'
t '--color=always overrides NO_COLOR' 0 "$(printf '\033')" sh -c 'NO_COLOR=1 kvsh --color=always list a | grep -o "^."'
t 'an unknown --color'                2 ''      kvsh --color=perhaps list
kvsh delete odd

# Private values
t 'a private value with permission'   0 hidden  kvsh get z.private
t 'a private value without permission' 5 ''     as_nobody kvsh get z.private
says 'the message says why'           'not permitted.*CAP_NET_ADMIN'
t 'list does not show it without permission' 0 'z.private = (private)' as_nobody kvsh list z
t 'get of a public value needs no permission' 0 two as_nobody kvsh get a
t 'exists of a private key needs no permission' 0 '' as_nobody kvsh exists z.private
t 'put needs permission'              5 ''      as_nobody kvsh put a 1
t 'delete needs permission'           5 ''      as_nobody kvsh delete a
t 'list shows an empty private value with permission' 0 'e = ' \
	sh -c 'kvsh put --private e "" && kvsh list e && kvsh delete e'

# exists, delete
t 'exists of a key'                   0 ''      kvsh exists a
t 'exists of no key'                  3 ''      kvsh exists nothing
t 'exists prints no message'          0 ''      test -z "$stderr"
t 'delete of a key'                   0 ''      kvsh delete a
t 'the key is gone'                   3 ''      kvsh get a
t 'delete of a missing key'           3 ''      kvsh delete a
kvsh put a 1; kvsh put b 1; kvsh put c 1
t 'delete continues after a failure'  3 ''      kvsh rm a nothing b
says 'the message names the key'      'delete nothing: no such key|rm nothing: no such key'
t 'the other keys are deleted'        0 'c = 1' kvsh list c
t 'del is an alias of delete'         0 ''      kvsh del c
kvsh put p.1 1; kvsh put p.2 1; kvsh put q 1
t 'delete --prefix'                   0 ''      kvsh delete --prefix p.
t 'it deletes only keys with the prefix' 0 q    kvsh list --keys q
t 'delete --prefix without a match'   3 ''      kvsh delete --prefix p.
says 'the message says so'            'delete p.: no key starts with this prefix$'
t "delete --prefix '' needs --yes"    2 ''      kvsh delete --prefix ''
t 'delete needs a key'                2 ''      kvsh delete

# JSON
kvsh put j 'a "b"'
t 'get --json' 0 "{\"key\":\"j\",\"value\":\"a \\\"b\\\"\",\"rev\":\"$(rev j)\",\"private\":false}" \
	kvsh get --json j
t '-j is --json, before the command too' 0 "$(kvsh get -j j)" kvsh -j get j
kvsh put j "$(printf '\377')"
t 'JSON has a value that is not UTF-8 in base64' 0 "{\"key\":\"j\",\"value\":\"/w==\",\"encoding\":\"base64\",\"rev\":\"$(rev j)\",\"private\":false}" \
	kvsh get -j j
printf 'a\0b' | kvsh put j -
t 'JSON escapes a NUL byte'           0 1       sh -c 'kvsh get -j j | grep -cF "\"a\u0000b\""'
t "list --json of nothing is an empty array" 0 "[]" kvsh -j list nothing
t 'JSON has null for a value without permission' 0 1 sh -c "su -s /bin/sh nobody -c 'kvsh -j list z' | grep -c '\"value\":null'"
t 'info --json has revisions as strings' 0 1    sh -c 'kvsh -j info | grep -c "\"rev\":\"[0-9]*\""'

# info, help, usage
t 'info prints the limits'            0 1       sh -c 'kvsh info | grep -cE "of 65536$"'
t 'help lists all commands'           0 ''      sh -c 'for c in put get delete list describe exists require txn commit abort watch wait seal info help quit; do kvsh help | grep -q "^  $c " || echo $c; done'
t 'help COMMAND explains each command' 0 ''     sh -c 'for c in put get delete list describe exists require txn commit abort watch wait seal info help quit; do kvsh help $c | grep -q "^Usage: $c" || echo $c; done'
t 'COMMAND --help prints the same'    0 "$(kvsh help put)" kvsh put --help
t "-h prints the same as help"           0 "$(kvsh help)" kvsh -h
t '--version'                         0 1       sh -c 'kvsh --version | grep -cE "^kvsh [0-9]+\.[0-9]+\.[0-9]+"'
t 'quit as a single command does nothing' 0 ''  kvsh quit
t 'an unknown command'                2 ''      kvsh frobnicate
says 'the message names the command'  'unknown command "frobnicate"'
t 'a misspelt command'                2 ''      kvsh exist
says 'the message suggests the right one' 'did you mean "exists"'
t 'an unknown option'                 2 ''      kvsh get --frob a
says 'the message names the option'   'unknown option "--frob"'
t 'an unknown global option'          2 ''      kvsh --frob
t 'too few arguments'                 2 ''      kvsh put a
says 'the message has the usage'      'KEY VALUE'
t 'too many arguments'                2 ''      kvsh put a b c
t 'a failed write of the output'      1 ''      sh -c 'kvsh list >/dev/full'
says 'the message has the reason'     'No space left'

# --complete, which the completion of a shell calls
kvsh put complete.a 1
kvsh put complete.b 2
t '--complete prints the keys with the prefix' 0 'complete.a
complete.b'                                     kvsh --complete -- get complete.
t '--complete prints commands'        0 'delete
describe
diff'                                           sh -c 'kvsh --complete -- d'
t '--complete prints the values of an option' 0 'always
auto
never'                                          kvsh --complete -- --color ''
t '--complete prints that a file may follow' 0 '=files' kvsh --complete -- load ''
t '--complete prints that a file may follow @' 0 '=files @' kvsh --complete -- put a @
t '--complete prints nothing for a value' 0 ''  kvsh --complete -- put a ''
t '--complete prints options of a command' 0 '--if-rev' kvsh --complete -- put --i
t '--complete prints no command after -f FILE' 0 '' kvsh --complete -- -f script ''
t '--complete without words succeeds' 0 "$(kvsh --complete -- '')" kvsh --complete
t '--complete prints nothing after an unknown command' 0 '' kvsh --complete -- frobnicate ''
t '--complete with a missing namespace' 1 ''    kvsh --complete -- --netns nowhere get ''
finish
