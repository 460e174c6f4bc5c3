#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
tests/vm/here 'guardctl needs a library of this machine' || exit 0
exec tests/vm/run --with tests/guest/tap.sh --with tests/guest/compare.sh -- sh compare.sh
