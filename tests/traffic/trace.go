// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"time"
)

const traceInterval = 100 * time.Millisecond

// startTrace writes the -trace file until ctx ends; what it returns is closed when that is done.
func (c *client) startTrace(ctx context.Context) (<-chan struct{}, error) {
	done := make(chan struct{})
	if c.opts.trace == "" {
		close(done)
		return done, nil
	}
	file, err := os.Create(c.opts.trace)
	if err != nil {
		return nil, fmt.Errorf("cannot write the trace: %w (see -trace)", err)
	}
	go func() {
		defer close(done)
		defer file.Close()
		// In memory until the end: a slow disk must not disturb what is measured.
		out := bufio.NewWriterSize(file, 1<<20)
		defer out.Flush()
		for err := error(nil); err == nil; err = sleep(ctx, traceInterval) {
			fmt.Fprintf(out, "%d %d\n", time.Now().UnixNano(), c.verified.Load())
		}
	}()
	return done, nil
}
