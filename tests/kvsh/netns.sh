# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Other network namespaces: --netns with a name, a process or a path; seal affects one namespace only
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit

as_nobody() { su -s /bin/sh nobody -c "$*"; }

# Named namespaces are bind mounts, as ip-netns(8) makes them.
mkdir -p /run/netns
for name in blue 12345678; do
	: >/run/netns/$name
	unshare -n mount --bind /proc/self/ns/net /run/netns/$name
done

kvsh put a here
t '-n NAME opens the store of that namespace' 0 '' kvsh -n blue list
t 'put and get in the namespace'      0 there   sh -c 'kvsh -n blue put a there && kvsh -n blue get a'
t 'the put does not affect this namespace' 0 here kvsh get a
t '--netns is the long form of -n'    0 there   kvsh --netns blue get a
t 'a script with --netns'             0 there   sh -c 'echo get a | kvsh --netns=blue'
t '-n with a path'                    0 there   kvsh -n /run/netns/blue get a
t '-n with a relative path'           0 there   sh -c 'cd /run && kvsh -n ./netns/blue get a'
t '-n with a name that is a number'   0 third   sh -c 'kvsh -n 12345678 put a third && kvsh -n 12345678 get a'
mkfifo ready
unshare -n sh -c 'kvsh put a of-a-process; echo >ready; exec sleep 1000' &
read -r _ <ready
t '-n with a process number'          0 of-a-process kvsh -n $! get a
t '-n with the process number of the shell' 0 here sh -c 'kvsh -n $$ get a'
t 'watch --exec runs the command in the namespace' 0 there kvsh -n blue watch --from 0 --count 1 --exec 'kvsh get a'
t 'a transaction with -n'             0 two     sh -c 'echo "put b two" | kvsh -n blue --atomic && kvsh -n blue get b'
t 'the transaction does not affect this namespace' 3 '' kvsh get b
kill $!

t 'a missing name'                    1 ''      kvsh -n green list
says 'the message has the path'       '^kvsh: --netns green: there is no /run/netns/green$'
t 'a missing process'                 1 ''      kvsh -n 99999999 list
says 'the message says so'            'there is no /run/netns/99999999, and no such process$'
t 'a missing path'                    1 ''      kvsh -n /nowhere list
says 'the message says so'            '^kvsh: --netns /nowhere: No such file or directory$'
t 'a file that is not a namespace'    1 ''      kvsh -n /etc/passwd list
says 'the message says so'            'this is not a network namespace$'
t 'a namespace of another kind'       1 ''      kvsh -n /proc/self/ns/mnt list
says 'the message says so'            'this is not a network namespace$'
t 'a folder'                          1 ''      kvsh -n /run/netns/ list
t 'a FIFO is refused without waiting' 1 ''      kvsh -n ./ready list
: >/run/netns/stale
t 'a name without a mount'            1 ''      kvsh -n stale list
t 'an empty name'                     1 ''      kvsh -n '' list
t 'a name with ..'                    1 ''      kvsh -n .. list
t '-n without permission'             5 ''      as_nobody kvsh -n blue list
says 'the message has the capability' 'not permitted: this needs CAP_SYS_ADMIN$'
t '-n with a process of another user' 5 ''      as_nobody kvsh -n 1 list
t '-n without NS'                     2 ''      kvsh -n

# seal
t 'info: not sealed'                  0 no      sh -c 'kvsh -n blue info | sed -n "s/^sealed *//p"'
t 'seal without permission'           5 ''      as_nobody kvsh seal
t 'seal'                              0 ''      kvsh -n blue seal
t 'info: sealed'                      0 yes     sh -c 'kvsh -n blue info | sed -n "s/^sealed *//p"'
t 'info: sealed, in JSON'             0 '"sealed":true' sh -c 'kvsh -n blue -j info | grep -o "\"sealed\":true"'
revision() { kvsh -n blue info | sed -n 's/^revision *//p'; }
before=$(revision)
for write in 'put a 1' 'put --create new 1' 'put --replace a 1' 'put --private a 1' 'delete a' \
	'delete --prefix a' 'delete nothing'; do
	# shellcheck disable=SC2086 # its words
	t "sealed: no $write"            5 ''      kvsh -n blue $write
	says 'the message has the reason' 'the store is sealed: it can only be read$'
done
t 'sealed: no transaction'            5 ''      sh -c 'printf "get a\nput a 1\n" | kvsh -n blue --atomic'
says 'the message has the place'      '^<stdin>:2:5: put a: the store is sealed: it can only be read; nothing was committed$'
t 'sealed: a transaction that only reads' 0 there sh -c 'printf "get a\n" | kvsh -n blue --atomic'
t 'sealed: get'                       0 there   kvsh -n blue get a
t 'sealed: list'                      0 'a = there
b = two'                                        kvsh -n blue list
t 'sealed: watch'                     0 '1 put a = there' kvsh -n blue watch --from 0 --count 1
t 'sealed: seal'                      0 ''      kvsh -n blue seal --yes
t 'sealed: the revision is the same'  0 "$before" revision
t 'another namespace is not sealed'   0 1       sh -c 'kvsh put a 1 && kvsh get a'
finish
