/* SPDX-License-Identifier: GPL-2.0-or-later */
#ifndef REPLAY_H
#define REPLAY_H

#include "watch_options.h"

/* mptcp-watch replay FILE. Returns an exit status. */
enum exit_status replay(const struct watch_options *chosen);

#endif /* REPLAY_H */
