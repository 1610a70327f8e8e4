// SPDX-License-Identifier: MIT

// requests: requests URL TIMES [PROXY-URL]: so many requests at once, each by a connection of its own, through the proxy by Go's own client if
// one is named; prints "total_ms: N / failed: N", and the first failure.
package main

import (
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"strconv"
	"sync"
	"time"
)

func get(client *http.Client, url string) error {
	answer, err := client.Get(url)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	_, err = io.ReadAll(answer.Body)
	return err
}

func main() {
	times, _ := strconv.Atoi(os.Args[2])
	transport := &http.Transport{DisableKeepAlives: true}
	if len(os.Args) > 3 {
		proxy, err := url.Parse(os.Args[3])
		if err != nil {
			panic(err)
		}
		transport.Proxy = http.ProxyURL(proxy)
	}
	client := &http.Client{Transport: transport}
	failures := make(chan error, times)
	var all sync.WaitGroup
	all.Add(times)
	start := time.Now()

	for i := 0; i < times; i++ {
		go func() {
			defer all.Done()
			if err := get(client, os.Args[1]); err != nil {
				failures <- err
			}
		}()
	}
	all.Wait()
	fmt.Printf("total_ms: %.1f\nfailed: %d\n", float64(time.Since(start).Microseconds())/1e3, len(failures))
	if len(failures) > 0 {
		fmt.Println(<-failures)
	}
}
