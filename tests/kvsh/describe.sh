# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Keys that a kernel module has declared: describe, list --declared, and refused values
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit

as_nobody() { su -s /bin/sh nobody -c "$*"; }
rev() { kvsh info | sed -n 's/^revision *//p'; }

# refused NAME TEXT MESSAGE [OPTION]...: test that the script TEXT fails with status 1, prints exactly MESSAGE on
# stderr and does not change the store
refused() {
	refused_name=$1 refused_text=$2 refused_message=$3
	shift 3
	before=$(rev)
	t "$refused_name" 1 '' script "$refused_text" "$@"
	says_exactly "$refused_name: the message" "$refused_message"
	result "$refused_name: nothing has changed" "$([ "$(rev)" = "$before" ] && echo yes)"
}

# Without declared keys
t 'describe without declared keys prints nothing' 0 '' kvsh describe
t 'describe --json without declared keys prints an empty array' 0 '[]' kvsh describe --json
t 'list --declared without declared keys prints nothing' 0 '' kvsh list --declared
kvsh put demo.count 1000
kvsh put demo.offset 5
kvsh put other 1
insmod /demo.ko

# describe
t 'describe explains each key'        0 'demo.commits = 1
    how often the module was told of changes
    whole number; read-only; module demo
demo.count = 10
    a number
    whole number from 1 to 100 packets; default 10; set at revision 1 to a value that was refused; module demo
demo.enabled = off
    a switch
    on or off; default off; not set; module demo
demo.high = 9
    the high end of a range
    whole number from 0 to 65535; default 9; not set; module demo
demo.low = 1
    the low end of a range
    whole number from 0 to 65535; default 1; not set; module demo
demo.mode = drop
    a choice
    one of drop|reject|log; default drop; not set; module demo
demo.name = none
    a name that starts with no digit
    text of 0 to 15 bytes; default none; not set; module demo
demo.offset = 5
    a number that may be negative
    whole number from -50 to 50 ms; default 0; set at revision 2; module demo
demo.peer = 0.0.0.0
    an IPv4 address
    IPv4 address; default 0.0.0.0; not set; module demo
demo.peer6 = ::
    an IPv6 address
    IPv6 address; default ::; not set; module demo
demo.state = 10 5 0 drop none 0.0.0.0 :: 1-9
    all parameters as the module sees them
    text; read-only; module demo'               kvsh describe
t 'describe PREFIX explains keys with the prefix' 0 'demo.peer demo.peer6' sh -c 'echo $(kvsh desc demo.pe | sed -n "s/^\(demo[^ ]*\) = .*/\1/p")'
t 'PREFIX may be a whole key'         0 'demo.mode = drop
    a choice
    one of drop|reject|log; default drop; not set; module demo' kvsh describe demo.mode
t 'describe of an undeclared key prints nothing' 0 '' kvsh describe other
t 'describe --color=always prints colors' 0 "$(printf '\033[36mdemo.mode\033[m = drop')" \
	sh -c 'kvsh --color=always describe demo.mode | head -n 1'
t 'describe --json prints all properties' 0 '[{"key":"demo.offset","value":"5","rev":"2","private":false,"declared":true,"set":true,"readonly":false,"refused":false,"type":"s64","min":"-50","max":"50","default":"0","unit":"ms","choices":[],"module":"demo","text":"a number that may be negative"}]' \
	kvsh describe --json demo.offset
t 'JSON has choices as an array'      0 1       sh -c 'kvsh -j describe demo.mode | grep -cF "\"choices\":[\"drop\",\"reject\",\"log\"]"'
t 'JSON has null for missing bounds and defaults' 0 1 \
	sh -c 'kvsh -j describe demo.state | grep -c "\"readonly\":true.*\"min\":null,\"max\":null,\"default\":null"'
t 'JSON has "refused" for a refused value' 0 1  sh -c 'kvsh -j describe demo.count | grep -cF "\"value\":\"10\",\"rev\":\"1\",\"private\":false,\"declared\":true,\"set\":true,\"readonly\":false,\"refused\":true"'
t 'describe of two prefixes'          2 ''      kvsh describe demo. other
kvsh put demo.name secret --private
t 'describe shows a private value with permission' 0 'demo.name = secret' sh -c 'kvsh describe demo.name | head -n 1'
t 'describe prints that the value is private' 0 1 sh -c 'kvsh describe demo.name | grep -c "; private; set at revision 4;"'
t 'describe does not show a private value without permission' 0 'demo.name = (private)' as_nobody 'kvsh describe demo.name | head -n 1'
t 'JSON has null for it'              0 1       as_nobody 'kvsh -j describe demo.name | grep -c "\"value\":null"'
t 'list --declared does not show it'  0 'demo.name = (private)' as_nobody kvsh list --declared demo.name
kvsh delete demo.name
kvsh delete demo.count

# list --declared
t 'list --declared prints the effective values' 0 'demo.offset = 5
demo.peer = 0.0.0.0
demo.peer6 = ::'                                sh -c 'kvsh list --declared demo. | grep -E "^demo.(offset|peer)"'
t 'list --declared prints no other keys' 0 11   kvsh list --declared --count
t '--declared --keys'                 0 'demo.peer
demo.peer6'                                     kvsh list --declared --keys demo.pe
t '--declared --values'               0 '0.0.0.0
::'                                             kvsh list --declared --values demo.pe
t '--declared --json' 0 '[{"key":"demo.offset","value":"5","rev":"2","private":false,"declared":true},{"key":"demo.peer","value":"0.0.0.0","rev":"0","private":false,"declared":true},{"key":"demo.peer6","value":"::","rev":"0","private":false,"declared":true}]' \
	sh -c 'kvsh -j list --declared demo. | sed "s/.*\({\"key\":\"demo.offset\".*demo.peer6\"[^}]*}\).*/[\1]/"'
