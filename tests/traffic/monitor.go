// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

// monitor prints one line a second, in ctraffic's words, while more than a second of the run is left.
func (c *client) monitor(ctx context.Context, out io.Writer) {
	end, _ := ctx.Deadline()
	for time.Until(end) > 1500*time.Millisecond {
		if sleep(ctx, time.Second) != nil {
			return
		}
		fmt.Fprintf(out, "Conn act/fail/connecting: %d/%d/%d, Packets send/rec/dropped: %d/%d/%d\n",
			c.active.Load(), c.failedConnections.Load(), c.connecting.Load(),
			c.sent.Load(), c.received.Load(), c.dropped.Load())
	}
}
