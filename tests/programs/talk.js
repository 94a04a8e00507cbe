// SPDX-License-Identifier: GPL-2.0-or-later
//
// Sends back what comes in, or sends its standard input and prints what comes back.
// usage: node talk.js listen|connect ADDRESS PORT
'use strict';

const net = require('net');

const [role, host, port] = process.argv.slice(2);

if (role === 'listen') {
	net.createServer((connection) => connection.pipe(connection)).listen({ host, port });
} else {
	const connection = net.connect({ host, port });
	process.stdin.pipe(connection).pipe(process.stdout);
}
