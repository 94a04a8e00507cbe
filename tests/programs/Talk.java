// SPDX-License-Identifier: GPL-2.0-or-later

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;

/** Sends back what comes in, or sends its standard input and prints what comes back. */
class Talk {
	public static void main(String[] args) throws Exception {
		InetAddress address = InetAddress.getByName(args[1]);
		int port = Integer.parseInt(args[2]);

		if (args[0].equals("listen"))
			listen(address, port);
		else
			connect(address, port);
	}

	private static void listen(InetAddress address, int port) throws IOException {
		try (ServerSocket listener = new ServerSocket(port, 1, address)) {
			while (true) {
				try (Socket connection = listener.accept()) {
					connection.getInputStream().transferTo(connection.getOutputStream());
				}
			}
		}
	}

	private static void connect(InetAddress address, int port) throws Exception {
		try (Socket connection = new Socket(address, port)) {
			Thread sender = new Thread(() -> sendInput(connection));

			sender.start();
			connection.getInputStream().transferTo(System.out);
			System.out.flush();
			sender.join();
		}
	}

	private static void sendInput(Socket connection) {
		try {
			System.in.transferTo(connection.getOutputStream());
			connection.shutdownOutput();
		} catch (IOException e) {
			System.err.println("Talk: " + e);
			System.exit(1);
		}
	}
}
