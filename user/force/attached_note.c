// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "attached_note.h"
#include "pin_store.h"
#include "scope_name.h"

static void path_of(const char *name, char *path, size_t size)
{
	char folder[SCOPE_FOLDER_SIZE];

	scope_name_to_folder(name, folder);
	snprintf(path, size, "%s/%s", ATTACHED_NOTES, folder);
}

int attached_note_write(const char *name)
{
	char path[sizeof(ATTACHED_NOTES) + SCOPE_FOLDER_SIZE];
	int fd;

	if (mkdir(ATTACHED_NOTES, 0755) && errno != EEXIST)
		return -errno;
	path_of(name, path, sizeof(path));
	fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

int attached_note_remove(const char *name)
{
	char path[sizeof(ATTACHED_NOTES) + SCOPE_FOLDER_SIZE];

	path_of(name, path, sizeof(path));
	if (unlink(path) && errno != ENOENT)
		return -errno;
	/* Fails unless it was the last one. */
	rmdir(ATTACHED_NOTES);
	return 0;
}

bool attached_note_exists(const char *name)
{
	char path[sizeof(ATTACHED_NOTES) + SCOPE_FOLDER_SIZE];

	path_of(name, path, sizeof(path));
	return access(path, F_OK) == 0;
}

int attached_notes(char ***names, size_t *count)
{
	int folder = open(ATTACHED_NOTES, O_RDONLY | O_DIRECTORY | O_CLOEXEC), err;

	*names = NULL;
	*count = 0;
	if (folder < 0)
		return errno == ENOENT ? 0 : -errno;
	err = pin_store_names(folder, names, count);
	close(folder);
	return err;
}
