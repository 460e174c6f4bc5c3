// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * reseed - reseed the kernel's random numbers with the bytes on stdin, 64 at most.
 *
 * Guests that are resumed from the same state would all draw the same numbers. Bytes that are merely written
 * to /dev/urandom are used at the next reseeding, up to a minute later: these two calls reseed at once.
 */
#include <err.h>
#include <fcntl.h>
#include <linux/random.h>
#include <sys/ioctl.h>
#include <unistd.h>

int main(void)
{
	/* struct rand_pool_info with its bytes */
	struct {
		int entropy_count, buf_size;
		unsigned char buf[64];
	} pool;
	int fd = open("/dev/urandom", O_WRONLY);
	ssize_t count = read(STDIN_FILENO, pool.buf, sizeof(pool.buf));

	if (fd < 0)
		err(1, "/dev/urandom");
	if (count <= 0)
		errx(1, "no bytes on stdin");
	pool.entropy_count = (int)count * 8;
	pool.buf_size = (int)count;
	if (ioctl(fd, RNDADDENTROPY, &pool) || ioctl(fd, RNDRESEEDCRNG))
		err(1, "reseeding");
	return 0;
}
