// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * A recording of one record of each event, without a kernel.
 *
 *	make_recording FILE
 */
#include "recording.h"
#include "sample_record.h"

int main(int argc, char **argv)
{
	struct recording *recording = NULL;
	struct watch_record record;
	uint32_t event;

	if (argc != 2) {
		fprintf(stderr, "usage: make_recording FILE\n");
		return STATUS_USAGE;
	}
	if (recording_open(&recording, argv[1], -1) ||
	    recording_start(recording, SAMPLE_WALL_OFFSET_NS))
		return STATUS_FAILED;
	for (event = 1; event < WATCH_EVENTS; event++) {
		record = sample_record(event);
		if (event == 1)
			recording_add_cgroup(recording, record.owner.cgroup, "/app.slice");
		recording_add(recording, &record);
	}
	return recording_close(recording);
}
