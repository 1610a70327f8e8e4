// SPDX-License-Identifier: MIT

// listen_udp: listen_udp ADDR:PORT...: one socket, which Go's runtime has in its epoll set from the start, sends to each and prints who answers,
// while another goroutine receives; then, as one that has a peer, from where it sends to the first and who answers.
package main

import (
	"fmt"
	"net"
	"os"
	"time"
)

func must(err error) {
	if err != nil {
		fmt.Println(err)
		os.Exit(1)
	}
}

func main() {
	socket, err := net.ListenUDP("udp4", nil)
	must(err)
	answers := make(chan string)
	go func() {
		bytes := make([]byte, 9999)
		for {
			n, from, err := socket.ReadFromUDP(bytes)
			must(err)
			answers <- fmt.Sprintf("%s from %s", bytes[:n], from)
		}
	}()
	time.Sleep(50 * time.Millisecond) // the other waits by now, in most runs
	port := socket.LocalAddr().(*net.UDPAddr).Port
	for round := 1; round <= 2; round++ {
		for _, arg := range os.Args[1:] {
			to, err := net.ResolveUDPAddr("udp4", arg)
			must(err)
			_, err = socket.WriteToUDP([]byte(fmt.Sprint("hello ", round)), to)
			must(err)
			select {
			case answer := <-answers:
				fmt.Println(answer)
			case <-time.After(20 * time.Second):
				fmt.Println("no answer")
			}
		}
	}
	fmt.Println("same port:", socket.LocalAddr().(*net.UDPAddr).Port == port)
	connected, err := net.Dial("udp4", os.Args[1])
	must(err)
	_, err = connected.Write([]byte("connected"))
	must(err)
	bytes := make([]byte, 9999)
	connected.SetReadDeadline(time.Now().Add(20 * time.Second))
	n, from, err := connected.(*net.UDPConn).ReadFromUDP(bytes)
	must(err)
	host, _, _ := net.SplitHostPort(connected.LocalAddr().String())
	fmt.Printf("%s from %s to %s\n", bytes[:n], from, host)
}
