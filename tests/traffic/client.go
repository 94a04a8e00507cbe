// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"context"
	"fmt"
	"net"
	"os"
	"sync"
	"time"
)

const (
	connectTimeout = 1500 * time.Millisecond
	firstBackoff   = 100 * time.Millisecond
	longestBackoff = time.Second
	// A connection that could only live shorter than this is not re-created.
	worthReconnecting = 2 * time.Second
)

// A client is one run.
type client struct {
	opts options
	run  uint64 // makes this run's patterns differ from the last one's
	counters
	failure struct {
		sync.Mutex
		connect error // the latest reason why a connection could not be made
	}
	giveUp context.CancelFunc
	gaveUp bool // guarded by failure
}

func runClient(ctx context.Context, o options) error {
	started := time.Now()
	ctx, cancel := context.WithDeadline(ctx, started.Add(o.timeout))
	defer cancel()

	c := &client{opts: o, run: uint64(started.UnixNano()), giveUp: cancel}
	if o.monitor {
		go c.monitor(ctx, os.Stderr)
	}
	traced, err := c.startTrace(ctx)
	if err != nil {
		return err
	}
	users := c.serveUsers(ctx)
	cancel()
	<-traced
	if err := newReport(o, started, &c.counters, users).write(os.Stdout); err != nil {
		return fmt.Errorf("cannot write the report: %w", err)
	}
	return c.verdict()
}

// serveUsers returns when the run is over for all of them.
func (c *client) serveUsers(ctx context.Context) []user {
	users := make([]user, c.opts.nconn)
	var wg sync.WaitGroup
	wg.Add(len(users))
	for i := range users {
		go func(u *user) {
			defer wg.Done()
			u.live(ctx, c)
		}(&users[i])
	}
	wg.Wait()

	// A user who lost the connection for good has an outage until the end of the run, not of the connection.
	end := time.Now()
	for i := range users {
		if users[i].failed {
			users[i].outage.progress(end)
		}
	}
	return users
}

func (c *client) verdict() error {
	c.failure.Lock()
	defer c.failure.Unlock()
	switch {
	case c.corrupt.Load() > 0:
		return fmt.Errorf("data came back corrupted: %d bytes are not what was sent to '%s'"+
			" (whatever is in between, or that server, alters data)", c.corrupt.Load(), c.opts.address)
	case c.established.Load() == 0:
		return fmt.Errorf("cannot connect to '%s': %v (start the server first: 'traffic -server -address %s')",
			c.opts.address, c.failure.connect, c.opts.address)
	case c.gaveUp:
		return fmt.Errorf("too many connections to '%s' failed: %d were made for %d wanted"+
			" (allow more with -retries, or end at the first failure with -reconnect=false)",
			c.opts.address, c.made.Load(), c.opts.nconn)
	}
	return nil
}

// dial tries until it succeeds or the run is over.
func (c *client) dial(ctx context.Context) (net.Conn, error) {
	c.connecting.Add(1)
	defer c.connecting.Add(-1)

	dialer := plainDialer()
	dialer.Timeout = c.opts.orPatience(connectTimeout)
	for backoff := firstBackoff; ; backoff = longer(backoff) {
		conn, err := dialer.DialContext(ctx, "tcp", c.opts.address)
		if err == nil {
			c.established.Add(1)
			return conn, nil
		}
		c.noteFailedConnect(err)
		if err := sleep(ctx, backoff); err != nil {
			return nil, err
		}
	}
}

func (c *client) noteFailedConnect(err error) {
	c.failedConnects.Add(1)
	c.failure.Lock()
	defer c.failure.Unlock()
	c.failure.connect = err
}

func longer(backoff time.Duration) time.Duration {
	if backoff += firstBackoff; backoff > longestBackoff {
		return longestBackoff
	}
	return backoff
}

// nextID numbers the connections of the run. There is an end to it: a server that takes connections
// and drops them would otherwise be hammered until the timeout.
func (c *client) nextID() (uint32, bool) {
	id := c.made.Add(1) - 1
	if uint64(id) < uint64(c.opts.nconn)*uint64(c.opts.retries) {
		return id, true
	}
	c.failure.Lock()
	defer c.failure.Unlock()
	c.gaveUp = true
	c.giveUp()
	return id, false
}
