// SPDX-License-Identifier: GPL-2.0-or-later
/* Prints the decision table of the option bridge, a line per option, separated by tabs, for compare.py and page.py. */
#include <stdio.h>

#include "common/sockopts.h"

static const char *when(const struct sockopt *row)
{
	switch (row->when) {
	case SOCKOPT_WHEN_ALWAYS:
		return "always";
	case SOCKOPT_WHEN_WHILE_MPTCP:
		return "mptcp";
	default:
		return "connected";
	}
}

int main(void)
{
	for (size_t i = 0; i < SOCKOPT_ROWS; i++) {
		const struct sockopt *row = &sockopts[i];

		printf("%s\t%d\t%s\t%s\t%s\t%s\t%s\t%s\n", sockopt_level_word(row->level),
		       row->number, row->name, sockopt_class_word(row->class), when(row),
		       row->kernel == SOCKOPT_KERNEL_ANY ? "every kernel" : "some kernels",
		       row->value == SOCKOPT_VALUE_HOPS ? "partly" : "wholly", row->reason);
	}
	return 0;
}
