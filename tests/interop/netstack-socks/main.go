// netstack-socks is the peer of comparison for tests/bench and the interop tests: current
// wireguard-go with its gVisor netstack instead of a TUN device, behind a SOCKS5 server.
//
// Usage: netstack-socks FILE
//
// FILE has one "key = value" per line: listen, address, mtu, private_key, public_key,
// preshared_key, endpoint, allowed_ip (comma list) and persistent_keepalive. Keys are base64.
package main

import (
	"bufio"
	"context"
	"encoding/base64"
	"encoding/hex"
	"fmt"
	"log"
	"net"
	"net/netip"
	"os"
	"os/signal"
	"strconv"
	"strings"
	"syscall"

	"golang.zx2c4.com/wireguard/conn"
	"golang.zx2c4.com/wireguard/device"
	"golang.zx2c4.com/wireguard/tun/netstack"
	"tailscale.com/net/socks5"
)

// readSettings returns the lines of a settings file as a map; list values stay one string.
func readSettings(path string) (map[string]string, error) {
	file, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer file.Close()
	settings := map[string]string{}
	lines := bufio.NewScanner(file)
	for lines.Scan() {
		key, value, found := strings.Cut(lines.Text(), "=")
		if found {
			settings[strings.TrimSpace(key)] = strings.TrimSpace(value)
		}
	}
	return settings, lines.Err()
}

// uapiConfig turns the settings into the text of wireguard-go's configuration protocol.
func uapiConfig(settings map[string]string) (string, error) {
	var out strings.Builder
	for _, key := range []string{"private_key", "public_key", "preshared_key"} {
		if settings[key] == "" {
			continue
		}
		raw, err := base64.StdEncoding.DecodeString(settings[key])
		if err != nil || len(raw) != 32 {
			return "", fmt.Errorf("%s is not a key", key)
		}
		fmt.Fprintf(&out, "%s=%s\n", key, hex.EncodeToString(raw))
	}
	if settings["endpoint"] != "" {
		fmt.Fprintf(&out, "endpoint=%s\n", settings["endpoint"])
	}
	if settings["persistent_keepalive"] != "" {
		fmt.Fprintf(&out, "persistent_keepalive_interval=%s\n", settings["persistent_keepalive"])
	}
	for _, prefix := range strings.Split(settings["allowed_ip"], ",") {
		fmt.Fprintf(&out, "allowed_ip=%s\n", strings.TrimSpace(prefix))
	}
	return out.String(), nil
}

func run(path string) error {
	settings, err := readSettings(path)
	if err != nil {
		return err
	}
	address, err := netip.ParseAddr(settings["address"])
	if err != nil {
		return err
	}
	mtu := 1420
	if settings["mtu"] != "" {
		if mtu, err = strconv.Atoi(settings["mtu"]); err != nil {
			return err
		}
	}
	uapi, err := uapiConfig(settings)
	if err != nil {
		return err
	}
	tun, stack, err := netstack.CreateNetTUN([]netip.Addr{address}, nil, mtu)
	if err != nil {
		return err
	}
	dev := device.NewDevice(tun, conn.NewDefaultBind(), device.NewLogger(device.LogLevelError, ""))
	defer dev.Close()
	if err := dev.IpcSet(uapi); err != nil {
		return err
	}
	if err := dev.Up(); err != nil {
		return err
	}
	listener, err := net.Listen("tcp", settings["listen"])
	if err != nil {
		return err
	}
	server := &socks5.Server{
		Logf: func(string, ...any) {},
		Dialer: func(ctx context.Context, network, addr string) (net.Conn, error) {
			return stack.DialContext(ctx, network, addr)
		},
	}
	failed := make(chan error, 1)
	go func() { failed <- server.Serve(listener) }()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM, syscall.SIGINT)
	log.Printf("ready on %s", listener.Addr())
	select {
	case <-signals:
		return nil
	case err := <-failed:
		return err
	}
}

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: netstack-socks FILE")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		log.Fatal(err)
	}
}
