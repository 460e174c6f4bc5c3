# SPDX-License-Identifier: GPL-2.0-or-later
# shellcheck shell=sh
# The examples of the manual and of docs/format.md do what stands there
# shellcheck source=tests/guest/tap.sh
. /tap.sh
cd /tmp || exit
insmod /demo.ko

t 'the example of docs/format.md can be loaded'     0 ''   kvsh check /format.conf
t 'it is what save writes'                          0 ''   sh -c '
	{ echo "# kvstore configuration"; cat /format.conf; } >wanted; kvsh load /format.conf && kvsh save saved && diff wanted saved'
kvsh list --keys | xargs kvsh delete
t 'the example of kvstore.conf(5) is the same file' 0 ''   diff /man.conf wanted
t 'the example of libkv(3) runs'                    0 1500 /example

# docs/format.md's errors
printf '# 1\n# 2\ndns.search = a\\d\n# 4\nnet.eth0.mtu = 1500\n# 6\nnet.eth0.mtu = 9000\n' >router.conf
t 'errors in a file are told as docs/format.md has it' 2 '' kvsh check router.conf
says_exactly 'each with its place' "$(
	cat <<'END'
router.conf:3:15: \d is not an escape; write \\d for a backslash and d (escapes: \n \t \r \\ \" \' \# \xNN, and \ before a space)
  dns.search = a\d
                ^
router.conf:7:1: net.eth0.mtu is already set in line 5
  net.eth0.mtu = 9000
  ^
END
)"
printf '#\n#\n#\n#\n#\n#\n#\n#\ndemo.count = 1000\n' >router.conf
t 'and what a module refuses'                       1 '' kvsh load router.conf
says_exactly 'with its place too' 'router.conf:9:14: load demo.count: must be a whole number from 1 to 100 packets (module demo)
  demo.count = 1000
               ^'

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
