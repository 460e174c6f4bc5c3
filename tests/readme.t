#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
exec tests/vm/run --with tests/guest/tap.sh --with tests/guest/sessions.sh --with tests/guest/readme.sh -- \
	sh readme.sh <README.md
