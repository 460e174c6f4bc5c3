# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# kvsh, one command at a time: every command, option, alias, exit code and kind of message
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
t 'and get prints the new one'        0 two     kvsh get a
t 'set is put'                        0 ''      kvsh set b three
t 'a value may be empty'              0 ''      kvsh put empty ''
t 'and reads back so'                 0 ''      kvsh get empty
t 'a value may look like an option'   0 -5      sh -c 'kvsh put temp -5 && kvsh get temp'
t 'even like one of put'              0 --create sh -c 'kvsh put temp --create && kvsh get temp'
t 'options may stand behind it'       4 ''      kvsh put temp -5 --create
says 'a condition is explained'       '^kvsh: put temp: the key exists already'
t '-- ends options'                   2 ''      kvsh get -- --raw a
t 'put --create of a new key'         0 ''      kvsh put --create new 1
t 'put --create of an old key'        4 ''      kvsh put --create new 2
t 'put --replace of an old key'       0 ''      kvsh put --replace new 3
t 'put --replace of a missing key'    3 ''      kvsh put --replace newer 3
t 'put --if-rev of its revision'      0 ''      kvsh put --if-rev "$(rev new)" new 4
t 'put --if-rev of another one'       4 ''      kvsh put --if-rev 1 new 5
says 'it says why'                    'the key has changed'
t 'put --if-rev of a missing key'     3 ''      kvsh put --if-rev 1 newer 5
t 'put --if-rev wants a number'       2 ''      kvsh put --if-rev one new 5
says 'it says so'                     '--if-rev needs a revision'
t 'refused puts changed nothing'      0 4       kvsh get new
t 'the longest key and value'         0 "$long_value" sh -c "kvsh put $long_key $long_value && kvsh get $long_key"
t 'a key that is too long'            7 ''      kvsh put "${long_key}0" 1
says 'the limit is told'              'the key is too long \(limit: 128 bytes\)'
t 'a value that is too long'          7 ''      kvsh put a "${long_value}0"
says 'that limit too'                 'the value is too long \(limit: 1024 bytes\)'
t 'a key with a blank'                2 ''      kvsh put 'a b' 1
says 'the character is named'         'a key cannot contain a space'
t 'an empty key'                      2 ''      kvsh put '' 1
t 'get of a missing key'              3 ''      kvsh get nothing
says 'the key is named'               '^kvsh: get nothing: no such key$'
t 'get of a key that cannot be'       2 ''      kvsh get 'a b'
t 'get --rev adds the revision'       0 "$(rev a)	two" kvsh get --rev a
t 'get --raw adds no newline'         0 3       sh -c 'kvsh get --raw a | wc -c'
t 'get adds one'                      0 4       sh -c 'kvsh get a | wc -c'

# All bytes, from stdin and from a file
all_bytes >all
t 'put KEY - takes all of stdin'      0 ''      sh -c 'kvsh put all - <all && kvsh get --raw all | cmp - all'
t 'put KEY @FILE takes a file'        0 ''      sh -c 'kvsh put all2 @all && kvsh get --raw all2 | cmp - all'
t '--literal takes neither'           0 @all    sh -c 'kvsh put --literal c @all && kvsh get c'
t 'a file that is not there'          1 ''      kvsh put c @/nowhere
says 'it is named'                    '/nowhere: No such file'
t 'a file that is too long'           7 ''      sh -c 'cat all all all all all >large; kvsh put c @large'
t 'changes nothing'                   0 @all    kvsh get c
t 'a quoted list line puts back all bytes' 0 '' sh -c '
	printf "put back \"%s\"\n" "$(kvsh list --values all2)" | kvsh && kvsh get --raw back | cmp - all'

# list
kvsh delete --prefix all
kvsh delete back c new temp empty "$long_key"
kvsh put z.private hidden --private
t 'list is sorted'                    0 'a = two
b = three
z.private = hidden'                             kvsh list
t 'ls is list'                        0 'b = three' kvsh ls b
t 'list --keys'                       0 'a
b
z.private'                                      kvsh list --keys
t 'list --values'                     0 'two
three
hidden'                                         kvsh list --values
t 'list --count'                      0 3       kvsh list --count
t 'list of nothing is no error'       0 ''      kvsh list nothing
t 'list --keys --count contradict'    2 ''      kvsh list --keys --count
kvsh put odd "$(printf ' \t\n\r\\"\001\233x\303\244 ')"
t 'list shows odd bytes reversibly'   0 'odd = \x20\t\n\r\\\"\x01\x9bxä\x20' kvsh list odd
t 'color only where asked for'        0 "$(printf '\033')" sh -c 'kvsh --color=always list a | grep -o "^."'
t 'NO_COLOR does not undo always'     0 "$(printf '\033')" sh -c 'NO_COLOR=1 kvsh --color=always list a | grep -o "^."'
t 'an unknown --color'                2 ''      kvsh --color=perhaps list
kvsh delete odd

# Private values
t 'a private value for its reader'    0 hidden  kvsh get z.private
t 'others do not get it'              5 ''      as_nobody kvsh get z.private
says 'and are told why'               'not permitted.*CAP_NET_ADMIN'
t 'nor in a list'                     0 'z.private = (private)' as_nobody kvsh list z
t 'they see what is public'           0 two     as_nobody kvsh get a
t 'it exists for them'                0 ''      as_nobody kvsh exists z.private
t 'they put nothing'                  5 ''      as_nobody kvsh put a 1
t 'they delete nothing'               5 ''      as_nobody kvsh delete a
t 'an empty private value is no secret to its reader' 0 'e = ' \
	sh -c 'kvsh put --private e "" && kvsh list e && kvsh delete e'

