// SPDX-License-Identifier: GPL-2.0-or-later
#include <errno.h>
#include <fcntl.h>
#include <malloc.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>

#include "attachment.h"
#include "attachment_find.h"
#include "common/kernel_btf.h"
#include "common/requirements.h"
#include "force/force.skel.h"
#include "landlock_layout.h"
#include "common/log.h"
#include "common/nsec.h"
#include "common/preemptible.h"
#include "common/program.h"

/* Held while attaching, so that only one of many enforcers that start at the same time attaches. */
#define LOCK_PATH "/run/mptcp-force.lock"

/* How long to wait for the lock: longer each time, and in total at most PATIENCE_MS, if its holder has stalled. */
#define FIRST_PAUSE_MS 10
#define LAST_PAUSE_MS  500
#define PATIENCE_MS    60000

/* Attach one program, if it was loaded; returns 0, or -errno. */
static int attach(struct bpf_program *program, struct bpf_link **link)
{
	if (!bpf_program__autoload(program))
		return 0;
	*link = bpf_program__attach(program);
	return *link ? 0 : -errno;
}

/*
 * The programs that answer the hook, in the order in which the kernel is to call them. The first is the
 * one that counts what it refuses.
 */
struct upgrades {
	struct bpf_program *programs[4];
	struct bpf_link **links[4];
	int count;
};

static void add_upgrade(struct upgrades *upgrades, struct bpf_program *program,
			struct bpf_link **link)
{
	upgrades->programs[upgrades->count] = program;
	upgrades->links[upgrades->count++] = link;
}

/* Before loading: the spare programs only where the kernel preempts tasks in the middle of one. */
static struct upgrades choose_upgrades(struct force_bpf *bpf)
{
	struct upgrades upgrades = { .count = 0 };
	int i;

	add_upgrade(&upgrades, bpf->progs.upgrade, &bpf->links.upgrade);
	add_upgrade(&upgrades, bpf->progs.upgrade_second, &bpf->links.upgrade_second);
	add_upgrade(&upgrades, bpf->progs.upgrade_third, &bpf->links.upgrade_third);
	add_upgrade(&upgrades, bpf->progs.upgrade_fourth, &bpf->links.upgrade_fourth);
	if (kernel_is_preemptible())
		return upgrades;
	for (i = 1; i < upgrades.count; i++)
		bpf_program__set_autoload(upgrades.programs[i], false);
	upgrades.count = 1;
	return upgrades;
}

/* The kernel calls them in the reverse order. */
static int attach_upgrades(const struct upgrades *upgrades)
{
	int i, err = 0;

	for (i = upgrades->count - 1; !err && i >= 0; i--)
		err = attach(upgrades->programs[i], upgrades->links[i]);
	return err;
}

/* The programs that count connections. */
static int attach_counters(struct force_bpf *bpf)
{
	int err = attach(bpf->progs.note_connect, &bpf->links.note_connect);

	if (!err)
		err = attach(bpf->progs.count_connected, &bpf->links.count_connected);
	return err ? err : attach(bpf->progs.count_accepted, &bpf->links.count_accepted);
}

static enum exit_status attach_all(struct force_bpf *bpf, const struct upgrades *upgrades)
{
	int err;

	err = attach(bpf->progs.cgroup_created, &bpf->links.cgroup_created);
	if (!err)
		err = attach(bpf->progs.cgroup_removed, &bpf->links.cgroup_removed);
	if (err)
		return requirements_explain("attach to the cgroup tracepoints", err);
	err = attach(bpf->progs.io_uring_socket, &bpf->links.io_uring_socket);
	if (err)
		return requirements_explain("attach to __sys_socket_file", err);
	err = attach(bpf->progs.note_asked, &bpf->links.note_asked);
	if (err)
		return requirements_explain("attach to mptcp_init_sock", err);
	err = attach_counters(bpf);
	if (err)
		return requirements_explain("attach to the functions that set up connections", err);
	err = attach_upgrades(upgrades);
	return err ? requirements_explain("attach to update_socket_protocol", err) : STATUS_OK;
}

/* The start of struct bpf_link_info, bpf_prog_info and bpf_map_info: the kernel fills in what fits. */
struct object_info {
	__u32 type;
	__u32 id;
};

static __u32 id_of(int fd)
{
	struct object_info info = { 0 };
	__u32 size = sizeof(info);

	return bpf_obj_get_info_by_fd(fd, &info, &size) ? 0 : info.id;
}

