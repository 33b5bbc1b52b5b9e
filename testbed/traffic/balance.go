package main

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"time"
)

// How a load balancer in front of a cluster looks after those that it sends to.
const (
	checkInterval = time.Second
	checkTimeout  = time.Second
	// changesOfMind is how many checks in a row must say otherwise before an entry comes or goes.
	changesOfMind = 2
)

// entry is where a service can be reached, beside others that lead to the same.
type entry struct {
	host string
	// checkURL answers with 200 as long as requests should come.
	checkURL string
	isOut    bool
	// contrary counts checks in a row that speak against isOut.
	contrary int
}

// balancer stands for a load balancer: it takes the entries in turn and leaves out those whose health check fails.
type balancer struct {
	lock    sync.Mutex
	entries []*entry
	turn    int
}

// add takes an entry as `HOST:PORT` or `HOST:PORT=URL OF ITS HEALTH CHECK`.
func (b *balancer) add(text string) error {
	host, checkURL, _ := strings.Cut(text, "=")
	if host == "" {
		return errors.New("give HOST:PORT, or HOST:PORT=URL of its health check")
	}
	b.entries = append(b.entries, &entry{host: host, checkURL: checkURL})
	return nil
}

// watch checks the entries until the context ends.
func (b *balancer) watch(ctx context.Context) {
	// Each check has a connection of its own: one that is open says little of whether new ones are let in.
	client := &http.Client{Timeout: checkTimeout, Transport: &http.Transport{DisableKeepAlives: true}}
	for _, e := range b.entries {
		if e.checkURL != "" {
			go b.check(ctx, client, e)
		}
	}
}

func (b *balancer) check(ctx context.Context, client *http.Client, e *entry) {
	for {
		response, err := client.Get(e.checkURL)
		if err == nil {
			_ = response.Body.Close()
		}
		b.note(e, err == nil && response.StatusCode == http.StatusOK)
		select {
		case <-time.After(checkInterval):
		case <-ctx.Done():
			return
		}
	}
}

func (b *balancer) note(e *entry, isWell bool) {
	b.lock.Lock()
	defer b.lock.Unlock()
	if isWell != e.isOut {
		e.contrary = 0
		return
	}
	if e.contrary++; e.contrary == changesOfMind {
		e.isOut, e.contrary = !e.isOut, 0
	}
}

// pick takes the next entry that is well, or the next of all where none is; never the one to avoid. It is "" when there
// is no such entry.
func (b *balancer) pick(avoid string) string {
	b.lock.Lock()
	defer b.lock.Unlock()
	var all, well []*entry
	for _, e := range b.entries {
		if e.host == avoid {
			continue
		}
		all = append(all, e)
		if !e.isOut {
			well = append(well, e)
		}
	}
	if len(well) > 0 {
		all = well
	}
	if len(all) == 0 {
		return ""
	}
	b.turn++
	return all[b.turn%len(all)].host
}
