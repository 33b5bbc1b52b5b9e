package main

import (
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"flag"
	"io"
	"net"
	"net/http"
	"net/url"
	"os"
	"slices"
	"strings"
	"sync"
	"time"
)

// tally is what came back.
type tally struct {
	Requests int `json:"requests"`
	// Failed are requests without an answer, and with one of the server's errors (5xx).
	Failed int `json:"failed"`
	// Retried are requests that one entry gave no answer to, and that were sent to another.
	Retried  int            `json:"retried"`
	Statuses map[int]int    `json:"statuses"`
	Names    map[string]int `json:"names"`
	// Pods that answered.
	Pods       map[string]int `json:"pods"`
	Identities map[string]int `json:"identities"`
	// Errors are the reasons of failures; where a proxy answered, its words.
	Errors map[string]int `json:"errors"`
	// FirstFailure and LastFailure are milliseconds since the first request.
	FirstFailure int64 `json:"firstFailureMs,omitempty"`
	LastFailure  int64 `json:"lastFailureMs,omitempty"`
	// Milliseconds that answers took.
	Median  int64 `json:"medianMs"`
	P99     int64 `json:"p99Ms"`
	Slowest int64 `json:"slowestMs"`
}

// plan says what to send.
type plan struct {
	method, url, host string
	// entries are what the URL's host and port are replaced by, where there are any.
	entries        balancer
	headers        http.Header
	count          int
	rate           float64
	duration       time.Duration
	untilInputEnds bool
	// atLeast are sent though the input has ended.
	atLeast int
}

// report is the line that is printed of one request.
type report struct {
	// Status is 0 where no answer came.
	Status   int    `json:"status"`
	Name     string `json:"name"`
	Identity string `json:"identity"`
	Error    string `json:"error"`
}

// load sends requests, at a rate of their own whatever comes back, or one after the other, and prints the tally, or a
// line for each request when it is over.
func load(arguments []string) error {
	flags := flag.NewFlagSet("load", flag.ExitOnError)
	p := plan{headers: http.Header{}}
	flags.StringVar(&p.method, "method", http.MethodGet, "method")
	flags.StringVar(&p.url, "url", "", "what to ask for")
	flags.StringVar(&p.host, "host", "", "host header, unless the URL's")
	flags.Func("entry", "`HOST:PORT[=URL]` to send to in place of the URL's, and its health check; any number of times", p.entries.add)
	flags.IntVar(&p.count, "count", 0, "requests to send; 0 for no limit")
	flags.Float64Var(&p.rate, "rate", 0, "requests per second; 0 for one after the other")
	flags.DurationVar(&p.duration, "for", 0, "how long; 0 for no limit")
	flags.BoolVar(&p.untilInputEnds, "until-input-ends", false, "end when the standard input does")
	flags.IntVar(&p.atLeast, "at-least", 0, "requests to send even if the input ends before")
	timeout := flags.Duration("timeout", 10*time.Second, "time for each answer, of each entry that is asked")
	once := flags.Bool("close", false, "a connection for each request")
	each := flags.Bool("each", false, "print what became of each request, as it comes, and no tally")
	flags.Func("header", "`name=value`, any number of times", func(text string) error {
		name, value, found := strings.Cut(text, "=")
		if !found {
			return errors.New("give name=value")
		}
		p.headers.Add(name, value)
		return nil
	})
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	if p.count == 0 && p.duration == 0 && !p.untilInputEnds {
		return errors.New("say when to end: -count, -for or -until-input-ends")
	}
	client := &http.Client{
		Timeout:       *timeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			DisableKeepAlives:   *once,
			MaxIdleConnsPerHost: 100,
			TLSClientConfig:     &tls.Config{InsecureSkipVerify: true, ServerName: p.host},
		},
	}
	output := json.NewEncoder(os.Stdout)
	if *each {
		run(client, &p, func(r result) { _ = output.Encode(reportOf(r)) })
		return nil
	}
	results := newResults()
	run(client, &p, results.add)
	return output.Encode(results.finish())
}

