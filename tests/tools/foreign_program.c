// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * Attaches a BPF program, as systemd, 'ip vrf exec' or SMC do, prints "attached", and keeps it
 * attached until it is killed:
 *
 *	foreign_program mark NUMBER CGROUP     new sockets get this mark (BPF_CGROUP_INET_SOCK_CREATE)
 *	foreign_program connect PORT CGROUP    denies connecting to this port, IPv4 and IPv6
 *	foreign_program bind PORT CGROUP       denies binding to this port, as SocketBindDeny= does
 *	foreign_program egress ADDRESS CGROUP  drops packets to this IPv4 address, as IPAddressDeny= does
 *	foreign_program hook PROTOCOL          IPv4 stream sockets get this protocol, at the hook of mptcp-force
 */
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <bpf/bpf.h>
#include <bpf/libbpf.h>
#include <linux/bpf.h>

#define INSN(c, dst, src, offset, value)                                                           \
	{                                                                                          \
		.code = (c), .dst_reg = (dst), .src_reg = (src), .off = (offset), .imm = (value)   \
	}
#define MOVE(dst, value)      INSN(BPF_ALU64 | BPF_MOV | BPF_K, dst, 0, 0, value)
#define COPY(dst, src)	      INSN(BPF_ALU64 | BPF_MOV | BPF_X, dst, src, 0, 0)
#define ADD(dst, value)	      INSN(BPF_ALU64 | BPF_ADD | BPF_K, dst, 0, 0, value)
#define AND(dst, value)	      INSN(BPF_ALU64 | BPF_AND | BPF_K, dst, 0, 0, value)
#define LOAD(dst, src, off)   INSN(BPF_LDX | BPF_MEM | BPF_W, dst, src, off, 0)
#define LOAD64(dst, src, off) INSN(BPF_LDX | BPF_MEM | BPF_DW, dst, src, off, 0)
#define STORE(dst, off, src)  INSN(BPF_STX | BPF_MEM | BPF_W, dst, src, off, 0)
#define UNLESS(dst, value, n) INSN(BPF_JMP32 | BPF_JNE | BPF_K, dst, 0, n, value)
#define CALL(function)	      INSN(BPF_JMP | BPF_CALL, 0, 0, 0, function)
#define EXIT		      INSN(BPF_JMP | BPF_EXIT, 0, 0, 0, 0)

/* Where the destination is in an IPv4 header. */
#define DESTINATION 16

static int cgroup;

static void attach(enum bpf_prog_type type, enum bpf_attach_type where,
		   const struct bpf_insn *program, size_t size)
{
	LIBBPF_OPTS(bpf_prog_load_opts, options);
	int fd;

	options.expected_attach_type = where;
	fd = bpf_prog_load(type, "someone_else", "GPL", program, size / sizeof(*program), &options);
	if (fd < 0)
		err(1, "cannot load the program");
	if (bpf_link_create(fd, cgroup, where, NULL) < 0)
		err(1, "cannot attach the program");
}

static void attach_mark(int mark)
{
	const struct bpf_insn program[] = {
		MOVE(BPF_REG_2, mark),
		STORE(BPF_REG_1, offsetof(struct bpf_sock, mark), BPF_REG_2),
		MOVE(BPF_REG_0, 1),
		EXIT,
	};

	attach(BPF_PROG_TYPE_CGROUP_SOCK, BPF_CGROUP_INET_SOCK_CREATE, program, sizeof(program));
}

static void deny_port(uint16_t port, enum bpf_attach_type ipv4, enum bpf_attach_type ipv6)
{
	const struct bpf_insn program[] = {
		MOVE(BPF_REG_0, 1),
		LOAD(BPF_REG_2, BPF_REG_1, offsetof(struct bpf_sock_addr, user_port)),
		UNLESS(BPF_REG_2, htons(port), 1),
		MOVE(BPF_REG_0, 0),
		EXIT,
	};

	attach(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, ipv4, program, sizeof(program));
	attach(BPF_PROG_TYPE_CGROUP_SOCK_ADDR, ipv6, program, sizeof(program));
}

static void drop_packets_to(const char *text)
{
	struct in_addr address;
	struct bpf_insn program[] = {
		MOVE(BPF_REG_2, DESTINATION),
		COPY(BPF_REG_3, BPF_REG_10),
		ADD(BPF_REG_3, -4),
		MOVE(BPF_REG_4, 4),
		CALL(BPF_FUNC_skb_load_bytes),
		MOVE(BPF_REG_0, 1),
		LOAD(BPF_REG_2, BPF_REG_10, -4),
		UNLESS(BPF_REG_2, 0, 1),
		MOVE(BPF_REG_0, 0),
		EXIT,
	};

	if (inet_pton(AF_INET, text, &address) != 1)
		errx(2, "'%s' is no IPv4 address", text);
	program[7].imm = (int)address.s_addr;
	attach(BPF_PROG_TYPE_CGROUP_SKB, BPF_CGROUP_INET_EGRESS, program, sizeof(program));
}

/* The family and the type are the first arguments of update_socket_protocol(). */
static void answer_hook(int protocol)
{
	const struct bpf_insn program[] = {
		MOVE(BPF_REG_0, 0),
		LOAD64(BPF_REG_2, BPF_REG_1, 0),
		UNLESS(BPF_REG_2, AF_INET, 4),
		LOAD64(BPF_REG_2, BPF_REG_1, 8),
		AND(BPF_REG_2, 0xf),
		UNLESS(BPF_REG_2, SOCK_STREAM, 1),
		MOVE(BPF_REG_0, protocol),
		EXIT,
	};
	LIBBPF_OPTS(bpf_prog_load_opts, options);
	int hook = libbpf_find_vmlinux_btf_id("update_socket_protocol", BPF_MODIFY_RETURN), fd;

	if (hook < 0)
		errx(1, "no hook");
	options.expected_attach_type = BPF_MODIFY_RETURN;
	options.attach_btf_id = (__u32)hook;
	fd = bpf_prog_load(BPF_PROG_TYPE_TRACING, "someone_else", "GPL", program,
			   sizeof(program) / sizeof(program[0]), &options);
	if (fd < 0 || bpf_raw_tracepoint_open(NULL, fd) < 0)
		err(1, "cannot attach to the hook");
}

static void attach_all(const char *kind, const char *argument)
{
	if (strcmp(kind, "mark") == 0)
		attach_mark(atoi(argument));
	else if (strcmp(kind, "connect") == 0)
		deny_port((uint16_t)atoi(argument), BPF_CGROUP_INET4_CONNECT,
			  BPF_CGROUP_INET6_CONNECT);
	else if (strcmp(kind, "bind") == 0)
		deny_port((uint16_t)atoi(argument), BPF_CGROUP_INET4_BIND, BPF_CGROUP_INET6_BIND);
	else if (strcmp(kind, "egress") == 0)
		drop_packets_to(argument);
	else if (strcmp(kind, "hook") == 0)
		answer_hook(atoi(argument));
	else
		errx(2, "'%s': expected mark, connect, bind, egress or hook", kind);
}

int main(int argc, char **argv)
{
	if (argc != 3 && argc != 4)
		errx(2, "usage: foreign_program mark|connect|bind|egress|hook ARGUMENT [CGROUP]");
	cgroup = argc == 4 ? open(argv[3], O_RDONLY | O_DIRECTORY) : -1;
	if (argc == 4 && cgroup < 0)
		err(1, "cannot open '%s'", argv[3]);
	attach_all(argv[1], argv[2]);
	puts("attached");
	fflush(stdout);
	pause();
	return 0;
}
