#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The sessions of docs/sessions.md
exec tests/vm/run --with tests/guest/tap.sh --with tests/guest/sessions.sh --with tests/guest/readme.sh -- \
	sh readme.sh <docs/sessions.md