/* Write the directory, by which other enforcers find the attachment, and bind its map to the first program. */
static int publish(const struct attachment *attachment, const struct force_bpf *bpf,
		   const struct upgrades *upgrades)
{
	struct force_directory directory = {
		.abi = FORCE_ABI, .landlock_unknown = (__u32)attachment->landlock_unknown
	};
	__u32 key = 0;
	int i;

	if (bpf_prog_bind_map(bpf_program__fd(upgrades->programs[0]),
			      bpf_map__fd(bpf->maps.directory), NULL))
		return -errno;

	for (i = 0; i < FORCE_LINKS; i++) {
		if (attachment->links[i] >= 0)
			directory.links[i] = id_of(attachment->links[i]);
	}
	for (i = 0; i < FORCE_PROGRAMS; i++)
		directory.programs[i] = id_of(attachment->programs[i]);
	for (i = 0; i < FORCE_CGROUP_PROGRAMS; i++) {
		if (attachment->cgroup_programs[i] >= 0)
			directory.cgroup_programs[i] = id_of(attachment->cgroup_programs[i]);
	}
	for (i = 0; i < FORCE_MAPS; i++)
		directory.maps[i] = id_of(attachment->maps[i]);
	return bpf_map__update_elem(bpf->maps.directory, &key, sizeof(key), &directory,
				    sizeof(directory), BPF_ANY);
}

static int copy_of(int fd)
{
	return fcntl(fd, F_DUPFD_CLOEXEC, 0);
}

static int copy_of_link(const struct bpf_link *link)
{
	return link ? copy_of(bpf_link__fd(link)) : -1;
}

static int copy_of_loaded(const struct bpf_program *program)
{
	return bpf_program__autoload(program) ? copy_of(bpf_program__fd(program)) : -1;
}

static void take_cgroup_programs(int *fds, const struct force_bpf *bpf)
{
	fds[FORCE_CGROUP_SET_OPTION] = copy_of_loaded(bpf->progs.set_option);
	fds[FORCE_CGROUP_GET_OPTION] = copy_of_loaded(bpf->progs.get_option);
	fds[FORCE_CGROUP_APPLY_OPTIONS] = copy_of_loaded(bpf->progs.apply_options);
	fds[FORCE_CGROUP_CONNECT4] = copy_of_loaded(bpf->progs.check_connect4);
	fds[FORCE_CGROUP_CONNECT6] = copy_of_loaded(bpf->progs.check_connect6);
}

/* Copy the descriptors that are still needed once the skeleton is destroyed. Returns 0, or -errno. */
static int take_descriptors(struct attachment *attachment, const struct force_bpf *bpf,
			    const struct upgrades *upgrades)
{
	int i;

	for (i = 0; i < upgrades->count; i++) {
		attachment->links[FORCE_LINK_UPGRADE + i] = copy_of_link(*upgrades->links[i]);
		if (attachment->links[FORCE_LINK_UPGRADE + i] < 0)
			return -errno;
	}
	attachment->links[FORCE_LINK_IO_URING] = copy_of_link(bpf->links.io_uring_socket);
	attachment->links[FORCE_LINK_ASKED] = copy_of_link(bpf->links.note_asked);
	attachment->links[FORCE_LINK_CONNECT] = copy_of_link(bpf->links.note_connect);
	attachment->links[FORCE_LINK_CONNECTED] = copy_of_link(bpf->links.count_connected);
	attachment->links[FORCE_LINK_ACCEPTED] = copy_of_link(bpf->links.count_accepted);
	attachment->links[FORCE_LINK_CGROUP_CREATED] = copy_of_link(bpf->links.cgroup_created);
	attachment->links[FORCE_LINK_CGROUP_REMOVED] = copy_of_link(bpf->links.cgroup_removed);
	attachment->programs[FORCE_PROGRAM_JOIN] =
		copy_of(bpf_program__fd(bpf->progs.join_enforcers));
	attachment->programs[FORCE_PROGRAM_CHANGE] =
		copy_of(bpf_program__fd(bpf->progs.change_enforcer));
	attachment->programs[FORCE_PROGRAM_COUNT_RUNNING] =
		copy_of(bpf_program__fd(bpf->progs.count_running));
	attachment->programs[FORCE_PROGRAM_APPLY_EXISTING] =
		copy_of(bpf_program__fd(bpf->progs.apply_existing));
	attachment->programs[FORCE_PROGRAM_MARK_EARLIER] =
		copy_of(bpf_program__fd(bpf->progs.mark_earlier));
	attachment->programs[FORCE_PROGRAM_LAST_UPGRADE] =
		copy_of(bpf_program__fd(upgrades->programs[upgrades->count - 1]));
	take_cgroup_programs(attachment->cgroup_programs, bpf);
	attachment->maps[FORCE_MAP_COUNTERS] = copy_of(bpf_map__fd(bpf->maps.counters));
	attachment->maps[FORCE_MAP_OPTED_OUT] = copy_of(bpf_map__fd(bpf->maps.opted_out));
	attachment->maps[FORCE_MAP_PINNED] = copy_of(bpf_map__fd(bpf->maps.pinned));
	attachment->maps[FORCE_MAP_CGROUP_EVENTS] = copy_of(bpf_map__fd(bpf->maps.cgroup_events));
	return attachment_is_whole(attachment) ? 0 : -errno;
}

/* HZ of this kernel: the clock that is only as precise as a tick has that resolution. */
static __u32 jiffies_per_s(void)
{
	struct timespec tick = { 0 };

	if (clock_getres(CLOCK_MONOTONIC_COARSE, &tick) || tick.tv_nsec <= 0)
		return 250;
	return (__u32)((NSEC_PER_SEC + tick.tv_nsec / 2) / tick.tv_nsec);
}

