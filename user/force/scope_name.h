/* SPDX-License-Identifier: GPL-2.0-or-later */
/* The name of an attached scope. It may be that of a systemd unit. */
#ifndef SCOPE_NAME_H
#define SCOPE_NAME_H

#include <stdbool.h>
#include <stddef.h>

/* In bytes, without the zero at the end. */
#define SCOPE_NAME_LENGTH 64

/* The size of the name of its folder: a byte that the BPF file system refuses, such as '.', takes three. */
#define SCOPE_FOLDER_SIZE (3 * SCOPE_NAME_LENGTH + 1)

/* 1 to 64 of the bytes A-Z a-z 0-9 : - _ . @ \, the first of which is not '-'. */
bool scope_name_is_valid(const char *name);

/* The name of the folder for a valid name, into SCOPE_FOLDER_SIZE bytes. */
void scope_name_to_folder(const char *name, char *folder);

/* The opposite, into SCOPE_NAME_LENGTH + 1 bytes. False: no valid name has this folder. */
bool scope_name_of_folder(const char *folder, char *name);

/* A valid name, or a usage error. */
const char *scope_name_parse(const char *text);

#endif /* SCOPE_NAME_H */
