// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * prompt.c - reads a line from the terminal
 *
 * Uses readline's callback interface, so that this file waits for input itself:
 * Ctrl-C must drop the line even during a search or a completion. Signals are
 * blocked except while waiting, so that none is lost.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include <readline/readline.h>

#include "terminal/prompt.h"

/* The terminal must be restored before the default action of these signals. */
static const int passed_on[] = { SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
#define PASSED_ON (sizeof(passed_on) / sizeof(passed_on[0]))

/* Global: signal handlers and readline's callbacks take no argument. */
static volatile sig_atomic_t interrupted, resized, passed;
static char *entered;
static bool done;

static void on_signal(int sig)
{
	if (sig == SIGINT)
		interrupted = 1;
	else if (sig == SIGWINCH)
		resized = 1;
	else
		passed = sig;
}

static void set_handler(int sig, void (*handler)(int))
{
	/* No SA_RESTART: interrupt system calls that wait. */
	struct sigaction action = { .sa_handler = handler };

	sigaction(sig, &action, NULL);
}

static void on_line(char *line)
{
	entered = line;
	done = true;
	/* Keep readline from printing the prompt before the command has run. */
	rl_callback_handler_remove();
}

/* Keep ignoring signals that kvsh was started to ignore (nohup). */
static void set_passed_on(void (*handler)(int))
{
	struct sigaction now;

	for (size_t i = 0; i < PASSED_ON; i++) {
		if (!sigaction(passed_on[i], NULL, &now) && now.sa_handler != SIG_IGN)
			set_handler(passed_on[i], handler);
	}
}

/* Run the default action of a signal; returns if that was a stop. */
static void pass_on(int sig)
{
	sigset_t set, old;

	rl_cleanup_after_signal();
	set_handler(sig, SIG_DFL);
	sigemptyset(&set);
	sigaddset(&set, sig);
	kill(getpid(), sig);
	sigprocmask(SIG_UNBLOCK, &set, &old);
	sigprocmask(SIG_SETMASK, &old, NULL);
	set_handler(sig, on_signal);
	rl_reset_after_signal();
	rl_forced_update_display();
}

static void drop_line(void)
{
	rl_callback_sigcleanup();
	rl_free_line_state();
	rl_echo_signal_char(SIGINT);
	rl_crlf();
	rl_callback_handler_remove();
	fflush(rl_outstream);
}

static enum prompt_result wait_for_line(const sigset_t *waiting)
{
	struct pollfd terminal = { .fd = STDIN_FILENO, .events = POLLIN };
	sigset_t blocked;

	while (!done) {
		terminal.revents = 0;
		if (ppoll(&terminal, 1, NULL, waiting) < 0 && errno != EINTR) {
			rl_callback_handler_remove();
			return PROMPT_END;
		}
		/* ppoll() delivers no signal while input is pending; drop input before Ctrl-C. */
		sigprocmask(SIG_SETMASK, waiting, &blocked);
		sigprocmask(SIG_SETMASK, &blocked, NULL);
		if (interrupted) {
			drop_line();
			return PROMPT_DROPPED;
		}
		if (terminal.revents)
			rl_callback_read_char();
		if (resized)
			rl_resize_terminal();
		resized = 0;
		if (passed && !done) {
			pass_on(passed);
			passed = 0;
		}
	}
	return entered ? PROMPT_LINE : PROMPT_END;
}

enum prompt_result prompt_read(const char *prompt, char **line)
{
	enum prompt_result result;
	sigset_t blocked, before;

	done = false;
	entered = NULL;
	sigemptyset(&blocked);
	sigaddset(&blocked, SIGINT);
	sigaddset(&blocked, SIGWINCH);
	for (size_t i = 0; i < PASSED_ON; i++)
		sigaddset(&blocked, passed_on[i]);
	sigprocmask(SIG_BLOCK, &blocked, &before);
	/* Ignore Ctrl-C during the previous command. */
	interrupted = 0;
	set_handler(SIGWINCH, on_signal);
	set_passed_on(on_signal);

	rl_callback_handler_install(prompt, on_line);
	result = wait_for_line(&before);

	/* While a command runs, only SIGINT keeps its handler. */
	set_passed_on(SIG_DFL);
	set_handler(SIGWINCH, SIG_DFL);
	sigprocmask(SIG_SETMASK, &before, NULL);
	/* A signal arrived with the last key; the terminal is restored by now. */
	if (passed)
		kill(getpid(), passed);
	passed = 0;
	*line = entered;
	return result;
}

void prompt_prepare(void)
{
	rl_readline_name = "kvsh";
	rl_catch_signals = 0;
	rl_catch_sigwinch = 0;
	/* Keep prompts out of redirected output. */
	rl_outstream = isatty(STDOUT_FILENO) ? stdout : stderr;
	set_handler(SIGINT, on_signal);
}