/* The programs of the option bridge, which need a capability that enforcement does not. */
static void choose_bridge(struct force_bpf *bpf)
{
	bool permitted = requirement_met(REQUIREMENT_OPTION_BRIDGE);

	bpf_program__set_autoload(bpf->progs.set_option, permitted);
	bpf_program__set_autoload(bpf->progs.get_option, permitted);
	bpf_program__set_autoload(bpf->progs.apply_options, permitted);
	bpf_program__set_autoload(bpf->progs.check_connect4, permitted);
	bpf_program__set_autoload(bpf->progs.check_connect6, permitted);
	bpf_program__set_autoload(bpf->progs.note_asked,
				  permitted && kernel_has_function("mptcp_init_sock"));
	bpf->rodata->jiffies_per_s = jiffies_per_s();
}

/* Connections are counted where the kernel has all functions that set one up. */
static void choose_counters(struct force_bpf *bpf)
{
	bool countable = kernel_has_function("mptcp_connect") &&
			 kernel_has_function("subflow_finish_connect") &&
			 kernel_has_function("mptcp_stream_accept");

	bpf_program__set_autoload(bpf->progs.note_connect, countable);
	bpf_program__set_autoload(bpf->progs.count_connected, countable);
	bpf_program__set_autoload(bpf->progs.count_accepted, countable);
}

static enum exit_status load(struct force_bpf **result, struct upgrades *upgrades)
{
	struct force_bpf *bpf = force_bpf__open();
	int err;

	*result = bpf;
	if (!bpf) {
		log_error("cannot open the BPF programs: %s", strerror(errno));
		return STATUS_FAILED;
	}
	if (kernel_btf())
		bpf->rodata->landlock_layout = landlock_layout(kernel_btf());
	bpf_program__set_autoload(bpf->progs.io_uring_socket,
				  requirement_met(REQUIREMENT_IO_URING_COUNT));
	bpf->rodata->ipv6_supported = requirement_met(REQUIREMENT_IPV6);
	choose_bridge(bpf);
	choose_counters(bpf);
	*upgrades = choose_upgrades(bpf);
	err = force_bpf__load(bpf);
	if (err)
		return requirements_explain("load the BPF programs", err);
	err = program_run(bpf->progs.find_mptcp_data);
	return err ? requirements_explain("read the state of MPTCP", err) : STATUS_OK;
}

static enum exit_status create(struct attachment *attachment)
{
	static const enum requirement_id required[] = { REQUIREMENT_HOOK };
	struct upgrades upgrades = { .count = 0 };
	struct force_bpf *bpf = NULL;
	enum exit_status status;
	int err;

	memset(attachment, 0xff, sizeof(*attachment)); /* -1 each */
	status = requirements_check("enforce", required, 1);
	if (!status)
		status = load(&bpf, &upgrades);
	if (!status) {
		attachment->landlock_unknown = !landlock_find(bpf->progs.find_landlock,
							      &bpf->data->landlock_offset);
		status = attach_all(bpf, &upgrades);
	}
	if (!status) {
		err = take_descriptors(attachment, bpf, &upgrades);
		if (!err)
			err = publish(attachment, bpf, &upgrades);
		if (err)
			status = requirements_explain("share the attachment", err);
	}
	if (status)
		attachment_close(attachment);
	force_bpf__destroy(bpf);
	kernel_btf_forget();
	malloc_trim(0);
	return status;
}

static void sleep_ms(long ms)
{
	const struct timespec pause = { .tv_sec = ms / 1000, .tv_nsec = ms % 1000 * 1000000 };

	nanosleep(&pause, NULL);
}

/* Whose turn it is to attach. */
struct turn {
	bool ours;
	int lock;
	long pause, waited;
};

/*
 * Take our turn or, while another enforcer attaches, wait a little. If there is no lock file, or after a while, it
 * becomes our turn anyway: two attachments do no harm.
 */
static void take_turn(struct turn *turn)
{
	if (turn->lock < 0)
		turn->lock = open(LOCK_PATH, O_RDONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	turn->ours = turn->lock < 0 || flock(turn->lock, LOCK_EX | LOCK_NB) == 0 ||
		     turn->waited >= PATIENCE_MS;
	if (turn->ours)
		return;
	sleep_ms(turn->pause);
	turn->waited += turn->pause;
	turn->pause = turn->pause * 2 < LAST_PAUSE_MS ? turn->pause * 2 : LAST_PAUSE_MS;
}

enum exit_status attachment_open(struct attachment *attachment)
{
	struct turn turn = { .lock = -1, .pause = FIRST_PAUSE_MS };
	enum exit_status status = STATUS_OK;

	/* Search again when it is our turn: the previous enforcer may have created an attachment. */
	while (!attachment_find(attachment)) {
		if (turn.ours) {
			status = create(attachment);
			break;
		}
		take_turn(&turn);
	}
	if (turn.lock >= 0)
		close(turn.lock);
	return status;
}

enum exit_status attachment_try(void)
{
	struct attachment attachment;
	enum exit_status status = create(&attachment);

	if (!status)
		attachment_close(&attachment);
	return status;
}
