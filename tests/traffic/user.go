// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"context"
	"net"
	"time"
)

// A user is one of the -nconn that want a connection for as long as the run lasts. When it fails, and
// -reconnect allows, the user makes another.
type user struct {
	outage   outage
	lastEcho time.Time
	ended    time.Time
	failed   bool // a connection of this user broke, or was never made
}

func (u *user) live(ctx context.Context, c *client) {
	for u.useConnection(ctx, c) && c.opts.reconnect && worthAnother(ctx) {
	}
	u.ended = time.Now()
	if !u.failed {
		u.outage.progress(u.ended)
	}
}

// useConnection makes one connection and uses it to its end; it returns whether it failed on the way.
func (u *user) useConnection(ctx context.Context, c *client) bool {
	id, ok := c.nextID()
	if !ok {
		u.failed = true
		return false
	}
	conn, err := c.dial(ctx)
	if err != nil {
		u.failed = true
		return false
	}
	u.outage.begin(time.Now())
	c.active.Add(1)
	defer c.active.Add(-1)

	if err := c.exchange(ctx, u, conn, id); err != nil {
		u.failed = true
		c.failedConnections.Add(1)
		return true
	}
	return false
}

// exchange returns when the run is over, or the connection has failed.
func (c *client) exchange(ctx context.Context, u *user, conn net.Conn, id uint32) error {
	if c.opts.flow == flowEcho {
		return newEcho(c, conn, id).exchange(ctx, u)
	}
	return newStream(c, conn, id).exchange(ctx, u)
}

func (u *user) answered(now time.Time) {
	u.lastEcho = now
	u.outage.progress(now)
}

func (u *user) survived(recent time.Duration) bool {
	return !u.failed && !u.lastEcho.IsZero() && u.ended.Sub(u.lastEcho) <= recent
}

func worthAnother(ctx context.Context) bool {
	end, ok := ctx.Deadline()
	return ctx.Err() == nil && (!ok || time.Until(end) >= worthReconnecting)
}
