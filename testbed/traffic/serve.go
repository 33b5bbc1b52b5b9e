package main

import (
	"crypto/tls"
	"encoding/json"
	"flag"
	"fmt"
	"net/http"
	"os"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"time"
)

// answer is what a service says of a request.
type answer struct {
	// Name tells versions of a service apart.
	Name string `json:"name"`
	Pod  string `json:"pod"`
	// Identity is the client's, in SPIFFE's form, as its proxy vouches for it; empty without one.
	Identity string              `json:"identity"`
	Method   string              `json:"method"`
	Host     string              `json:"host"`
	Path     string              `json:"path"`
	Headers  map[string][]string `json:"headers"`
}

// service counts requests by their host, and fails on demand.
type service struct {
	name     string
	requests sync.Map
	status   atomic.Int64
	// every is how many requests there are to each that fails; 0 lets all fail.
	every  atomic.Int64
	echoes atomic.Int64
}

// serve answers HTTP, and HTTPS with a certificate of its own making, until it is told to end.
func serve(arguments []string) error {
	flags := flag.NewFlagSet("serve", flag.ExitOnError)
	name := flags.String("name", "service", "what answers call themselves")
	address := flags.String("http", ":8080", "address for HTTP")
	tlsAddress := flags.String("https", "", "address for HTTPS; none unless set")
	tlsNames := flags.String("https-names", "localhost", "names in the certificate, separated by commas")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	handler := (&service{name: *name}).routes()
	failed := make(chan error, 2)
	go func() { failed <- (&http.Server{Addr: *address, Handler: handler}).ListenAndServe() }()
	if *tlsAddress != "" {
		certificate, err := makeCertificate(strings.Split(*tlsNames, ","))
		if err != nil {
			return err
		}
		config := &tls.Config{Certificates: []tls.Certificate{certificate}}
		server := &http.Server{Addr: *tlsAddress, Handler: handler, TLSConfig: config}
		go func() { failed <- server.ListenAndServeTLS("", "") }()
	}
	go func() { waitForEnd(); failed <- nil }()
	return <-failed
}

func (s *service) routes() http.Handler {
	routes := http.NewServeMux()
	routes.HandleFunc("/healthz", func(http.ResponseWriter, *http.Request) {})
	routes.HandleFunc("/status/{code}", s.answerStatus)
	routes.HandleFunc("/delay/{duration}", s.answerLate)
	routes.HandleFunc("POST /fail/{code}", s.failFromNow)
	routes.HandleFunc("/counts", s.answerCounts)
	routes.HandleFunc("/metrics", s.answerMetrics)
	routes.HandleFunc("/", s.echo)
	return routes
}

func (s *service) echo(w http.ResponseWriter, r *http.Request) {
	counter, _ := s.requests.LoadOrStore(r.Host, new(atomic.Int64))
	counter.(*atomic.Int64).Add(1)
	w.Header().Set("Content-Type", "application/json")
	if status := s.status.Load(); status != 0 && s.isNextToFail() {
		w.WriteHeader(int(status))
	}
	writeJSON(w, answer{
		Name: s.name, Pod: os.Getenv("HOSTNAME"), Identity: identityOf(r),
		Method: r.Method, Host: r.Host, Path: r.URL.RequestURI(), Headers: r.Header,
	})
}

func (s *service) isNextToFail() bool {
	every := s.every.Load()
	return every == 0 || s.echoes.Add(1)%every == 0
}

// identityOf reads what a proxy that ended the client's mTLS says of its certificate.
func identityOf(r *http.Request) string {
	for element := range strings.SplitSeq(r.Header.Get("X-Forwarded-Client-Cert"), ";") {
		if identity, found := strings.CutPrefix(element, "URI="); found {
			return identity
		}
	}
	return ""
}

func (s *service) answerStatus(w http.ResponseWriter, r *http.Request) {
	if code, err := strconv.Atoi(r.PathValue("code")); err == nil && code >= 200 && code < 600 {
		w.WriteHeader(code)
		return
	}
	http.Error(w, "give a status of 200 to 599", http.StatusBadRequest)
}

func (s *service) answerLate(w http.ResponseWriter, r *http.Request) {
	duration, err := time.ParseDuration(r.PathValue("duration"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	select {
	case <-time.After(duration):
		s.echo(w, r)
	case <-r.Context().Done():
	}
}

// failFromNow lets requests for anything but paths of their own end with a status, or one of `?every=`; 0 ends that.
func (s *service) failFromNow(w http.ResponseWriter, r *http.Request) {
	code, err := strconv.Atoi(r.PathValue("code"))
	if err != nil || code != 0 && (code < 200 || code > 599) {
		http.Error(w, "give 0, or a status of 200 to 599", http.StatusBadRequest)
		return
	}
	every, err := strconv.Atoi(r.URL.Query().Get("every"))
	if err != nil && r.URL.Query().Has("every") || every < 0 {
		http.Error(w, "every takes a number", http.StatusBadRequest)
		return
	}
	s.every.Store(int64(every))
	s.status.Store(int64(code))
}

func (s *service) answerCounts(w http.ResponseWriter, _ *http.Request) {
	writeJSON(w, s.counts())
}

func (s *service) counts() map[string]int64 {
	counts := map[string]int64{}
	s.requests.Range(func(host, counter any) bool {
		counts[host.(string)] = counter.(*atomic.Int64).Load()
		return true
	})
	return counts
}

func (s *service) answerMetrics(w http.ResponseWriter, _ *http.Request) {
	total := int64(0)
	for _, count := range s.counts() {
		total += count
	}
	fmt.Fprintf(w, "# TYPE traffic_requests_total counter\ntraffic_requests_total{name=%q} %d\n", s.name, total)
}

func writeJSON(w http.ResponseWriter, value any) {
	if err := json.NewEncoder(w).Encode(value); err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
}
