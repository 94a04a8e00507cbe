// SPDX-License-Identifier: GPL-2.0-or-later

//go:build go1.21

package main

import "net"

// Since Go 1.21 GODEBUG=multipathtcp=1 makes Go use MPTCP, since 1.24 it listens on MPTCP by default. A
// program that asks for MPTCP itself shows nothing about one that is forced; so this one declines, which
// outranks both. The socket it then makes is that of any program that does not know of MPTCP.

func plainDialer() (d net.Dialer) {
	d.SetMultipathTCP(false)
	return d
}

func plainListener() (l net.ListenConfig) {
	l.SetMultipathTCP(false)
	return l
}
