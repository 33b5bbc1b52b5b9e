package main

import (
	"bytes"
	"crypto/tls"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"time"
)

// loadReading is what came back. Times are milliseconds.
type loadReading struct {
	Answers   int     `json:"answers"`
	PerSecond float64 `json:"perSecond"`
	P50       float64 `json:"p50"`
	P99       float64 `json:"p99"`
}

// serial stands in a body where each sending has a number of its own, as long as this.
var serial = []byte("0000serial0000")

// load posts the lines of a file in turn: over one HTTP/2 connection, as the API server does to a URL on its own
// machine, or over one HTTP/1.1 connection for each call at once, as it does to a Service.
func load(args []string) (*loadReading, error) {
	flags := flag.NewFlagSet("load", flag.ContinueOnError)
	url := flags.String("url", "", "where to post")
	file := flags.String("bodies", "", "a file with one body a line")
	concurrency := flags.Int("concurrency", 1, "how many at once")
	count := flags.Int("count", 0, "how many to send; without, as many as go into the duration")
	duration := flags.Duration("for", time.Second, "how long to send")
	first := flags.Int64("first", 1, "the first serial number")
	http1 := flags.Bool("http1", false, "by HTTP/1.1")
	if err := flags.Parse(args); err != nil {
		return nil, err
	}
	bodies, err := readBodies(*file)
	if err != nil {
		return nil, err
	}
	sender := &sender{url: *url, bodies: bodies, client: newClient(*http1), first: *first, protocol: 2}
	if *http1 {
		sender.protocol = 1
	}
	// The first answer takes the handshake's time.
	if _, err := sender.send(0); err != nil {
		return nil, err
	}
	return sender.sendMany(*concurrency, *count, *duration)
}

func readBodies(file string) ([][]byte, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	bodies := bytes.Split(bytes.TrimSpace(text), []byte("\n"))
	if len(bodies[0]) == 0 {
		return nil, fmt.Errorf("%s holds no body", file)
	}
	return bodies, nil
}

func newClient(http1 bool) *http.Client {
	// The certificates are the servers' own; their check is not what is measured.
	config := &tls.Config{InsecureSkipVerify: true}
	if http1 {
		config.NextProtos = []string{"http/1.1"}
	}
	transport := &http.Transport{TLSClientConfig: config, ForceAttemptHTTP2: !http1, MaxIdleConnsPerHost: 100}
	return &http.Client{Transport: transport}
}

type sender struct {
	url    string
	bodies [][]byte
	client *http.Client
	first  int64
	sent   atomic.Int64
	// The major version of HTTP that is expected.
	protocol int
}

func (s *sender) sendMany(concurrency, count int, duration time.Duration) (*loadReading, error) {
	var group sync.WaitGroup
	times := make([][]time.Duration, concurrency)
	failures := make([]error, concurrency)
	began := time.Now()
	for worker := range concurrency {
		group.Go(func() {
			for {
				turn := int(s.sent.Add(1))
				if count > 0 && turn > count || count == 0 && time.Since(began) >= duration {
					return
				}
				took, err := s.send(turn)
				if err != nil {
					failures[worker] = err
					return
				}
				times[worker] = append(times[worker], took)
			}
		})
	}
	group.Wait()
	took := time.Since(began)
	if err := errors.Join(failures...); err != nil {
		return nil, err
	}
	return read(slices.Concat(times...), took)
}

func read(times []time.Duration, took time.Duration) (*loadReading, error) {
	if len(times) == 0 {
		return nil, errors.New("nothing was answered in time")
	}
	slices.Sort(times)
	quantile := func(part float64) float64 {
		return milliseconds(times[int(float64(len(times)-1)*part)])
	}
	perSecond := float64(len(times)) / took.Seconds()
	return &loadReading{Answers: len(times), PerSecond: perSecond, P50: quantile(0.5), P99: quantile(0.99)}, nil
}

func (s *sender) send(turn int) (time.Duration, error) {
	body := numbered(s.bodies[turn%len(s.bodies)], s.first+int64(turn))
	began := time.Now()
	response, err := s.client.Post(s.url, "application/json", bytes.NewReader(body))
	if err != nil {
		return 0, err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return 0, err
	}
	if response.StatusCode != http.StatusOK || response.ProtoMajor != s.protocol {
		return 0, fmt.Errorf("%s answered %s by %s: %.300s", s.url, response.Status, response.Proto, answer)
	}
	if !bytes.Contains(answer, []byte(`"allowed":true`)) {
		return 0, fmt.Errorf("%s refused: %.600s", s.url, answer)
	}
	return time.Since(began), nil
}

// numbered returns the body with its serial number, and the body itself where it has no place for one.
func numbered(body []byte, number int64) []byte {
	if !bytes.Contains(body, serial) {
		return body
	}
	digits := strconv.FormatInt(number, 10)
	padded := append(bytes.Repeat([]byte("0"), len(serial)-len(digits)), digits...)
	return bytes.ReplaceAll(body, serial, padded)
}
