// SPDX-License-Identifier: GPL-2.0-or-later
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <time.h>
#include <unistd.h>

#include <linux/magic.h>

#include "common/log.h"
#include "common/parse.h"
#include "pin_store.h"

/* How long a reader waits for the lock. */
#define READER_PAUSE_MS 50
#define READER_TRIES	200

#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW)

static enum exit_status not_mounted(void)
{
	log_error(
		"cannot use '%s': no BPF file system is mounted there (mount it: mount -t bpf bpf %s)",
		PIN_STORE_PARENT, PIN_STORE_PARENT);
	return STATUS_FAILED;
}

static enum exit_status open_parent(int *parent)
{
	struct statfs fs;

	*parent = open(PIN_STORE_PARENT, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*parent < 0 && errno == ENOENT)
		return not_mounted();
	if (*parent < 0 || fstatfs(*parent, &fs)) {
		log_error("cannot open '%s': %s", PIN_STORE_PARENT, strerror(errno));
		return status_of_errno(errno);
	}
	return fs.f_type == BPF_FS_MAGIC ? STATUS_OK : not_mounted();
}

static enum exit_status cannot_create(int err)
{
	log_error("cannot create '%s': %s%s", PIN_STORE, strerror(err),
		  err == EROFS ? " (remount it: mount -o remount,rw " PIN_STORE_PARENT ")" : "");
	return status_of_errno(err);
}

/* Others could remove or replace what is pinned in a folder that they may write to. */
static enum exit_status check_owner(int store)
{
	struct stat status;

	if (fstat(store, &status)) {
		log_error("cannot read the owner of '%s': %s", PIN_STORE, strerror(errno));
		return STATUS_FAILED;
	}
	if (status.st_uid == geteuid() && !(status.st_mode & 077))
		return STATUS_OK;
	log_error(
		"cannot use '%s': it belongs to user %u with mode %03o (remove it, or give it to user %u "
		"with mode 700)",
		PIN_STORE, status.st_uid, status.st_mode & 0777, geteuid());
	return STATUS_FAILED;
}

static enum exit_status open_store(int parent, enum pin_store_use use, int *store)
{
	const char *folder = PIN_STORE + sizeof(PIN_STORE_PARENT);

	if (use == PIN_STORE_CREATE && mkdirat(parent, folder, 0700) && errno != EEXIST)
		return cannot_create(errno);
	*store = openat(parent, folder, FOLDER_FLAGS);
	if (*store < 0 && errno == ENOENT)
		return STATUS_OK;
	if (*store < 0) {
		log_error("cannot open '%s': %s%s", PIN_STORE, strerror(errno),
			  errno == ENOTDIR ? " (something else is pinned there: remove it)" : "");
		return status_of_errno(errno);
	}
	return check_owner(*store);
}

/* A reader waits for other commands to finish, but not forever: then it reads without the lock. */
static int lock(int store, enum pin_store_use use)
{
	const struct timespec pause = { .tv_nsec = READER_PAUSE_MS * 1000000L };
	int tries;

	if (use != PIN_STORE_READ)
		return flock(store, LOCK_EX);
	for (tries = 0; tries < READER_TRIES && flock(store, LOCK_SH | LOCK_NB); tries++)
		nanosleep(&pause, NULL);
	return 0;
}

static enum exit_status open_locked(int parent, enum pin_store_use use, int *store)
{
	enum exit_status status = open_store(parent, use, store);

	if (status || *store < 0 || !lock(*store, use))
		return status;
	log_error("cannot lock '%s': %s", PIN_STORE, strerror(errno));
	return STATUS_FAILED;
}

/* Whether another command has removed it while this one waited for the lock. */
static bool is_removed(int store)
{
	struct stat status;

	return store >= 0 && !fstat(store, &status) && !status.st_nlink;
}

static void close_store(int *store)
{
	if (*store >= 0)
		close(*store);
	*store = -1;
}

enum exit_status pin_store_open(enum pin_store_use use, int *store)
{
	enum exit_status status;
	int parent = -1;

	*store = -1;
	status = open_parent(&parent);
	if (!status)
		status = open_locked(parent, use, store);
	while (!status && is_removed(*store)) {
		close_store(store);
		status = open_locked(parent, use, store);
	}
	if (status)
		close_store(store);
	if (parent >= 0)
		close(parent);
	return status;
}

void pin_store_close(int store)
{
	if (store < 0)
		return;
	/* Fails unless it is empty. */
	unlinkat(AT_FDCWD, PIN_STORE, AT_REMOVEDIR);
	close(store);
}

/* The folder of a name, or of one of its scopes if number is not 0; or -errno. */
static int open_folder(int store, const char *name, unsigned int number)
{
	char folder[SCOPE_FOLDER_SIZE + 16];
	int fd;

	scope_name_to_folder(name, folder);
	if (number)
		sprintf(folder + strlen(folder), "/%u", number);
	fd = openat(store, folder, FOLDER_FLAGS);
	return fd < 0 ? -errno : fd;
}

