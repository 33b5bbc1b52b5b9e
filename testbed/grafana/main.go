// Judges a dashboard on its standard input by Grafana's own types: unknown fields, wrong types, missing fields, and what
// options and field settings of each panel's type allow. Says what is wrong, one fault a line; exit code 1 when any is.
package main

import (
	"fmt"
	"io"
	"os"

	"github.com/grafana/grafana-foundation-sdk/go/cog/plugins"
	"github.com/grafana/grafana-foundation-sdk/go/dashboard"
)

func main() {
	if faults := judge(os.Stdin); faults != "" {
		fmt.Fprintln(os.Stderr, faults)
		os.Exit(1)
	}
}

func judge(input io.Reader) string {
	text, err := io.ReadAll(input)
	if err != nil {
		return err.Error()
	}
	plugins.RegisterDefaultPlugins()
	var read dashboard.Dashboard
	if faults := textOf(read.UnmarshalJSONStrict(text)); faults != "" {
		return faults
	}
	return textOf(read.Validate())
}

// An empty list of faults is an error too, as these types return it.
func textOf(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}
