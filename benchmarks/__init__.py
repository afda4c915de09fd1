"""Speed and cost, proven as ratios within one run; `make bench` prints them all."""
