module sailwright.dev/bench/meter

go 1.26.0
