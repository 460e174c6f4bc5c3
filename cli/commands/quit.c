// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * quit.c - quit: end the shell, or the script
 */
#include "core/command.h"
#include "core/error.h"

int cmd_quit(struct call *call)
{
	call->sh->quit = true;
	return STATUS_DONE;
}
