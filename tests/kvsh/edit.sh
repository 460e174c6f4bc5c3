# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# kvsh edit without a terminal, where it cannot ask
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit
mkdir tmp
export TMPDIR=/tmp/tmp
unset VISUAL EDITOR

as_nobody() { su -s /bin/sh nobody -c "$*"; }
rev() { kvsh info | sed -n 's/^revision *//p'; }
# editor SCRIPT: make SCRIPT the editor; $1 is the file
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
t 'edit without changes'              0 ''      kvsh edit
says 'the message says so'            '^kvsh: edit: nothing was changed$'
t 'edit without changes makes no commit' 0 "$before" rev
t 'the editor gets the store'         0 "$(kvsh save -)" grep -v '^# A' seen
t 'the file and its folder are closed to others' 0 '600
700'                                            cat mode
t 'the file is in TMPDIR'             0 /tmp/tmp cat where
t 'no file is left in TMPDIR'         0 ''      ls tmp
editor 'sed -i "s/1500/9000/; /net.up/d" "$1"; echo net.dhcp = no >>"$1"; echo backup >"$1~"'
t 'edit prints and makes the changes' 0 '+ net.dhcp = no
- net.mtu = 1500
+ net.mtu = 9000
- net.up = yes'                                 kvsh edit
t 'edit makes one commit'             0 $((before + 1)) rev
t 'the store has the edited values'   0 'db.pass = secret
net.dhcp = no
net.mtu = 9000'                                 kvsh list
t 'no file is left, not even a backup' 0 ''  ls tmp
editor 'cat "$1" >seen; echo net.b = 2 >>"$1"'
t 'edit PREFIX'                       0 '+ net.b = 2' kvsh edit net.
t 'edit PREFIX shows only keys with the prefix' 1 '' grep db.pass seen
t 'edit PREFIX does not change other keys' 0 secret kvsh get db.pass
editor 'echo other = 2 >>"$1"'
t 'edit PREFIX refuses other keys'    2 ''      kvsh edit net.
says 'the message has the place'      '^/tmp/tmp/kvsh-[^/]*/kvstore.conf:[0-9]+:1: other does not start with the prefix "net."'
says 'the message names the file that is kept' 'edit: nothing was changed; the edited file is kept: /tmp/tmp/kvsh-[^/]*/kvstore.conf$'
t 'the kept file has the edited text' 0 'other = 2' sh -c 'tail -n 1 tmp/kvsh-*/kvstore.conf; rm -r tmp/kvsh-*'
editor 'echo bad >>"$1"'
t 'an error in the file'              2 ''      kvsh edit
says 'the message has the place'      'kvstore.conf:[0-9]+:4: there is no " = " after the key'
rm -r tmp/kvsh-*
editor 'kvsh put net.mtu 1; sed -i s/9000/2/ "$1"'
t 'a key that is changed by another program during edit' 4 '- net.mtu = 9000
+ net.mtu = 2'                                  kvsh edit
says 'the message says so'            'edit: net.mtu was changed by another program during the edit$'
says 'and the file is kept'           'nothing was changed; the edited file is kept: '
t 'the change by the other program stays' 0 1   kvsh get net.mtu
rm -r tmp/kvsh-*
editor 'kvsh put net.z 1; echo net.z = 2 >>"$1"'
t 'a key that is created during edit' 4 '+ net.z = 2' kvsh edit
rm -r tmp/kvsh-*
editor 'kvsh delete net.z; sed -i /net.z/d "$1"'
t 'a key that is deleted during edit' 4 '- net.z = 1' kvsh edit
rm -r tmp/kvsh-*
editor 'kvsh put elsewhere 1; sed -i s/net.mtu.*/net.mtu\ =\ 3/ "$1"'
t 'an unedited key that is changed during edit' 0 '- net.mtu = 1
+ net.mtu = 3'                                  kvsh edit
editor ': >"$1"'
t 'an empty file is refused' 1 ''      kvsh edit
says 'the message says so'            'the file is empty; nothing was changed'
editor 'echo "# nothing" >"$1"'
kvsh save saved
t 'a file without keys deletes all keys' 0 5    sh -c 'kvsh edit --yes | wc -l'
kvsh load saved
editor 'sed -i s/3/4/ "$1"; exit 3'
t 'an editor that fails'              1 ''      kvsh edit
says 'the message names the editor and its status' 'edit: the editor \(/tmp/editor\) ended with status 3; nothing was changed'
t 'a failed editor changes nothing'   0 3       kvsh get net.mtu
editor 'kill -9 $$'
t 'an editor that is killed'          1 ''      env EDITOR='exec /tmp/editor' kvsh edit
says 'the message has the signal'     'was killed by signal 9'
t 'a missing editor'                  1 ''      env EDITOR=/nowhere kvsh edit
says 'the message has the status'     'ended with status 127'
t 'VISUAL takes precedence and may have arguments' 0 '- net.mtu = 3
+ net.mtu = 4'                                  env VISUAL="sed -i -e 's/mtu = 3/mtu = 4/'" kvsh edit
t 'edit of private values without permission' 5 '' as_nobody kvsh edit
t 'a missing TMPDIR'                  1 ''      env TMPDIR=/nowhere kvsh edit
says 'the message has the reason'     'edit: cannot create a temporary directory: No such file'
editor 'cat >got; sed -i "s/mtu = 4/mtu = 5/" "$1"'
t 'the editor does not read the script on stdin' 0 '- net.mtu = 4
+ net.mtu = 5
5'                                              sh -c 'printf "edit\nget net.mtu\n" | kvsh'
seq 10000 13999 | sed 's/.*/k& = &/' >many
editor 'cat many >>"$1"'
t 'more changes than fit in one transaction' 7 4000 sh -c 'kvsh edit >out; status=$?; wc -l <out; exit $status'
says 'the message says so'            '4000 changes do not fit in one transaction'
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
