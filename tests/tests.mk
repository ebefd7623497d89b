# Test programs and `make check`.
