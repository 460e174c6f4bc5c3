#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Needs no guest: nothing is asked of a module
cd "$(dirname "$0")/.." || exit
[ "${KV_NO_BUILD-}" ] || make -s build/tests/replies </dev/null >&2 || exit
exec build/tests/replies
