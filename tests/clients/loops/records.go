// SPDX-License-Identifier: MIT

// records: records NAME: print what Go's resolver finds of it: the families of its addresses, the name of the first, and other records.
package main

import (
	"context"
	"fmt"
	"net"
	"os"
)

func main() {
	name := os.Args[1]
	addresses, err := net.LookupHost(name)
	fmt.Println("addresses:", len(addresses), err)
	if len(addresses) > 0 {
		fmt.Println(net.LookupAddr(addresses[0]))
	}
	mx, err := net.LookupMX(name)
	for _, m := range mx {
		fmt.Println("MX:", m.Host, m.Pref)
	}
	_, srv, err := net.LookupSRV("xmpp", "tcp", name)
	for _, s := range srv {
		fmt.Println("SRV:", s.Target, s.Port)
	}
	txt, err := net.LookupTXT(name)
	for _, t := range txt {
		fmt.Println("TXT:", len(t), err)
	}
	byTCP := net.Resolver{PreferGo: true, Dial: func(ctx context.Context, _, server string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", server)
	}}
	addresses, err = byTCP.LookupHost(context.Background(), name)
	fmt.Println("by TCP:", len(addresses), err)
	_, err = net.LookupHost("nobody.invalid")
	if e, ok := err.(*net.DNSError); ok {
		fmt.Println("nobody:", e.IsNotFound)
	}
}
