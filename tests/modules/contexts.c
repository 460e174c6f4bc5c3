// SPDX-License-Identifier: GPL-2.0-only
/* caller.ko: the contexts in which code may read: process, softirq, hardirq */
#include <linux/bottom_half.h>
#include <linux/completion.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/irqflags.h>
#include <linux/kernel.h>

#include "../../kernel/kvstore/compat.h"
#include "caller.h"

static void (*wanted)(void);
static DECLARE_COMPLETION(done);

static void run_here(void (*function)(void))
{
	function();
}

static void run_without_bh(void (*function)(void))
{
	local_bh_disable();
	function();
	local_bh_enable();
}

static void run_without_irqs(void (*function)(void))
{
	local_irq_disable();
	function();
	local_irq_enable();
}

static void in_softirq_now(struct tasklet_struct *tasklet)
{
	EXPECT(in_serving_softirq());
	wanted();
	complete(&done);
}

static DECLARE_TASKLET(tasklet, in_softirq_now);

static void run_in_softirq(void (*function)(void))
{
	wanted = function;
	tasklet_schedule(&tasklet);
	wait_for_completion(&done);
	tasklet_kill(&tasklet);
}

static void in_hardirq_now(struct irq_work *work)
{
	EXPECT(in_hardirq());
	wanted();
	complete(&done);
}

static struct irq_work irq_work;

static void run_in_hardirq(void (*function)(void))
{
	wanted = function;
	init_irq_work(&irq_work, in_hardirq_now);
	irq_work_queue(&irq_work);
	wait_for_completion(&done);
	irq_work_sync(&irq_work);
}

const struct context contexts[] = {
	{ "in a process", run_here },
	{ "with BHs disabled", run_without_bh },
	{ "with interrupts disabled", run_without_irqs },
	{ "in softirq", run_in_softirq },
	{ "in hardirq", run_in_hardirq },
};

const unsigned int contexts_count = ARRAY_SIZE(contexts);