# exists, delete
t 'exists of a key'                   0 ''      kvsh exists a
t 'exists of no key'                  3 ''      kvsh exists nothing
t 'exists says nothing'               0 ''      test -z "$stderr"
t 'delete'                            0 ''      kvsh delete a
t 'the key is gone'                   3 ''      kvsh get a
t 'delete of a missing key'           3 ''      kvsh delete a
kvsh put a 1; kvsh put b 1; kvsh put c 1
t 'delete goes on after a failure'    3 ''      kvsh rm a nothing b
says 'and names it'                   'delete nothing: no such key|rm nothing: no such key'
t 'the others are gone'               0 'c = 1' kvsh list c
t 'del is delete'                     0 ''      kvsh del c
kvsh put p.1 1; kvsh put p.2 1; kvsh put q 1
t 'delete --prefix'                   0 ''      kvsh delete --prefix p.
t 'deletes only those'                0 q       kvsh list --keys q
t 'delete --prefix of none'           3 ''      kvsh delete --prefix p.
says 'and says so'                    'delete p.: no key starts with this prefix$'
t 'delete --prefix of everything must be said' 2 '' kvsh delete --prefix ''
t 'delete wants a key'                2 ''      kvsh delete

# JSON
kvsh put j 'a "b"'
t 'get --json' 0 "{\"key\":\"j\",\"value\":\"a \\\"b\\\"\",\"rev\":\"$(rev j)\",\"private\":false}" \
	kvsh get --json j
t '-j is --json, before the command too' 0 "$(kvsh get -j j)" kvsh -j get j
kvsh put j "$(printf '\377')"
t 'a value that is not UTF-8 is in base64' 0 "{\"key\":\"j\",\"value\":\"/w==\",\"encoding\":\"base64\",\"rev\":\"$(rev j)\",\"private\":false}" \
	kvsh get -j j
printf 'a\0b' | kvsh put j -
t 'a NUL in UTF-8 is not the end'     0 1       sh -c 'kvsh get -j j | grep -cF "\"a\u0000b\""'
t "list --json of nothing is an empty array" 0 "[]" kvsh -j list nothing
t 'an unreadable value is null'       0 1       sh -c "su -s /bin/sh nobody -c 'kvsh -j list z' | grep -c '\"value\":null'"
t 'info --json has revisions as strings' 0 1    sh -c 'kvsh -j info | grep -c "\"rev\":\"[0-9]*\""'

# info, help, usage
t 'info tells the limits'             0 1       sh -c 'kvsh info | grep -cE "of 65536$"'
t 'help lists the commands'           0 ''      sh -c 'for c in put get delete list describe exists require txn commit abort watch wait seal info help quit; do kvsh help | grep -q "^  $c " || echo $c; done'
t 'help COMMAND explains each'        0 ''      sh -c 'for c in put get delete list describe exists require txn commit abort watch wait seal info help quit; do kvsh help $c | grep -q "^Usage: $c" || echo $c; done'
t 'so does COMMAND --help'            0 "$(kvsh help put)" kvsh put --help
t "help is the same with -h"             0 "$(kvsh help)" kvsh -h
t '--version'                         0 1       sh -c 'kvsh --version | grep -cE "^kvsh [0-9]+\.[0-9]+\.[0-9]+"'
t 'quit does nothing by itself'       0 ''      kvsh quit
t 'an unknown command'                2 ''      kvsh frobnicate
says 'it is named'                    'unknown command "frobnicate"'
t 'a command that is nearly right'    2 ''      kvsh exist
says 'it is guessed'                  'did you mean "exists"'
t 'an unknown option'                 2 ''      kvsh get --frob a
says 'it is named'                    'unknown option "--frob"'
t 'an unknown global option'          2 ''      kvsh --frob
t 'too few arguments'                 2 ''      kvsh put a
says 'usage is shown'                 'KEY VALUE'
t 'too many arguments'                2 ''      kvsh put a b c
t 'output that cannot be written'     1 ''      sh -c 'kvsh list >/dev/full'
says 'it is said'                     'No space left'

# What a shell's completion asks
kvsh put complete.a 1
kvsh put complete.b 2
t '--complete offers the keys that begin so' 0 'complete.a
complete.b'                                     kvsh --complete -- get complete.
t 'commands'                          0 'delete
describe
diff'                                           sh -c 'kvsh --complete -- d'
t 'what may stand behind an option'   0 'always
auto
never'                                          kvsh --complete -- --color ''
t 'that the name of a file may stand' 0 '=files' kvsh --complete -- load ''
t 'also behind an @'                  0 '=files @' kvsh --complete -- put a @
t 'but a value is a value'            0 ''      kvsh --complete -- put a ''
t 'options of a command'              0 '--if-rev' kvsh --complete -- put --i
t 'no command beside -f'              0 ''      kvsh --complete -- -f script ''
t 'nothing to complete is no error'   0 "$(kvsh --complete -- '')" kvsh --complete
t 'nothing behind what is no command' 0 ''      kvsh --complete -- frobnicate ''
t 'a namespace that is not there'     1 ''      kvsh --complete -- --netns nowhere get ''
finish