// run hands each request's result over, one at a time.
func run(client *http.Client, p *plan, take func(result)) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	if p.duration > 0 {
		ctx, cancel = context.WithTimeout(ctx, p.duration)
		defer cancel()
	}
	enough := make(chan struct{})
	if p.untilInputEnds {
		go func() { _, _ = io.Copy(io.Discard, os.Stdin); <-enough; cancel() }()
	}
	p.entries.watch(ctx)
	start := time.Now()
	var lock sync.Mutex
	askOnce := func() {
		result := ask(client, p)
		lock.Lock()
		defer lock.Unlock()
		take(result)
	}
	var running sync.WaitGroup
	for sent := 0; (p.count == 0 || sent < p.count) && waitForTurn(ctx, start, sent, p.rate); sent++ {
		if sent == p.atLeast {
			close(enough)
		}
		if p.rate == 0 {
			askOnce()
			continue
		}
		running.Go(askOnce)
	}
	running.Wait()
}

func reportOf(r result) report {
	said := report{Status: r.status, Name: r.answer.Name, Identity: r.answer.Identity}
	if r.err != nil {
		said.Error = reasonOf(r.err)
	}
	return said
}

// waitForTurn waits until the request of this number is due; false at the end of all.
func waitForTurn(ctx context.Context, start time.Time, number int, rate float64) bool {
	if rate == 0 {
		return ctx.Err() == nil
	}
	due := start.Add(time.Duration(float64(number) / rate * float64(time.Second)))
	select {
	case <-time.After(time.Until(due)):
		return ctx.Err() == nil
	case <-ctx.Done():
		return false
	}
}

// result is what became of one request.
type result struct {
	began, ended time.Time
	retried      bool
	status       int
	answer       answer
	// text is what was answered by somebody else than a service of ours: a proxy.
	text string
	err  error
}

// ask sends a request, and once more to another entry, if there is one, where the first gave no answer.
func ask(client *http.Client, p *plan) result {
	r := result{began: time.Now()}
	entry := p.entries.pick("")
	r.err = r.fetch(client, p, entry)
	if r.err != nil {
		if other := p.entries.pick(entry); other != "" {
			r.retried = true
			r.err = r.fetch(client, p, other)
		}
	}
	r.ended = time.Now()
	return r
}

func (r *result) fetch(client *http.Client, p *plan, entry string) error {
	r.status = 0
	request, err := http.NewRequest(p.method, p.url, nil)
	if err != nil {
		return err
	}
	if entry != "" {
		request.URL.Host = entry
	}
	request.Header = p.headers.Clone()
	if p.host != "" {
		request.Host = p.host
	}
	response, err := client.Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	r.status = response.StatusCode
	body, err := io.ReadAll(response.Body)
	// A proxy's own answers are plain text.
	if json.Unmarshal(body, &r.answer) != nil {
		r.text = string(body)
	}
	return err
}

type results struct {
	start     time.Time
	tally     tally
	durations []int64
}

func newResults() *results {
	return &results{start: time.Now(), tally: tally{
		Statuses: map[int]int{}, Names: map[string]int{}, Pods: map[string]int{},
		Identities: map[string]int{}, Errors: map[string]int{},
	}}
}

func (s *results) add(r result) {
	s.tally.Requests++
	s.durations = append(s.durations, r.ended.Sub(r.began).Milliseconds())
	if r.retried {
		s.tally.Retried++
	}
	if r.status != 0 {
		s.tally.Statuses[r.status]++
	}
	countIfSet(s.tally.Names, r.answer.Name)
	countIfSet(s.tally.Pods, r.answer.Pod)
	countIfSet(s.tally.Identities, r.answer.Identity)
	if r.err != nil {
		s.tally.Errors[reasonOf(r.err)]++
	} else if r.status >= 500 {
		countIfSet(s.tally.Errors, r.text)
	}
	if r.err != nil || r.status >= 500 {
		s.addFailure(r.ended.Sub(s.start).Milliseconds())
	}
}

func (s *results) addFailure(atMs int64) {
	if s.tally.Failed == 0 {
		s.tally.FirstFailure = atMs
	}
	s.tally.Failed++
	s.tally.LastFailure = atMs
}

// reasonOf leaves addresses and ports out, which differ each time.
func reasonOf(err error) string {
	var failed *net.OpError
	if errors.As(err, &failed) {
		return failed.Op + ": " + failed.Err.Error()
	}
	var wrapped *url.Error
	if errors.As(err, &wrapped) {
		return wrapped.Err.Error()
	}
	return err.Error()
}

func countIfSet(counts map[string]int, name string) {
	if name != "" {
		counts[name]++
	}
}

func (s *results) finish() tally {
	if len(s.durations) == 0 {
		return s.tally
	}
	slices.Sort(s.durations)
	last := len(s.durations) - 1
	s.tally.Median, s.tally.P99, s.tally.Slowest = s.durations[last/2], s.durations[last*99/100], s.durations[last]
	return s.tally
}
