#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Needs no guest, where this machine is of its kind: nothing is asked of a module
cd "$(dirname "$0")/.." || exit
tests/vm/here 'a guest is needed' >/dev/null || exec tests/vm/run --no-module -- replies
[ "${KV_NO_BUILD-}" ] || make -s build/tests/replies </dev/null >&2 || exit
exec build/tests/replies
