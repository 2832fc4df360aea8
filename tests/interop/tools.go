//go:build tools

// Package interop pins the Go peers that the interop tests and the bench run against.
package interop

import _ "golang.zx2c4.com/wireguard"
