# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The examples of the manual pages work as shown
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit
insmod /demo.ko

t 'the example of kvstore.conf(5) can be loaded' 0 ''   kvsh check /man.conf
t 'save writes the same file'                    0 ''   sh -c 'kvsh load /man.conf && kvsh save saved && diff /man.conf saved'
kvsh list --keys | xargs kvsh delete
t 'the example of libkv(3) runs'                 0 1500 /example

# printed COMMAND: print the output that the manual shows for COMMAND
printed() { awk -v command="$ $1" '/^[$] / { on = $0 == command; next } on' /errors; }
printf '# 1\n# 2\ndns.search = a\\d\n# 4\nnet.eth0.mtu = 1500\n# 6\nnet.eth0.mtu = 9000\n' >router.conf
t 'check of a file with errors fails'            2 ''   kvsh check router.conf
says_exactly 'with the messages shown in kvstore.conf(5)' "$(printed 'kvsh check router.conf')"
printf '#\n#\n#\n#\n#\n#\n#\n#\ndemo.count = 1000\n' >router.conf
t 'load of a value that a module refuses fails'  1 ''   kvsh load router.conf
says_exactly 'with the message shown in kvstore.conf(5)' "$(printed 'kvsh load router.conf')"
t 'put of a value that a module refuses fails'   1 ''   kvsh put demo.count 1000
says_exactly 'with the message shown in kvsh(1)' "$(printed 'kvsh put demo.count 1000')"

# kvsh(1): lines that begin with $ or #, and the here-documents below them, are commands; all others are output
mkdir -p /etc/wireguard /etc/kvstore
echo key >/etc/wireguard/key
kvsh put net.eth0.up 1
kvsh put net.eth0.dhcp 1
kvsh put net.eth0.state up
revision=$(kvsh info --json | sed -E 's/.*"rev":"([0-9]+)".*/\1/')
while [ $((revision = revision + 1)) -le 17 ]; do kvsh put net.eth0.mtu 1500; done
awk '/^[$#] /{ sub(/^[$#] /, ""); sub(/watch net[.]/, "& --timeout 0.1"); print; here = /<</; next } here { print; here = !/^END$/ }' \
	/examples >commands
awk '/^[$#] / { here = /<</; next } here { here = !/^END$/; next } { print }' /examples >printed
t 'the examples of kvsh(1) print the output shown' 0 "$(cat printed)" sh commands
t 'there are more than ten such commands'          0 '' sh -c 'test $(wc -l <commands) -gt 10'
finish
