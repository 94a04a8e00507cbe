// SPDX-License-Identifier: GPL-2.0-or-later

// Command traffic keeps many echo connections busy, at a fixed rate, and reports how they fared.
//
// Its options and the JSON it ends with are those of Nordix ctraffic, so that either program can be
// used in the demo. It differs in what it is sure of: each byte that comes back is verified, and the
// longest time without an answer is reported.
//
// Exit status: 0 the run took place, whatever was lost in it; 1 nothing could be measured (no
// connection was ever made, too many had to be made, the server cannot listen) or a byte came back
// wrong; 2 usage. As with ctraffic, connections that failed and were re-created do not change it:
// see FailedConnections and Survived.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"syscall"
)

const (
	exitDone = iota
	exitFailed
	exitUsage
)

func main() {
	os.Exit(run(os.Args[1:]))
}

func run(args []string) int {
	opts, err := parseOptions(args, os.Stderr)
	if errors.Is(err, flag.ErrHelp) {
		return exitDone
	}
	if err != nil {
		complain(err)
		return exitUsage
	}

	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGINT, syscall.SIGTERM)
	defer stop()

	act := runClient
	if opts.server {
		act = runServer
	}
	if err := act(ctx, opts); err != nil {
		complain(err)
		return exitFailed
	}
	return exitDone
}

func complain(err error) {
	fmt.Fprintln(os.Stderr, "traffic:", err)
}
