// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"context"
	"fmt"
	"io"
	"net"
	"time"
)

// An answer that takes longer than this is a failed connection, as in ctraffic.
const answerTimeout = time.Second

// Larger packets are sent and received in pieces. A whole packet that exceeds all socket buffers on
// the way would block both sides: the server cannot send back what nobody reads yet.
const pieceSize = 64 * 1024

// An echo is one connection to an echo server.
type echo struct {
	client  *client
	conn    net.Conn
	pattern pattern
	ctx     context.Context // the run
	sent    uint64          // bytes; also the position of the next one in the pattern
	buf     []byte
}

func newEcho(c *client, conn net.Conn, id uint32) *echo {
	size := c.opts.psize
	if size > pieceSize {
		size = pieceSize
	}
	return &echo{client: c, conn: conn, pattern: newPattern(c.run, id), buf: make([]byte, size)}
}

// exchange sends packets and waits for each to come back, until the run is over or the connection fails.
func (e *echo) exchange(ctx context.Context, u *user) error {
	defer e.conn.Close()
	defer e.noteRetransmits()

	c := e.client
	e.ctx = ctx
	go e.hurry()
	p := newPacer(c.opts.bytesPerSecond(), c.opts.psize, time.Now())
	for p.wait(ctx) == nil {
		if err := e.packet(p); err != nil {
			return err
		}
		c.received.Add(1)
		u.answered(time.Now())
	}
	return nil
}

func (e *echo) packet(p *pacer) error {
	for left := e.client.opts.psize; left > 0; {
		piece := e.buf
		if left < len(piece) {
			piece = piece[:left]
		}
		left -= len(piece)
		if err := e.send(piece); err != nil {
			return err
		}
		if left == 0 {
			e.noteSent(p)
		}
		if err := e.receive(piece); err != nil {
			return err
		}
		e.sent += uint64(len(piece))
	}
	return nil
}

// noteSent counts the packet, and the further ones that should have gone while the last answer was
// awaited: they are dropped, not made up for.
func (e *echo) noteSent(p *pacer) {
	e.client.sent.Add(1)
	for p.take(time.Now()) {
		e.client.dropped.Add(1)
	}
}

// deadline is the end of our patience with the answer; soon after the end of the run in any case.
func (e *echo) deadline() time.Time {
	deadline := time.Now().Add(e.client.opts.orPatience(answerTimeout))
	if last := time.Now().Add(answerTimeout); e.ctx.Err() != nil && deadline.After(last) {
		return last
	}
	return deadline
}

// hurry ends our patience with the answer that is awaited when the run is over, however that came about.
func (e *echo) hurry() {
	<-e.ctx.Done()
	e.conn.SetDeadline(e.deadline())
}

func (e *echo) send(piece []byte) error {
	e.pattern.fill(piece, e.sent)
	if err := e.conn.SetDeadline(e.deadline()); err != nil {
		return err
	}
	_, err := e.conn.Write(piece)
	return err
}

func (e *echo) receive(piece []byte) error {
	if _, err := io.ReadFull(e.conn, piece); err != nil {
		return err
	}
	if wrong := e.pattern.mismatches(piece, e.sent); wrong > 0 {
		e.client.corrupt.Add(wrong)
		return fmt.Errorf("%d wrong bytes from '%s'", wrong, e.conn.RemoteAddr())
	}
	e.client.verified.Add(uint64(len(piece)))
	return nil
}

// noteRetransmits also counts those of a connection that failed, which ctraffic leaves out.
func (e *echo) noteRetransmits() {
	e.client.retransmits.Add(retransmits(e.conn))
}
