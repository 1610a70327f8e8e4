/* SPDX-License-Identifier: MIT */
/* fetch_libuv: fetch_libuv N ADDRESS PORT: N streams at once, each has a byte echoed. Prints how many got theirs, and the errors of the others. */
#include <stdio.h>
#include <stdlib.h>
#include <uv.h>

static int good, failed, error;

static void alloc(uv_handle_t *h, size_t n, uv_buf_t *b)
{
	static char room[64];

	(void)h;
	(void)n;
	*b = uv_buf_init(room, sizeof(room));
}

static void on_read(uv_stream_t *s, ssize_t n, const uv_buf_t *b)
{
	n == 1 && b->base[0] == 'x' ? good++ : failed++;
	uv_close((uv_handle_t *)s, NULL);
}

static void on_connect(uv_connect_t *c, int status)
{
	static uv_write_t writes[1024];
	static int n;
	uv_buf_t b = uv_buf_init("x", 1);

	if (status) {
		failed++;
		error = status;
		uv_close((uv_handle_t *)c->handle, NULL);
		return;
	}
	uv_write(&writes[n++], c->handle, &b, 1, NULL);
	uv_read_start(c->handle, alloc, on_read);
}

int main(int argc, char **argv)
{
	static uv_tcp_t sockets[1024];
	static uv_connect_t connects[1024];
	struct sockaddr_in to;

	if (argc < 4)
		return 2;
	const int n = atoi(argv[1]);
	uv_ip4_addr(argv[2], atoi(argv[3]), &to);
	for (int i = 0; i < n; i++) {
		uv_tcp_init(uv_default_loop(), &sockets[i]);
		uv_tcp_connect(&connects[i], &sockets[i], (struct sockaddr *)&to, on_connect);
	}
	uv_run(uv_default_loop(), UV_RUN_DEFAULT);
	printf("good: %d, failed: %d %s\n", good, failed, error ? uv_err_name(error) : "");
	return 0;
}
