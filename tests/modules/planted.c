// SPDX-License-Identifier: GPL-2.0-only
/*
 * `insmod planted.ko bug=NAME` makes one mistake that a kernel with sanitizers or lockdep must
 * report. tests/stress/planted.t loads it.
 */
#include <linux/compiler.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/rcupdate.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timer.h>

struct thing {
	struct rcu_head rcu;
	struct timer_list timer;
	unsigned int value;
};

static char *bug;
module_param(bug, charp, 0);

static struct thing __rcu *published;
static unsigned int shared;

static struct thing *make_thing(void)
{
	return kzalloc(sizeof(struct thing), GFP_KERNEL | __GFP_NOFAIL);
}

static void free_thing(struct rcu_head *rcu)
{
	kfree(container_of(rcu, struct thing, rcu));
}

static unsigned int use_after_free(void)
{
	struct thing *thing = make_thing();

	call_rcu(&thing->rcu, free_thing);
	rcu_barrier();
	return READ_ONCE(thing->value);
}

static unsigned int out_of_bounds(void)
{
	size_t size = 13;
	char *name = kzalloc(size, GFP_KERNEL | __GFP_NOFAIL);
	unsigned int byte;

	OPTIMIZER_HIDE_VAR(size);
	byte = READ_ONCE(name[size]);
	kfree(name);
	return byte;
}

static unsigned int lock_order(void)
{
	static DEFINE_MUTEX(first);
	static DEFINE_MUTEX(second);

	mutex_lock(&first);
	mutex_lock(&second);
	mutex_unlock(&second);
	mutex_unlock(&first);
	mutex_lock(&second);
	mutex_lock(&first);
	mutex_unlock(&first);
	mutex_unlock(&second);
	return 0;
}

static unsigned int sleep_under_rcu(void)
{
	rcu_read_lock();
	kfree(make_thing());
	rcu_read_unlock();
	return 0;
}

static unsigned int no_rcu_lock(void)
{
	return rcu_dereference(published) ? 1 : 0;
}

static void tick(struct timer_list *timer)
{
}

static unsigned int free_active_timer(void)
{
	struct thing *thing = make_thing();

	timer_setup(&thing->timer, tick, 0);
	mod_timer(&thing->timer, jiffies + 1000 * HZ);
	kfree(thing);
	return 0;
}

static unsigned int call_rcu_twice(void)
{
	struct thing *thing = make_thing();

	rcu_read_lock();
	call_rcu(&thing->rcu, free_thing);
	call_rcu(&thing->rcu, free_thing);
	rcu_read_unlock();
	return 0;
}

static unsigned int leak(void)
{
	struct thing *thing = make_thing();

	OPTIMIZER_HIDE_VAR(thing);
	return thing->value;
}

static unsigned int shift(void)
{
	unsigned int places = 40;

	OPTIMIZER_HIDE_VAR(places);
	return 1U << places;
}

static int count_on(void *unused)
{
	while (!kthread_should_stop()) {
		shared++;
		cond_resched();
	}
	return 0;
}

/* KCSAN checks only a sample of accesses: repeat until it has reported one, or for a minute. */
static unsigned int race(void)
{
	struct task_struct *other = kthread_run(count_on, NULL, "planted");
	unsigned long end = jiffies + 60 * HZ;

	if (IS_ERR(other))
		return 0;
	while (time_before(jiffies, end)) {
		shared++;
		cond_resched();
	}
	kthread_stop(other);
	return 0;
}

static const struct {
	const char *name;
	unsigned int (*plant)(void);
} bugs[] = {
	{ "use_after_free", use_after_free },
	{ "out_of_bounds", out_of_bounds },
	{ "lock_order", lock_order },
	{ "sleep_under_rcu", sleep_under_rcu },
	{ "no_rcu_lock", no_rcu_lock },
	{ "free_active_timer", free_active_timer },
	{ "call_rcu_twice", call_rcu_twice },
	{ "leak", leak },
	{ "shift", shift },
	{ "data_race", race },
};

static int __init planted_init(void)
{
	size_t i;

	for (i = 0; i < ARRAY_SIZE(bugs); i++) {
		if (!bug || strcmp(bug, bugs[i].name))
			continue;
		pr_info("planted: %s gave %u\n", bug, bugs[i].plant());
		return 0;
	}
	return -EINVAL;
}

static void __exit planted_exit(void)
{
	rcu_barrier(); /* for free_thing() */
}

module_init(planted_init);
module_exit(planted_exit);

MODULE_DESCRIPTION("Bugs, for kernels that report them (tests of kvstore)");
MODULE_LICENSE("GPL");
