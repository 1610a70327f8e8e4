/* SPDX-License-Identifier: MIT */
/* FetchNio: FetchNio N HOST PORT: N channels at once in one selector, each has a line echoed. */
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;

public class FetchNio {
	public static void main(String[] args) throws IOException {
		int n = Integer.parseInt(args[0]), good = 0, failed = 0;
		String why = "";
		Selector selector = Selector.open();
		for (int i = 0; i < n; i++) {
			SocketChannel c = SocketChannel.open();
			c.configureBlocking(false);
			if (i % 2 == 0)
				c.register(selector, SelectionKey.OP_CONNECT);
			c.connect(new InetSocketAddress(args[1], Integer.parseInt(args[2])));
			if (i % 2 == 1)
				c.register(selector, SelectionKey.OP_CONNECT);
		}
		while (good + failed < n) {
			selector.select();
			for (SelectionKey key : selector.selectedKeys()) {
				SocketChannel c = (SocketChannel) key.channel();
				try {
					if (key.isConnectable() && c.finishConnect()) {
						c.write(ByteBuffer.wrap("hello\n".getBytes()));
						key.interestOps(SelectionKey.OP_READ);
					} else if (key.isReadable()) {
						ByteBuffer b = ByteBuffer.allocate(64);
						if (c.read(b) == 6)
							good++;
						else
							failed++;
						c.close();
					}
				} catch (IOException e) {
					failed++;
					why = e.getClass().getSimpleName();
					c.close();
				}
			}
			selector.selectedKeys().clear();
		}
		System.out.println("good: " + good + ", failed: " + failed + " " + why);
	}
}
