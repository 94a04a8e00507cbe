/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Where attached scopes are pinned: PIN_STORE/NAME/N/, N being 1 for the first scope of that name, and one more for
 * each scope that replaces it. All folders have mode 0700. The functions that return int return 0, or -errno.
 */
#ifndef PIN_STORE_H
#define PIN_STORE_H

#include <stddef.h>

#include "common/exit_status.h"
#include "scope_name.h"

#define PIN_STORE_PARENT "/sys/fs/bpf"
#define PIN_STORE	 PIN_STORE_PARENT "/mptcp-force"

/* The size of the path of a pin, with the longest NAME. */
#define PIN_PATH_SIZE (sizeof(PIN_STORE) + SCOPE_FOLDER_SIZE + 64)

/* The pins that other versions of the tool read. All others are named KIND_NUMBER. */
#define PIN_SCOPE	 "scope" /* struct force_pinned */
#define PIN_RULES	 "rules" /* struct force_pinned_rule */
#define PIN_COUNTERS	 "counters"
#define PIN_OPTED_OUT	 "opted_out"
#define PIN_LAST_UPGRADE "last_upgrade" /* the program whose misses are counted */

enum pin_store_use {
	PIN_STORE_READ, /* waits for a command that changes what is pinned, but at most ten seconds */
	PIN_STORE_REMOVE, /* waits until no other command reads or changes it */
	PIN_STORE_CREATE, /* the same, and creates the folder */
};

/*
 * Open the store, until pin_store_close(). The descriptor is -1 if nothing was ever pinned, which is no error.
 * Returns an exit status.
 */
enum exit_status pin_store_open(enum pin_store_use use, int *store);

/* Close a store that was opened for changes, and remove its folder if it is empty. store can be -1. */
void pin_store_close(int store);

/* The names of all scopes, sorted. Free each, and the array. */
int pin_store_names(int store, char ***names, size_t *count);

/* The numbers N below a name, ascending; none if there is no such name. Free the array. */
int pin_store_numbers(int store, const char *name, unsigned int **numbers, size_t *count);

int pin_store_create(int store, const char *name, unsigned int number);

/* Unpin everything there that is ours, PIN_SCOPE last. -ENOTEMPTY: others have pins there. */
int pin_store_remove(int store, const char *name, unsigned int number);

/* Remove the folder of a name without scopes. */
int pin_store_remove_name(int store, const char *name);

/* The path of a pin, into PIN_PATH_SIZE bytes. */
void pin_store_path(const char *name, unsigned int number, const char *pin, char *path);

#endif /* PIN_STORE_H */
