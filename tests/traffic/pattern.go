// SPDX-License-Identifier: GPL-2.0-or-later

package main

import "encoding/binary"

// A pattern is an endless sequence of bytes in which a byte is known by its position. Two patterns
// with different seeds have nothing in common, so that bytes from another connection, from another
// position, repeated or left out, all show.
type pattern struct {
	seed uint64
}

// newPattern takes what distinguishes one run from the next, and the connection within the run.
func newPattern(run uint64, connection uint32) pattern {
	return pattern{seed: mix(run ^ mix(uint64(connection)))}
}

// fill writes the bytes that belong at the given position.
func (p pattern) fill(buf []byte, position uint64) {
	var word [8]byte
	for len(buf) > 0 {
		binary.LittleEndian.PutUint64(word[:], mix(p.seed+position/8))
		n := copy(buf, word[position%8:])
		buf = buf[n:]
		position += uint64(n)
	}
}

// mismatches counts the bytes that do not belong at the given position.
func (p pattern) mismatches(buf []byte, position uint64) (wrong uint64) {
	var word [8]byte
	for len(buf) > 0 {
		binary.LittleEndian.PutUint64(word[:], mix(p.seed+position/8))
		wanted := word[position%8:]
		if len(wanted) > len(buf) {
			wanted = wanted[:len(buf)]
		}
		for i, b := range wanted {
			if buf[i] != b {
				wrong++
			}
		}
		buf = buf[len(wanted):]
		position += uint64(len(wanted))
	}
	return wrong
}

// mix is the output function of splitmix64: neighbouring inputs give unrelated outputs.
func mix(x uint64) uint64 {
	x += 0x9e3779b97f4a7c15
	x = (x ^ x>>30) * 0xbf58476d1ce4e5b9
	x = (x ^ x>>27) * 0x94d049bb133111eb
	return x ^ x>>31
}