t 'list prints only the keys that are set' 0 'demo.offset = 5' kvsh list demo.
t 'list --json has "declared"'        0 '[{"key":"demo.offset","value":"5","rev":"2","private":false,"declared":true},{"key":"other","value":"1","rev":"3","private":false}]' \
	kvsh -j list
t 'save writes only the keys that are set' 0 '# kvstore configuration
demo.offset = 5
other = 1'                                      kvsh save -

# get
t 'get of a declared key that is not set' 3 ''  kvsh get demo.mode
says_exactly 'the message has the default' 'kvsh: get demo.mode: the key is not set; its default is drop (module demo)'
t 'get of a prefix of a declared key' 3 ''      kvsh get demo.mod
says_exactly 'the message has no default' 'kvsh: get demo.mod: no such key'
t 'exists of a declared key that is not set' 3 '' kvsh exists demo.mode
t 'get of a declared key that is set' 0 5       kvsh get demo.offset
t 'get of a read-only key'            0 '10 5 0 drop none 0.0.0.0 :: 1-9' kvsh get demo.state
t 'a read-only key has revision 0'    0 0       sh -c 'kvsh get --rev demo.state | cut -f1'
t 'get in a script of a declared key that is not set' 3 '' script 'get demo.mode\n'
says_exactly 'the message has the place' '<stdin>:1:5: get demo.mode: the key is not set; its default is drop (module demo)
  get demo.mode
      ^'

# Refused values
t 'put of a value outside the range'  1 ''      kvsh put demo.count 1000
says_exactly 'the message has the reason' 'kvsh: put demo.count: must be a whole number from 1 to 100 packets (module demo)'
t 'put of a value that the check function refuses' 1 '' kvsh put demo.name 0day
says_exactly 'the message has the reason' 'kvsh: put demo.name: a name cannot start with a digit (module demo)'
t 'put of a read-only key'            1 ''      kvsh put demo.commits 1
says_exactly 'the message has the reason' 'kvsh: put demo.commits: is read-only (module demo)'
t 'put of a valid value of each type' 0 '0x10 -7 yes reject eve 192.0.2.1 2001:db8::1' sh -c '
	kvsh put demo.count 0x10; kvsh put demo.offset -7; kvsh put demo.enabled yes; kvsh put demo.mode reject
	kvsh put demo.name eve; kvsh put demo.peer 192.0.2.1; kvsh put demo.peer6 2001:db8::1
	for key in count offset enabled mode name peer peer6; do kvsh get demo.$key; done | xargs'
t 'the module sees these values'      0 '16 -7 1 reject eve 192.0.2.1 2001:db8::1 1-9' kvsh get demo.state
refused 'a line of a script' 'put  demo.mode  "accept" # here\nput x 1\n' \
"<stdin>:1:17: put demo.mode: must be one of drop|reject|log (module demo)
  put  demo.mode  \"accept\" # here
                  ^"
refused 'a line of a transaction' 'txn\nput x 1\nput demo.peer nobody\ncommit\n' \
"<stdin>:3:15: put demo.peer: must be an IPv4 address, such as 192.0.2.1 (module demo); nothing was committed
  put demo.peer nobody
                ^"
refused 'a script with --atomic' 'put demo.low 20\nput x 1\n' \
"<stdin>:1:14: put demo.low: demo.low is greater than demo.high (module demo); nothing was committed
  put demo.low 20
               ^" --atomic
t 'values that depend on each other, in one transaction' 0 '16 -7 1 reject eve 192.0.2.1 2001:db8::1 20-30' \
	script 'txn\nput demo.low 20\nput demo.high 30\ncommit\nget demo.state\n'
refused 'a delete' 'delete  demo.high\n' \
"<stdin>:1:9: delete demo.high: demo.low is greater than demo.high (module demo)
  delete  demo.high
          ^"
t 'a delete of a prefix'              1 ''      kvsh delete --prefix demo.h
says_exactly 'the message has the reason' 'kvsh: delete demo.h: demo.low is greater than demo.high; nothing was deleted'
t 'delete --prefix of keys that depend on each other' 0 1-9 sh -c 'kvsh delete --prefix demo. && kvsh get demo.state | grep -o "[0-9]*-[0-9]*$"'

# Files
printf '# the demo\nother = 2\nprivate  demo.count =  1000\n' >f
for command in 'load f' 'load --atomic f' 'load --replace-all f' 'sync f'; do
	name=${command%% *}
	refused "$command" "$command\n" "f:3:24: $name demo.count: must be a whole number from 1 to 100 packets (module demo)
  private  demo.count
                     ^"
done
printf 'demo.low = 20\ndemo.high = 30\n' >f
t 'sync of keys that depend on each other' 0 '' kvsh sync f
printf 'demo.low = 20\n' >f
refused 'a deletion by sync' 'sync f\n' "<stdin>:1:1: sync: delete demo.high: demo.low is greater than demo.high (module demo)
  sync f
  ^"
t 'edit with a refused value'         1 '- demo.high = 30
+ demo.high = 3'                                env EDITOR='sed -i s/30/3/' TMPDIR=/tmp kvsh edit
says 'the message has the place'      "^/tmp/kvsh-[^:]*:3:13: edit demo.high: demo.low is greater than demo.high [(]module demo[)]$"
says 'the file is kept'               'the edited file is kept'
finish
