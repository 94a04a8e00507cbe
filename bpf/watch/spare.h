/* SPDX-License-Identifier: GPL-2.0-only */
/* Functions whose programs have spares: shared by bpf/watch/spare.bpf.h and user space. */
#ifndef SPARE_H
#define SPARE_H

enum spared_function {
	SPARED_CONNECT,
	SPARED_ACCEPT,
	SPARED_EVENT,
	SPARED_DESTROY,
	SPARED_LISTENER,
	SPARED,
};

#endif /* SPARE_H */
