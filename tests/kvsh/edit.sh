# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# kvsh edit, where nobody can be asked
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit
mkdir tmp
export TMPDIR=/tmp/tmp
unset VISUAL EDITOR

as_nobody() { su -s /bin/sh nobody -c "$*"; }
rev() { kvsh info | sed -n 's/^revision *//p'; }
# editor SCRIPT: make it the editor; the file is $1
editor() {
	printf '#!/bin/sh\n%s\n' "$1" >editor
	chmod 755 editor
}
export EDITOR=/tmp/editor

kvsh put net.mtu 1500
kvsh put net.up yes
kvsh put --private db.pass secret
# shellcheck disable=SC2012 # the mode is wanted
editor 'cat "$1" >seen; stat -c "%a" "$1" "$(dirname "$1")" >mode; dirname "$(dirname "$1")" >where'
before=$(rev)
t 'edit that changes nothing'         0 ''      kvsh edit
says 'says so'                        '^kvsh: edit: nothing was changed$'
t 'it makes no commit'                0 "$before" rev
t 'the editor was given the store'    0 "$(kvsh save -)" grep -v '^# A' seen
t 'in a file that nobody else can read' 0 '600
700'                                            cat mode
t 'in TMPDIR'                         0 /tmp/tmp cat where
t 'which is empty again'              0 ''      ls tmp
editor 'sed -i "s/1500/9000/; /net.up/d" "$1"; echo net.dhcp = no >>"$1"; echo backup >"$1~"'
t 'edit shows and makes the changes'  0 '+ net.dhcp = no
- net.mtu = 1500
+ net.mtu = 9000
- net.up = yes'                                 kvsh edit
t 'as one change'                     0 $((before + 1)) rev
t 'the store is what was written'     0 'db.pass = secret
net.dhcp = no
net.mtu = 9000'                                 kvsh list
t 'nothing stays behind, backups neither' 0 ''  ls tmp
editor 'cat "$1" >seen; echo net.b = 2 >>"$1"'
t 'edit PREFIX'                       0 '+ net.b = 2' kvsh edit net.
t 'shows only those'                  1 ''      grep db.pass seen
t 'and leaves the others'             0 secret  kvsh get db.pass
editor 'echo other = 2 >>"$1"'
t 'others may not be written'         2 ''      kvsh edit net.
says 'the line is named'              '^/tmp/tmp/kvsh-[^/]*/kvstore.conf:[0-9]+:1: other does not start with the prefix "net."'
says 'and the file is kept'           'edit: nothing was changed; the edited file is kept: /tmp/tmp/kvsh-[^/]*/kvstore.conf$'
t 'it is there'                       0 'other = 2' sh -c 'tail -n 1 tmp/kvsh-*/kvstore.conf; rm -r tmp/kvsh-*'
editor 'echo bad >>"$1"'
t 'an error in the file'              2 ''      kvsh edit
says 'is told with its place'         'kvstore.conf:[0-9]+:4: there is no " = " after the key'
rm -r tmp/kvsh-*
editor 'kvsh put net.mtu 1; sed -i s/9000/2/ "$1"'
t 'what somebody else changed meanwhile' 4 '- net.mtu = 9000
+ net.mtu = 2'                                  kvsh edit
says 'is said'                        'edit: net.mtu was changed by another program during the edit$'
says 'and the file is kept'           'nothing was changed; the edited file is kept: '
t 'the other change stays'            0 1       kvsh get net.mtu
rm -r tmp/kvsh-*
editor 'kvsh put net.z 1; echo net.z = 2 >>"$1"'
t 'also where it is a new key'        4 '+ net.z = 2' kvsh edit
rm -r tmp/kvsh-*
editor 'kvsh delete net.z; sed -i /net.z/d "$1"'
t 'or one that is gone'               4 '- net.z = 1' kvsh edit
rm -r tmp/kvsh-*
editor 'kvsh put elsewhere 1; sed -i s/net.mtu.*/net.mtu\ =\ 3/ "$1"'
t 'another key may change'            0 '- net.mtu = 1
+ net.mtu = 3'                                  kvsh edit
editor ': >"$1"'
t 'an empty file does not delete all' 1 ''      kvsh edit
says 'it says so'                     'the file is empty; nothing was changed'
editor 'echo "# nothing" >"$1"'
kvsh save saved
t 'a file without keys does'          0 5       sh -c 'kvsh edit --yes | wc -l'
kvsh load saved
editor 'sed -i s/3/4/ "$1"; exit 3'
t 'an editor that fails'              1 ''      kvsh edit
says 'is named'                       'edit: the editor \(/tmp/editor\) ended with status 3; nothing was changed'
t 'changes nothing'                   0 3       kvsh get net.mtu
editor 'kill -9 $$'
t 'one that is killed'                1 ''      env EDITOR='exec /tmp/editor' kvsh edit
says 'neither'                        'was killed by signal 9'
t 'one that is not there'             1 ''      env EDITOR=/nowhere kvsh edit
says 'neither'                        'ended with status 127'
t 'VISUAL comes first, and may have arguments' 0 '- net.mtu = 3
+ net.mtu = 4'                                  env VISUAL="sed -i -e 's/mtu = 3/mtu = 4/'" kvsh edit
t 'a private value that may not be read' 5 ''   as_nobody kvsh edit
t 'no folder for the file'            1 ''      env TMPDIR=/nowhere kvsh edit
says 'is explained'                   'edit: cannot create a temporary directory: No such file'
editor 'cat >got; sed -i "s/mtu = 4/mtu = 5/" "$1"'
t 'edit in a script does not read it' 0 '- net.mtu = 4
+ net.mtu = 5
5'                                              sh -c 'printf "edit\nget net.mtu\n" | kvsh'
seq 10000 13999 | sed 's/.*/k& = &/' >many
editor 'cat many >>"$1"'
t 'more than one transaction takes'   7 4000    sh -c 'kvsh edit >out; status=$?; wc -l <out; exit $status'
says 'is refused'                     '4000 changes do not fit in one transaction'
rm -r tmp/kvsh-*

# A signal while the editor runs
mkfifo ready
editor 'echo >ready; exec sleep 1000'
kvsh edit &
read -r _ <ready
kill -TERM $!
wait $! 2>/dev/null
t 'a signal leaves no file behind'    0 ''      ls tmp
finish
