# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# Other network namespaces: --netns by name, process and path; what is sealed there is not sealed here
# guest:
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit

as_nobody() { su -s /bin/sh nobody -c "$*"; }

# As ip-netns(8) does it: the name holds the namespace by a bind mount
mkdir -p /run/netns
for name in blue 12345678; do
	: >/run/netns/$name
	unshare -n mount --bind /proc/self/ns/net /run/netns/$name
done

kvsh put a here
t '-n NAME opens the store of that namespace' 0 '' kvsh -n blue list
t 'put there'                         0 there   sh -c 'kvsh -n blue put a there && kvsh -n blue get a'
t 'is not put here'                   0 here    kvsh get a
t '--netns is -n'                     0 there   kvsh --netns blue get a
t 'a script runs there'               0 there   sh -c 'echo get a | kvsh --netns=blue'
t 'a path names it'                   0 there   kvsh -n /run/netns/blue get a
t 'a relative one too'                0 there   sh -c 'cd /run && kvsh -n ./netns/blue get a'
t 'a name may be a number'            0 third   sh -c 'kvsh -n 12345678 put a third && kvsh -n 12345678 get a'
mkfifo ready
unshare -n sh -c 'kvsh put a of-a-process; echo >ready; exec sleep 1000' &
read -r _ <ready
t 'the number of a process is its namespace' 0 of-a-process kvsh -n $! get a
t 'our own too'                       0 here    sh -c 'kvsh -n $$ get a'
t 'a command of watch runs there'     0 there   kvsh -n blue watch --from 0 --count 1 --exec 'kvsh get a'
t 'a transaction too'                 0 two     sh -c 'echo "put b two" | kvsh -n blue --atomic && kvsh -n blue get b'
t 'here nothing of it'                3 ''      kvsh get b
kill $!

t 'a name that is not there'          1 ''      kvsh -n green list
says 'says where it looked'           '^kvsh: --netns green: there is no /run/netns/green$'
t 'a process that is not there'       1 ''      kvsh -n 99999999 list
says 'says so'                        'there is no /run/netns/99999999, and no such process$'
t 'a path that is not there'          1 ''      kvsh -n /nowhere list
says 'says so'                        '^kvsh: --netns /nowhere: No such file or directory$'
t 'a file that is no namespace'       1 ''      kvsh -n /etc/passwd list
says 'says so'                        'this is not a network namespace$'
t 'another kind of namespace'         1 ''      kvsh -n /proc/self/ns/mnt list
says 'says so'                        'this is not a network namespace$'
t 'a folder'                          1 ''      kvsh -n /run/netns/ list
t 'a FIFO is not waited for'          1 ''      kvsh -n ./ready list
: >/run/netns/stale
t 'a name without its mount'          1 ''      kvsh -n stale list
t 'an empty name'                     1 ''      kvsh -n '' list
t 'names do not leave their folder'   1 ''      kvsh -n .. list
t 'nobody may not'                    5 ''      as_nobody kvsh -n blue list
says 'and is told why'                'not permitted: this needs CAP_SYS_ADMIN$'
t 'a process of another'              5 ''      as_nobody kvsh -n 1 list
t '-n needs its NS'                   2 ''      kvsh -n

# seal
t 'info: not sealed'                  0 no      sh -c 'kvsh -n blue info | sed -n "s/^sealed *//p"'
t 'nobody may not seal'               5 ''      as_nobody kvsh seal
t 'seal'                              0 ''      kvsh -n blue seal
t 'info: sealed'                      0 yes     sh -c 'kvsh -n blue info | sed -n "s/^sealed *//p"'
t 'in JSON too'                       0 '"sealed":true' sh -c 'kvsh -n blue -j info | grep -o "\"sealed\":true"'
revision() { kvsh -n blue info | sed -n 's/^revision *//p'; }
before=$(revision)
for write in 'put a 1' 'put --create new 1' 'put --replace a 1' 'put --private a 1' 'delete a' \
	'delete --prefix a' 'delete nothing'; do
	# shellcheck disable=SC2086 # its words
	t "sealed: no $write"            5 ''      kvsh -n blue $write
	says 'and why'                    'the store is sealed: it can only be read$'
done
t 'sealed: no transaction'            5 ''      sh -c 'printf "get a\nput a 1\n" | kvsh -n blue --atomic'
says 'and which line'                 '^<stdin>:2:5: put a: the store is sealed: it can only be read; nothing was committed$'
t 'but one that only reads'           0 there   sh -c 'printf "get a\n" | kvsh -n blue --atomic'
t 'get'                               0 there   kvsh -n blue get a
t 'list'                              0 'a = there
b = two'                                        kvsh -n blue list
t 'watch'                             0 '1 put a = there' kvsh -n blue watch --from 0 --count 1
t 'sealing it again'                  0 ''      kvsh -n blue seal --yes
t 'nothing has changed'               0 "$before" revision
t 'another namespace is not sealed'   0 1       sh -c 'kvsh put a 1 && kvsh get a'
finish
