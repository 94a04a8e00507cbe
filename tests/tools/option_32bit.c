// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Sets TCP_USER_TIMEOUT by the system call of 32-bit programs, which a 64-bit program can make, too.
 * Prints the errno, or 0. Exits with 77 on machines and kernels without such calls.
 */
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>

#ifdef __x86_64__

#define SETSOCKOPT_I386 366 /* arch/x86/entry/syscalls/syscall_32.tbl */

int main(void)
{
	int fd = socket(AF_INET, SOCK_STREAM, 0);
	/* Below 4 GiB, since the call takes 32-bit pointers. */
	int *value = mmap(NULL, sizeof(*value), PROT_READ | PROT_WRITE,
			  MAP_PRIVATE | MAP_ANONYMOUS | MAP_32BIT, -1, 0);
	long result = SETSOCKOPT_I386;

	if (fd < 0 || value == MAP_FAILED)
		return 1;
	*value = 1000;
	__asm__ volatile("int $0x80"
			 : "+a"(result)
			 : "b"((long)fd), "c"((long)IPPROTO_TCP), "d"((long)TCP_USER_TIMEOUT),
			   "S"(value), "D"(sizeof(*value))
			 : "memory", "r8", "r9", "r10", "r11");
	if ((int)result == -ENOSYS)
		return 77;
	printf("%d\n", -(int)result);
	return 0;
}

#else

int main(void)
{
	return 77;
}

#endif
