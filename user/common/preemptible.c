// SPDX-License-Identifier: GPL-2.0-or-later
#include <string.h>
#include <sys/utsname.h>

#include "common/preemption.h"
#include "common/preemption.skel.h"
#include "preemptible.h"
#include "program.h"

static int read_preemption(void)
{
	struct preemption_bpf *bpf = preemption_bpf__open_and_load();
	int preemption = PREEMPTION_UNKNOWN;

	if (bpf && program_run(bpf->progs.read_preemption) == 0)
		preemption = bpf->data->preemption;
	preemption_bpf__destroy(bpf);
	return preemption;
}

bool kernel_is_preemptible(void)
{
	int preemption = read_preemption();
	struct utsname kernel;

	if (preemption != PREEMPTION_UNKNOWN)
		return preemption >= PREEMPTION_FULL;
	uname(&kernel);
	return strstr(kernel.version, "PREEMPT") != NULL;
}
