package main

import (
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"time"
)

// get sends one request and prints the answer's body; it fails when there is none or its status is an error.
func get(arguments []string) error {
	flags := flag.NewFlagSet("get", flag.ExitOnError)
	method := flags.String("method", http.MethodGet, "method")
	url := flags.String("url", "", "what to ask for")
	if err := flags.Parse(arguments); err != nil {
		return err
	}
	request, err := http.NewRequest(*method, *url, nil)
	if err != nil {
		return err
	}
	response, err := (&http.Client{Timeout: 10 * time.Second}).Do(request)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	if _, err := io.Copy(os.Stdout, response.Body); err != nil {
		return err
	}
	if response.StatusCode >= 400 {
		return fmt.Errorf("%s: %s", *url, response.Status)
	}
	return nil
}
