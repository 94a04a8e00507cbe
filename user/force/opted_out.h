/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OPTED_OUT_H
#define OPTED_OUT_H

#include <stdint.h>

#include "force/force.h"

/*
 * Log the programs that an enforcer left on TCP because of the socket option that they asked for; one line,
 * or none. map_fd is the map opted_out.
 */
void opted_out_log(int map_fd, uint64_t identity);

/* A scope of the same name takes the place of another: its programs stay opted out. */
void opted_out_move(int map_fd, uint64_t from, uint64_t to);

/* Forget the programs of an enforcer that has ended. */
void opted_out_forget(int map_fd, uint64_t identity);

/* Call visit for each program that an enforcer has left on TCP. */
void opted_out_visit(int map_fd, uint64_t identity,
		     void (*visit)(const struct force_opted_out *program, void *context),
		     void *context);

/* The name of the option that it asked for. */
const char *opted_out_option(const struct force_opted_out *program);

#endif /* OPTED_OUT_H */
