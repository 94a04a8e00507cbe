/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef OPTED_OUT_H
#define OPTED_OUT_H

#include <stdint.h>

/*
 * Log the programs that an enforcer left on TCP because of the socket option that they asked for; one line,
 * or none. map_fd is the map opted_out.
 */
void opted_out_log(int map_fd, uint64_t identity);

#endif /* OPTED_OUT_H */
