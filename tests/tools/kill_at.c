// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * To preload: ends the process with SIGKILL before the call with the number $KILL_AT, of those that change something:
 * system calls of bpf(2) that create, change, pin or run, and calls that create or remove files. At its normal end, the
 * process writes their number to the file $KILL_COUNT.
 */
#include <dlfcn.h>
#include <fcntl.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <linux/bpf.h>

static long calls;

static void step(void)
{
	const char *at = getenv("KILL_AT");

	if (at && ++calls == atol(at))
		kill(getpid(), SIGKILL);
}

static __attribute__((destructor)) void report(void)
{
	const char *path = getenv("KILL_COUNT");
	FILE *out = path ? fopen(path, "w") : NULL;

	if (!out)
		return;
	fprintf(out, "%ld\n", calls);
	fclose(out);
}

static int changes_something(long command)
{
	switch (command) {
	case BPF_MAP_CREATE:
	case BPF_MAP_UPDATE_ELEM:
	case BPF_MAP_DELETE_ELEM:
	case BPF_PROG_LOAD:
	case BPF_OBJ_PIN:
	case BPF_PROG_TEST_RUN:
	case BPF_LINK_CREATE:
	case BPF_ITER_CREATE:
		return 1;
	default:
		return 0;
	}
}

long syscall(long number, ...)
{
	static long (*real)(long, ...);
	long arguments[6];
	va_list list;
	int i;

	va_start(list, number);
	for (i = 0; i < 6; i++)
		arguments[i] = va_arg(list, long);
	va_end(list);
	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "syscall");
	if (number == SYS_bpf && changes_something(arguments[0]))
		step();
	return real(number, arguments[0], arguments[1], arguments[2], arguments[3], arguments[4],
		    arguments[5]);
}

int mkdirat(int folder, const char *path, mode_t mode)
{
	step();
	return (int)syscall(SYS_mkdirat, folder, path, mode);
}

int unlinkat(int folder, const char *path, int flags)
{
	step();
	return (int)syscall(SYS_unlinkat, folder, path, flags);
}

int mkdir(const char *path, mode_t mode)
{
	return mkdirat(AT_FDCWD, path, mode);
}

int unlink(const char *path)
{
	return unlinkat(AT_FDCWD, path, 0);
}

int rmdir(const char *path)
{
	return unlinkat(AT_FDCWD, path, AT_REMOVEDIR);
}
