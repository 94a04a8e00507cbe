/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Shared by the unit tests: cmocka, and replacements for a program's environment. */
#ifndef FIXTURE_H
#define FIXTURE_H

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Keep what is written to stderr from here on, also by a child, away from the real one ... */
void capture_start(void);

/* ... until here: returns it, valid until the next capture_start(). */
const char *capture_end(void);

/* Fails the test unless part is in text. */
#define assert_contains(text, part) assert_contains_at(text, part, __FILE__, __LINE__)
void assert_contains_at(const char *text, const char *part, const char *file, int line);

/*
 * From here on fopen(path) finds a file with this content, or none when it is NULL. Only for tests
 * that wrap fopen. A teardown forgets all of them.
 */
void fake_file(const char *path, const char *content);
int forget_fake_files(void **state);

/*
 * A new directory as *state, and its removal with all that is in it: a setup and its teardown,
 * which fails when a file was left open in between.
 */
int make_directory(void **state);
int remove_directory(void **state);

/* The path of a new directory in directory; valid until the next call. */
const char *make_inside(const char *directory, const char *name);

#endif /* FIXTURE_H */
