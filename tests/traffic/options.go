// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"flag"
	"fmt"
	"io"
	"math"
	"net"
	"time"
)

// The names, meanings and defaults are those of ctraffic, as far as it has them.
type options struct {
	server    bool
	address   string
	nconn     int
	rate      float64 // KB/s over all connections
	timeout   time.Duration
	monitor   bool
	psize     int // bytes in a packet
	reconnect bool
	retries   int // each of nconn may be made this many times

	// What ctraffic has not.
	flow     string        // who sends: one of flows
	patience time.Duration // 0: connectTimeout and answerTimeout
	accept   int           // the server stops listening after that many connections; 0: never
	trace    string        // file
}

const usageText = `usage: traffic -server [-address HOST:PORT]
       traffic [OPTION]...

Keeps -nconn connections to an echo server busy with -rate KB/s in all, for -timeout, verifies each
byte that comes back, and prints one JSON object on standard output.

`

// A packet has to hold the host name that a ctraffic server writes into the first one; kept so that
// the same -psize makes the same traffic here and there.
const smallestPacket = 64

func parseOptions(args []string, out io.Writer) (options, error) {
	var o options
	f := flag.NewFlagSet("traffic", flag.ContinueOnError)
	f.SetOutput(io.Discard) // errors are reported once, by the caller
	f.BoolVar(&o.server, "server", false, "be the echo server")
	f.StringVar(&o.address, "address", "[::1]:5003", "address of the server, `HOST:PORT`")
	f.IntVar(&o.nconn, "nconn", 1, "`number` of connections")
	f.Float64Var(&o.rate, "rate", 10, "`KB/s` over all connections")
	f.DurationVar(&o.timeout, "timeout", 10*time.Second, "`duration` of the run")
	f.BoolVar(&o.monitor, "monitor", false, "print a progress line each second, on standard error")
	f.IntVar(&o.psize, "psize", 1024, "`bytes` in a packet; less than 64 is taken as 64")
	f.BoolVar(&o.reconnect, "reconnect", true, "replace a connection that fails")
	f.IntVar(&o.retries, "retries", 10, "each connection is made at most this `often`")

	f.StringVar(&o.flow, "flow", flowEcho, "`who` sends, the same on both sides: 'echo', 'down'"+
		" (the server does, its -rate on each connection) or 'both' (each at its own -rate)")
	f.DurationVar(&o.patience, "patience", 0, "`duration` after which a connection that says nothing"+
		" has failed (default 1.5s to connect, then 1s)")
	f.IntVar(&o.accept, "accept", 0, "the server stops listening after this `number` of connections;"+
		" SIGUSR1 makes it do so, SIGUSR2 listen again")
	f.StringVar(&o.trace, "trace", "", "write to this `file`, ten times a second: the time"+
		" (ns since 1970) and how many bytes were right until then")

	err := f.Parse(args)
	if err == flag.ErrHelp {
		fmt.Fprint(out, usageText)
		f.SetOutput(out)
		f.PrintDefaults()
		return o, err
	}
	if err == nil && f.NArg() > 0 {
		err = fmt.Errorf("unexpected argument '%s'", f.Arg(0))
	}
	if err == nil && len(args) == 0 {
		err = fmt.Errorf("no options given")
	}
	if err == nil {
		err = o.validate()
	}
	if err != nil {
		return o, fmt.Errorf("%w (see 'traffic -help')", err)
	}
	if o.psize < smallestPacket {
		o.psize = smallestPacket
	}
	return o, nil
}

func (o *options) validate() error {
	_, port, err := net.SplitHostPort(o.address)
	if err != nil {
		return fmt.Errorf("invalid -address: %w; wanted HOST:PORT, an IPv6 host in brackets", err)
	}
	if _, err := net.LookupPort("tcp", port); err != nil {
		return fmt.Errorf("invalid port '%s' in -address: wanted 0 to 65535", port)
	}
	switch {
	case o.nconn < 1:
		return fmt.Errorf("invalid -nconn %d: wanted 1 or more", o.nconn)
	case !(o.rate > 0) || math.IsInf(o.rate, 0):
		return fmt.Errorf("invalid -rate %v: wanted KB/s above 0", o.rate)
	case o.timeout <= 0:
		return fmt.Errorf("invalid -timeout %v: wanted a duration above 0, such as 10s", o.timeout)
	case o.psize < 1 || o.psize > math.MaxInt32:
		return fmt.Errorf("invalid -psize %d: wanted 1 to %d", o.psize, math.MaxInt32)
	case o.retries < 1:
		return fmt.Errorf("invalid -retries %d: wanted 1 or more", o.retries)
	case o.flow != flowEcho && o.flow != flowDown && o.flow != flowBoth:
		return fmt.Errorf("invalid -flow '%s': wanted echo, down or both", o.flow)
	case o.patience < 0:
		return fmt.Errorf("invalid -patience %v: wanted a duration such as 20s", o.patience)
	case o.accept < 0:
		return fmt.Errorf("invalid -accept %d: wanted 0 or more", o.accept)
	}
	return nil
}

// orPatience is what ctraffic waits for, unless -patience says otherwise.
func (o *options) orPatience(ctraffics time.Duration) time.Duration {
	if o.patience > 0 {
		return o.patience
	}
	return ctraffics
}

// interval is the time between two packets of one connection.
func (o *options) interval() time.Duration {
	ns := float64(o.psize) / o.bytesPerSecond() * float64(time.Second)
	return time.Duration(math.Min(ns, math.MaxInt64/4))
}

// bytesPerSecond is the rate of one connection.
func (o *options) bytesPerSecond() float64 {
	return o.rate * 1024 / float64(o.nconn)
}
