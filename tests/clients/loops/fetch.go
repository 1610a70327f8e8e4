// SPDX-License-Identifier: MIT

// fetch: fetch TIMES URL [THREADS]: get it that many times at once, each by a connection of its own, and print how often each answer or failure came.
// Aborts when it takes more threads than that; Go's own limit is 10,000.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"runtime/debug"
	"sort"
	"strconv"
	"strings"
	"sync"
)

func get(client *http.Client, url string) string {
	answer, err := client.Get(url)
	if err != nil {
		return err.Error()
	}
	defer answer.Body.Close()
	body, err := io.ReadAll(answer.Body)
	if err != nil {
		return err.Error()
	}
	return strings.TrimSpace(string(body))
}

func main() {
	times, _ := strconv.Atoi(os.Args[1])
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	counts := map[string]int{}
	var lock sync.Mutex
	var all sync.WaitGroup

	if len(os.Args) > 3 {
		threads, _ := strconv.Atoi(os.Args[3])
		debug.SetMaxThreads(threads)
	}
	for i := 0; i < times; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			said := get(client, os.Args[2])
			lock.Lock()
			counts[said]++
			lock.Unlock()
		}()
	}
	all.Wait()
	lines := []string{}
	for said, n := range counts {
		lines = append(lines, fmt.Sprintf("%d %s", n, said))
	}
	sort.Strings(lines)
	fmt.Println(strings.Join(lines, "\n"))
}
