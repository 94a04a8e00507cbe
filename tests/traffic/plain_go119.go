// SPDX-License-Identifier: GPL-2.0-or-later

//go:build !go1.21

package main

import "net"

// This Go does not know of MPTCP; see plain_go121.go.

func plainDialer() net.Dialer { return net.Dialer{} }

func plainListener() net.ListenConfig { return net.ListenConfig{} }
