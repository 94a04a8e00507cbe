// SPDX-License-Identifier: GPL-2.0-or-later

package main

import "testing"

// Whatever the pieces, the bytes are those of their positions.
func TestPatternIsIndependentOfPieces(t *testing.T) {
	p := newPattern(1, 2)
	whole := make([]byte, 1000)
	p.fill(whole, 0)
	for _, size := range []int{1, 3, 7, 8, 9, 64, 999} {
		for at := 0; at < len(whole); at += size {
			end := at + size
			if end > len(whole) {
				end = len(whole)
			}
			if n := p.mismatches(whole[at:end], uint64(at)); n != 0 {
				t.Fatalf("piece of %d at %d: %d mismatches", size, at, n)
			}
			piece := make([]byte, end-at)
			p.fill(piece, uint64(at))
			if string(piece) != string(whole[at:end]) {
				t.Fatalf("piece of %d at %d differs from the whole", size, at)
			}
		}
	}
}

func TestPatternFindsEachWrongByte(t *testing.T) {
	p := newPattern(1, 2)
	buf := make([]byte, 100)
	p.fill(buf, 12345)
	for i := range buf {
		buf[i] ^= 1
		if n := p.mismatches(buf, 12345); n != 1 {
			t.Fatalf("byte %d: %d mismatches, wanted 1", i, n)
		}
		buf[i] ^= 1
	}
}

// Bytes of another place, connection or run must not pass for the right ones. One in 256 agrees by chance.
func TestPatternTellsPlacesApart(t *testing.T) {
	buf := make([]byte, 1024)
	newPattern(1, 2).fill(buf, 4096)
	others := map[string]uint64{
		"one byte on":    newPattern(1, 2).mismatches(buf, 4097),
		"one word on":    newPattern(1, 2).mismatches(buf, 4104),
		"one packet ago": newPattern(1, 2).mismatches(buf, 3072),
		"4 GiB on":       newPattern(1, 2).mismatches(buf, 4096+1<<32),
		"connection 3":   newPattern(1, 3).mismatches(buf, 4096),
		"another run":    newPattern(2, 2).mismatches(buf, 4096),
	}
	for name, n := range others {
		if n < 950 {
			t.Errorf("%s: only %d of 1024 bytes differ", name, n)
		}
	}
}
