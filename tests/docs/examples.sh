# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The examples of the manual do what stands there
# shellcheck source=tests/common/tap.sh
. /tap.sh
cd /tmp || exit
insmod /demo.ko

t 'the example of kvstore.conf(5) can be loaded' 0 ''   kvsh check /man.conf
t 'it is what save writes'                       0 ''   sh -c 'kvsh load /man.conf && kvsh save saved && diff /man.conf saved'
kvsh list --keys | xargs kvsh delete
t 'the example of libkv(3) runs'                 0 1500 /example

# printed COMMAND: what the manual says that it prints
printed() { awk -v command="$ $1" '/^[$] / { on = $0 == command; next } on' /errors; }
printf '# 1\n# 2\ndns.search = a\\d\n# 4\nnet.eth0.mtu = 1500\n# 6\nnet.eth0.mtu = 9000\n' >router.conf
t 'a file with errors'                           2 ''   kvsh check router.conf
says_exactly 'they are reported as kvstore.conf(5) shows' "$(printed 'kvsh check router.conf')"
printf '#\n#\n#\n#\n#\n#\n#\n#\ndemo.count = 1000\n' >router.conf
t 'a value in a file that a module refuses'      1 ''   kvsh load router.conf
says_exactly 'is reported as it shows' "$(printed 'kvsh load router.conf')"
t 'one that is put'                              1 ''   kvsh put demo.count 1000
says_exactly 'is reported as kvsh(1) shows' "$(printed 'kvsh put demo.count 1000')"

# kvsh(1): commands stand behind a $ or a #, with the lines of a here-document; all else is what they print
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
t 'the examples of kvsh(1) print what stands there' 0 "$(cat printed)" sh commands
t 'there are such commands'                         0 '' sh -c 'test $(wc -l <commands) -gt 10'
finish
