// SPDX-License-Identifier: GPL-2.0-or-later

package main

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"log"
	"net"
	"os"
	"time"
)

// Who sends. With 'down' and 'both' nobody waits for an answer to send on: the client begins with eight
// bytes, the seed, from which either side makes the pattern that it sends and the one that it expects.
const (
	flowEcho = "echo"
	flowDown = "down"
	flowBoth = "both"
)

const seedSize = 8

func patternUp(seed uint64) pattern   { return pattern{seed: mix(seed)} }
func patternDown(seed uint64) pattern { return pattern{seed: mix(seed ^ 1)} }

// A stream is the client's side of one connection whose server sends by itself.
type stream struct {
	client *client
	conn   net.Conn
	seed   uint64
}

func newStream(c *client, conn net.Conn, id uint32) *stream {
	return &stream{client: c, conn: conn, seed: newPattern(c.run, id).seed}
}

// exchange receives and, if wanted, sends, until the run is over or the connection fails.
func (s *stream) exchange(ctx context.Context, u *user) error {
	defer s.conn.Close()
	defer func() { s.client.retransmits.Add(retransmits(s.conn)) }()

	if err := s.greet(); err != nil {
		return err
	}
	failed := make(chan error, 2)
	go func() { failed <- s.receive(u) }()
	if s.client.opts.flow == flowBoth {
		go func() {
			failed <- sendPattern(ctx, s.conn, patternUp(s.seed), s.client.opts, &s.client.counters)
		}()
	}
	// Who sent all is not the end: the receiver goes on until the run is over.
	for {
		select {
		case <-ctx.Done():
			s.conn.Close()
			return nil
		case err := <-failed:
			if err != nil && ctx.Err() == nil {
				return err
			}
		}
	}
}

func (s *stream) greet() error {
	var seed [seedSize]byte
	binary.LittleEndian.PutUint64(seed[:], s.seed)
	_, err := s.conn.Write(seed[:])
	return err
}

func (s *stream) receive(u *user) error {
	c := s.client
	return checkPattern(s.conn, patternDown(s.seed), c.opts.orPatience(answerTimeout),
		func(before, n uint64) {
			psize := uint64(c.opts.psize)
			c.verified.Add(n)
			c.received.Add(uint32((before+n)/psize - before/psize))
			u.answered(time.Now())
		},
		func(wrong uint64) { c.corrupt.Add(wrong) })
}

// answerStream is the server's side. With 'both' it reports the longest outage of the client's data: the
// client cannot know.
func answerStream(conn net.Conn, o options) error {
	defer conn.Close()
	var greeting [seedSize]byte
	if _, err := io.ReadFull(conn, greeting[:]); err != nil {
		return err
	}
	seed := binary.LittleEndian.Uint64(greeting[:])

	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	go sendPattern(ctx, conn, patternDown(seed), o, &counters{})
	gap := outage{since: time.Now()}
	err := checkPattern(conn, patternUp(seed), silenceLimit,
		func(uint64, uint64) { gap.progress(time.Now()) }, func(uint64) {})
	if o.flow == flowBoth {
		gap.progress(time.Now())
		log.Printf("connection from '%s': longest outage %d ms", conn.RemoteAddr(),
			gap.longest.Milliseconds())
	}
	if errors.Is(err, io.EOF) {
		return nil
	}
	return err
}

// sendPattern does so at the rate of the options until ctx ends, which is no failure.
func sendPattern(ctx context.Context, conn net.Conn, p pattern, o options, c *counters) error {
	pacer := newPacer(o.bytesPerSecond(), o.psize, time.Now())
	packet := make([]byte, o.psize)
	for position := uint64(0); pacer.wait(ctx) == nil; position += uint64(len(packet)) {
		p.fill(packet, position)
		if _, err := conn.Write(packet); err != nil {
			return err
		}
		c.sent.Add(1)
	}
	return nil
}

// checkPattern reads until the connection ends, fails, or says nothing for longer than patience.
func checkPattern(conn net.Conn, p pattern, patience time.Duration, right func(before, n uint64),
	wrong func(uint64)) error {
	buf := make([]byte, 16*1024)
	for position := uint64(0); ; {
		if err := conn.SetReadDeadline(time.Now().Add(patience)); err != nil {
			return err
		}
		n, err := conn.Read(buf)
		if bad := p.mismatches(buf[:n], position); bad > 0 {
			wrong(bad)
			return fmt.Errorf("%d wrong bytes", bad)
		}
		if n > 0 {
			right(position, uint64(n))
			position += uint64(n)
		}
		if errors.Is(err, os.ErrDeadlineExceeded) {
			return fmt.Errorf("nothing came for %v", patience)
		}
		if err != nil {
			return err
		}
	}
}
