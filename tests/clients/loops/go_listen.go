// SPDX-License-Identifier: MIT

// go_listen: go_listen [http|many] N: a server that prints where it believes to listen, "ADDRESS PORT", for each of N peers, who come one after the other,
// and echoes, or serves HTTP, each on a connection of its own; or N servers at once, each with its peer.
package main

import (
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"strconv"
)

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

// A listener that tells its address each time.
type told struct{ net.Listener }

func (l told) Accept() (net.Conn, error) {
	own, err := syscallName(l.Listener)
	must(err)
	fmt.Println(own)
	return l.Listener.Accept()
}

func syscallName(l net.Listener) (string, error) {
	file, err := l.(*net.TCPListener).File()
	if err != nil {
		return "", err
	}
	defer file.Close()
	again, err := net.FileListener(file) // asks the kernel anew
	if err != nil {
		return "", err
	}
	defer again.Close()
	host, port, err := net.SplitHostPort(again.Addr().String())
	return host + " " + port, err
}

func meet() error {
	l, err := net.Listen("tcp", ":0")
	if err != nil {
		return err
	}
	defer l.Close()
	far, err := net.Dial("tcp", l.Addr().String())
	if err != nil {
		return err
	}
	defer far.Close()
	near, err := l.Accept()
	if err != nil {
		return err
	}
	defer near.Close()
	if near.RemoteAddr().String() == far.LocalAddr().String() {
		return fmt.Errorf("not by the proxy")
	}
	fmt.Fprint(far, "hello")
	bytes := make([]byte, 5)
	_, err = io.ReadFull(near, bytes)
	return err
}

func main() {
	n, err := strconv.Atoi(os.Args[len(os.Args)-1])
	must(err)
	if os.Args[1] == "many" {
		met := make(chan error)
		for i := 0; i < n; i++ {
			go func() { met <- meet() }()
		}
		for i := 0; i < n; i++ {
			must(<-met)
		}
		fmt.Println("met", n)
		return
	}
	l, err := net.Listen("tcp", "0.0.0.0:0")
	must(err)
	if os.Args[1] == "http" {
		served := make(chan bool)
		go http.Serve(told{l}, http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Connection", "close")
			fmt.Fprintln(w, "served", r.RemoteAddr)
			served <- true
		}))
		for ; n > 0; n-- {
			<-served
		}
		return
	}
	for ; n > 0; n-- {
		c, err := told{l}.Accept()
		must(err)
		_, err = io.Copy(c, c)
		must(err)
		c.Close()
	}
}
