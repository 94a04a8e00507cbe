// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"encoding/binary"
	"net"
	"syscall"
	"unsafe"
)

// From linux/tcp.h: tcpi_total_retrans in struct tcp_info, whose layout only ever grows at its end.
const (
	totalRetransOffset = 100
	totalRetransEnd    = totalRetransOffset + 4
)

// retransmits is the number of segments that the kernel retransmitted on this connection. An MPTCP socket
// answers TCP_INFO for its first subflow (mptcp_getsockopt_first_sf_only() in net/mptcp/sockopt.c): what
// was reinjected on another subflow is not included. 0 if the kernel does not say.
func retransmits(conn net.Conn) uint32 {
	tcp, ok := conn.(*net.TCPConn)
	if !ok {
		return 0
	}
	raw, err := tcp.SyscallConn()
	if err != nil {
		return 0
	}
	var count uint32
	if err := raw.Control(func(fd uintptr) { count = totalRetrans(fd) }); err != nil {
		return 0
	}
	return count
}

func totalRetrans(fd uintptr) uint32 {
	var info [totalRetransEnd]byte
	size := uint32(len(info))
	_, _, errno := syscall.Syscall6(syscall.SYS_GETSOCKOPT, fd, syscall.IPPROTO_TCP, syscall.TCP_INFO,
		uintptr(unsafe.Pointer(&info)), uintptr(unsafe.Pointer(&size)), 0)
	if errno != 0 || size < totalRetransEnd {
		return 0
	}
	return hostOrder(info[totalRetransOffset:totalRetransEnd])
}

func hostOrder(b []byte) uint32 {
	one := uint16(1)
	if *(*byte)(unsafe.Pointer(&one)) == 1 {
		return binary.LittleEndian.Uint32(b)
	}
	return binary.BigEndian.Uint32(b)
}
