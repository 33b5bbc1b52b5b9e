module sailwright.dev/testbed/traffic

go 1.26.0
