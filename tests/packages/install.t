#!/bin/bash
# SPDX-License-Identifier: GPL-2.0-or-later
# make install puts each file in its place; the example builds with pkg-config and runs; and the library has exactly
# the symbols that packaging/debian/libkv0.symbols lists
set -u

cd "$(dirname "$0")/../.." || exit 1
tests/vm/here 'make install installs programs of this machine' || exit 0
scratch=$(mktemp -d) || exit 1
trap 'rm -rf "$scratch"' EXIT

. tests/common/ok.bash
export PKG_CONFIG_LIBDIR=$scratch/root/opt/kv/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$scratch/root
installed() { (cd "$scratch/root" && find . -type f -o -type l | sort | xargs -r stat -c '%a %n' | sed 's/^777/lnk/'); }
# is FILE COMMAND...: succeed if COMMAND prints the content of FILE
is() {
	local wanted=$1
	shift
	diff "$wanted" <("$@")
}

cat >"$scratch/wanted" <<'END'
755 ./opt/kv/bin/kvsh
644 ./opt/kv/include/kv.h
644 ./opt/kv/include/kv_proto.h
644 ./opt/kv/lib/libkv.a
lnk ./opt/kv/lib/libkv.so
644 ./opt/kv/lib/libkv.so.0
644 ./opt/kv/lib/pkgconfig/libkv.pc
644 ./opt/kv/lib/systemd/system/kvstore.service
755 ./opt/kv/libexec/kvstore/load
755 ./opt/kv/libexec/kvstore/save
644 ./opt/kv/share/bash-completion/completions/kvsh
644 ./opt/kv/share/man/man1/kvsh.1
644 ./opt/kv/share/man/man3/libkv.3
644 ./opt/kv/share/man/man5/kvstore.conf.5
644 ./opt/kv/share/man/man7/kvstore.7
END
ok 'make install-programs succeeds' make -s install-programs DESTDIR="$scratch/root" PREFIX=/opt/kv
ok 'the installed files have these modes and places' is "$scratch/wanted" installed
ok 'the service runs the installed script' grep -qx 'ExecStart=/opt/kv/libexec/kvstore/load' \
	"$scratch/root/opt/kv/lib/systemd/system/kvstore.service"
ok 'pkg-config reports the version' [ "$(pkg-config --modversion libkv)" = "$(build/kvsh --version | cut -d ' ' -f 2)" ]

# The library

symbols() { nm -D --defined-only "$scratch/root/opt/kv/lib/libkv.so.0" | awk '{ print $3 }' | sed 's/@@/@/' | sort; }
sed -n 's/^ \([^ ]*@KV_0\) .*/\1/p' packaging/debian/libkv0.symbols | sort >"$scratch/symbols"
# The version is a symbol too. Tools name it KV_0 or KV_0@KV_0, so leave it out.
sed -i '/^KV_0@/d' "$scratch/symbols"
named() { symbols | grep -v '^KV_0'; }
ok 'the library has exactly the symbols of libkv0.symbols' is "$scratch/symbols" named
ok 'there are more than 20 symbols' test "$(wc -l <"$scratch/symbols")" -gt 20

# The example

# shellcheck disable=SC2046 # one word per option
ok 'the example builds with the installed files' \
	cc -Wall -Werror -o "$scratch/follow" examples/follow.c $(pkg-config --cflags --libs libkv)
ok 'the example has fewer than 40 lines' test "$(wc -l <examples/follow.c)" -lt 40
printf '%s\n' 'net.a = 1' 'net.a = 2' 'net.a: deleted' >"$scratch/followed"
follow() {
	KV_NO_BUILD=1 tests/vm/run --with "$scratch/follow" --with "$scratch/root/opt/kv/lib/libkv.so.0" -- sh -c '
		export LD_LIBRARY_PATH=/
		kvsh put net.a 1 && kvsh put other 1
		follow net. >/tmp/followed & follower=$!
		until grep -q "net.a = 1" /tmp/followed; do usleep 1000; done
		kvsh put net.a 2 && kvsh put other 2 && kvsh delete net.a
		until grep -q deleted /tmp/followed; do usleep 1000; done
		kill $follower
		cat /tmp/followed'
}
ok 'the example prints the changes' is "$scratch/followed" follow

# Uninstall

ok 'make uninstall succeeds' make -s uninstall DESTDIR="$scratch/root" PREFIX=/opt/kv
: >"$scratch/nothing"
ok 'make uninstall leaves no file' is "$scratch/nothing" installed
finish
