// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>

#include "attachment_find.h"

/* Open the objects with these IDs. Returns whether all of them still exist. */
static bool open_ids(int *fds, const __u32 *ids, size_t count, int (*open_id)(__u32 id))
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (!ids[i])
			continue;
		fds[i] = open_id(ids[i]);
		if (fds[i] < 0)
			return false;
	}
	return true;
}

static bool open_directory(struct attachment *attachment, const struct force_directory *directory)
{
	memset(attachment, 0xff, sizeof(*attachment)); /* -1 each */
	if (open_ids(attachment->links, directory->links, FORCE_LINKS, bpf_link_get_fd_by_id) &&
	    open_ids(attachment->programs, directory->programs, FORCE_PROGRAMS,
		     bpf_prog_get_fd_by_id) &&
	    open_ids(attachment->cgroup_programs, directory->cgroup_programs, FORCE_CGROUP_PROGRAMS,
		     bpf_prog_get_fd_by_id) &&
	    open_ids(attachment->maps, directory->maps, FORCE_MAPS, bpf_map_get_fd_by_id) &&
	    attachment_is_whole(attachment)) {
		attachment->landlock_unknown = (int)directory->landlock_unknown;
		return true;
	}
	attachment_close(attachment);
	return false;
}

/* Read a map, if it is the directory of an attachment. */
static bool read_directory(__u32 map_id, struct force_directory *directory)
{
	struct bpf_map_info info = { 0 };
	__u32 size = sizeof(info), key = 0;
	int fd = bpf_map_get_fd_by_id(map_id);
	bool found;

	if (fd < 0)
		return false;
	found = bpf_obj_get_info_by_fd(fd, &info, &size) == 0 &&
		strcmp(info.name, "directory") == 0 && info.type == BPF_MAP_TYPE_ARRAY &&
		info.value_size == sizeof(*directory) &&
		bpf_map_lookup_elem(fd, &key, directory) == 0 && directory->abi == FORCE_ABI;
	close(fd);
	return found;
}

/* Get the IDs of the maps that an upgrade program uses. Returns how many. */
static __u32 maps_of(__u32 program_id, __u32 *ids, __u32 most)
{
	struct bpf_prog_info info = { .nr_map_ids = most, .map_ids = (__u64)(uintptr_t)ids };
	__u32 size = sizeof(info);
	int fd = bpf_prog_get_fd_by_id(program_id), err;

	if (fd < 0)
		return 0;
	err = bpf_obj_get_info_by_fd(fd, &info, &size);
	close(fd);
	if (err || strncmp(info.name, "upgrade", strlen("upgrade")) != 0)
		return 0;
	return info.nr_map_ids < most ? info.nr_map_ids : most;
}

/*
 * The attachment that a link belongs to. A link on the hook can be trusted: a process that is allowed to
 * create one may already change any socket of this host.
 */
static bool open_by_link(struct attachment *attachment, __u32 link_id, __u32 program_id)
{
	struct force_directory directory;
	__u32 maps[16], count = maps_of(program_id, maps, sizeof(maps) / sizeof(maps[0])), i;

	for (i = 0; i < count; i++) {
		if (read_directory(maps[i], &directory) &&
		    directory.links[FORCE_LINK_UPGRADE] == link_id)
			return open_directory(attachment, &directory);
	}
	return false;
}

bool attachment_find(struct attachment *attachment)
{
	struct bpf_link_info info;
	__u32 id = 0, size;
	int fd, err;

	while (bpf_link_get_next_id(id, &id) == 0) {
		fd = bpf_link_get_fd_by_id(id);
		if (fd < 0) {
			if (errno == EPERM)
				return false;
			continue;
		}
		size = sizeof(info);
		memset(&info, 0, sizeof(info));
		err = bpf_obj_get_info_by_fd(fd, &info, &size);
		close(fd);
		if (!err && info.type == BPF_LINK_TYPE_TRACING &&
		    info.tracing.attach_type == BPF_MODIFY_RETURN &&
		    open_by_link(attachment, id, info.prog_id))
			return true;
	}
	return false;
}