/* Closes the folder. */
static int for_each_entry(int folder, int (*visit)(const char *entry, void *context), void *context)
{
	DIR *entries = fdopendir(folder);
	const struct dirent *entry;
	int err = 0;

	if (!entries) {
		err = -errno;
		close(folder);
		return err;
	}
	rewinddir(entries);
	while (!err && (entry = readdir(entries))) {
		if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
			err = visit(entry->d_name, context);
	}
	closedir(entries);
	return err;
}

struct name_list {
	char **names;
	size_t count;
};

static int add_name(const char *entry, void *context)
{
	struct name_list *list = context;
	char name[SCOPE_NAME_LENGTH + 1], **longer;

	if (!scope_name_of_folder(entry, name))
		return 0;
	longer = reallocarray(list->names, list->count + 1, sizeof(*longer));
	if (!longer)
		return -ENOMEM;
	list->names = longer;
	list->names[list->count] = strdup(name);
	return list->names[list->count++] ? 0 : -ENOMEM;
}

static int compare_names(const void *left, const void *right)
{
	return strcmp(*(char *const *)left, *(char *const *)right);
}

int pin_store_names(int store, char ***names, size_t *count)
{
	int folder = openat(store, ".", FOLDER_FLAGS), err;
	struct name_list list = { 0 };

	err = folder < 0 ? -errno : for_each_entry(folder, add_name, &list);
	if (list.count)
		qsort(list.names, list.count, sizeof(*list.names), compare_names);
	*names = list.names;
	*count = list.count;
	return err;
}

struct number_list {
	unsigned int *numbers;
	size_t count;
};

static int add_number(const char *entry, void *context)
{
	struct number_list *list = context;
	unsigned int *longer;
	unsigned long number;

	if (!read_number(entry, 1, 999999999, &number))
		return 0;
	longer = reallocarray(list->numbers, list->count + 1, sizeof(*longer));
	if (!longer)
		return -ENOMEM;
	list->numbers = longer;
	list->numbers[list->count++] = (unsigned int)number;
	return 0;
}

static int compare_numbers(const void *left, const void *right)
{
	unsigned int a = *(const unsigned int *)left, b = *(const unsigned int *)right;

	return (a > b) - (a < b);
}

int pin_store_numbers(int store, const char *name, unsigned int **numbers, size_t *count)
{
	int folder = open_folder(store, name, 0), err;
	struct number_list list = { 0 };

	err = folder < 0 ? folder : for_each_entry(folder, add_number, &list);
	if (list.count)
		qsort(list.numbers, list.count, sizeof(*list.numbers), compare_numbers);
	*numbers = list.numbers;
	*count = list.count;
	return err == -ENOENT ? 0 : err;
}

int pin_store_create(int store, const char *name, unsigned int number)
{
	char folder[SCOPE_FOLDER_SIZE + 16];

	scope_name_to_folder(name, folder);
	if (mkdirat(store, folder, 0700) && errno != EEXIST)
		return -errno;
	sprintf(folder + strlen(folder), "/%u", number);
	return mkdirat(store, folder, 0700) ? -errno : 0;
}

/* Whether any version of this tool uses this name for a pin. Not PIN_SCOPE, which is removed last. */
static bool is_ours(const char *pin)
{
	static const char *const names[] = { PIN_RULES, PIN_COUNTERS, PIN_OPTED_OUT,
					     PIN_LAST_UPGRADE };
	static const char *const kinds[] = { "link_", "program_", "cgroup_program_", "map_",
					     "cgroup_" };
	size_t i, length;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(pin, names[i]) == 0)
			return true;
	}
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		length = strlen(kinds[i]);
		if (strncmp(pin, kinds[i], length) == 0 && pin[length] &&
		    pin[length + strspn(pin + length, "0123456789")] == '\0')
			return true;
	}
	return false;
}

static int unpin(const char *pin, void *context)
{
	const int *folder = context;

	return is_ours(pin) && unlinkat(*folder, pin, 0) && errno != ENOENT ? -errno : 0;
}

int pin_store_remove(int store, const char *name, unsigned int number)
{
	int folder = open_folder(store, name, number), copy, err;
	char path[SCOPE_FOLDER_SIZE + 16];

	if (folder < 0)
		return folder == -ENOENT ? 0 : folder;
	copy = fcntl(folder, F_DUPFD_CLOEXEC, 0);
	err = copy < 0 ? -errno : for_each_entry(copy, unpin, &folder);
	if (!err && unlinkat(folder, PIN_SCOPE, 0) && errno != ENOENT)
		err = -errno;
	close(folder);
	if (err)
		return err;
	scope_name_to_folder(name, path);
	sprintf(path + strlen(path), "/%u", number);
	return unlinkat(store, path, AT_REMOVEDIR) && errno != ENOENT ? -errno : 0;
}

int pin_store_remove_name(int store, const char *name)
{
	char folder[SCOPE_FOLDER_SIZE];

	scope_name_to_folder(name, folder);
	return unlinkat(store, folder, AT_REMOVEDIR) && errno != ENOENT ? -errno : 0;
}

void pin_store_path(const char *name, unsigned int number, const char *pin, char *path)
{
	char folder[SCOPE_FOLDER_SIZE];

	scope_name_to_folder(name, folder);
	snprintf(path, PIN_PATH_SIZE, "%s/%s/%u/%s", PIN_STORE, folder, number, pin);
}
