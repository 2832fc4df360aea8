#!/bin/sh
# Checks the rules of the source that no compiler knows: layers, foreign headers, banned functions,
# system calls, sizes, headers that compile alone, and what must not be in any file.
# usage: CC=... CPPFLAGS=... tools/check.sh        prints FILE:LINE: RULE, exit 1 if there is one
set -u
cd "$(dirname "$0")/.." || exit 1
CC=${CC:-cc}
: "${CPPFLAGS:=-D_GNU_SOURCE -Isrc}"
out=$(mktemp) || exit 1
trap 'rm -f "$out"' EXIT

# --- source files, one pass -------------------------------------------------------------------------
find src -name '*.[ch]' | sort | xargs awk '
BEGIN {
	while ((getline line < "tools/layers.txt") > 0) {
		if (split(line, r, "\t") > 2 && r[2] !~ /\//)
			rank[r[2]] = r[1]
	}
	list("strcpy strcat strncpy strncat stpcpy sprintf vsprintf gets strtok scanf sscanf fscanf " \
	     "atoi atol atoll strtol strtoul strtoll strtoull rand srand random srandom drand48 " \
	     "system popen alloca longjmp setjmp bcopy bzero bcmp mktemp tmpnam tempnam localtime " \
	     "gmtime ctime asctime gethostbyname inet_addr inet_aton inet_ntoa vfork strdup " \
	     "strndup realloc reallocarray", banned)
	# realloc leaves copies of secrets behind: only where none can be.
	allow["realloc base/heap.c"] = 1
	list("socket bind listen accept accept4 connect shutdown send sendto sendmsg sendmmsg recv " \
	     "recvfrom recvmsg recvmmsg setsockopt getsockopt getsockname getpeername open openat " \
	     "close read write readv writev pread pwrite lseek fcntl ioctl poll ppoll select " \
	     "epoll_create1 epoll_ctl epoll_wait pipe pipe2 dup dup2 fork execve execvp waitpid kill " \
	     "sigaction signal sigprocmask clock_gettime gettimeofday time nanosleep usleep sleep " \
	     "getrandom getentropy getpid getenv setenv unlink stat fstat lstat mmap munmap mprotect " \
	     "madvise mlock prctl setrlimit getrlimit syscall fopen fread fwrite fclose getaddrinfo " \
	     "exit _exit printf puts putchar fprintf fputs perror eventfd timerfd_create", calls)
	list("sys/socket.h sys/stat.h sys/mman.h sys/ioctl.h sys/epoll.h sys/time.h sys/resource.h " \
	     "sys/wait.h sys/un.h sys/prctl.h unistd.h fcntl.h poll.h signal.h time.h netdb.h " \
	     "netinet/in.h netinet/tcp.h netinet/udp.h arpa/inet.h pthread.h dirent.h", system_headers)
}
function list(text, set,    n, i, w) {
	n = split(text, w, " ")
	for (i = 1; i <= n; i++)
		set[w[i]] = 1
}
function exists(path,    found, l) {
	found = (getline l < path) >= 0
	close(path)
	return found
}
function bad(text) { print FILENAME ":" FNR ": " text }
function finish() {
	if (file == "")
		return
	limit = file ~ /\.h$/ ? 200 : 800
	if (lines > limit)
		print file ":" lines ": file longer than " limit " lines"
	if (file ~ /\.c$/ && file != "src/app/main.c" && !own)
		print file ":1: does not include its own header first"
}
# Blanks out comments and strings; in_comment goes on to the next line.
function code(s,    o, i, c, d, quote) {
	o = ""
	quote = ""
	for (i = 1; i <= length(s); i++) {
		c = substr(s, i, 1)
		d = substr(s, i, 2)
		if (in_comment) {
			if (d == "*/") { in_comment = 0; i++ }
		} else if (quote != "") {
			if (c == "\\") i++
			else if (c == quote) quote = ""
		} else if (d == "/*") { in_comment = 1; i++ }
		else if (d == "//") { bad("comment with //"); break }
		else if (c == "\"" || c == sq) quote = c
		else { o = o c; continue }
		o = o " "
	}
	return o
}
function include(name, angle,    target) {
	# lwIP names itself as freely in quotes.
	if (name ~ /^(lwip|netif\/)/)
		angle = 1
	if (!angle) {
		target = name
		sub(/\/.*/, "", target)
		if (name !~ /\//)
			bad("include names no folder: " name)
		else if (!(target in rank))
			bad("include of an unknown folder: " name)
		else if (target != folder && rank[target] >= rank[folder])
			bad("layer: " folder " must not include " name)
		else if (sub_folder && target != "base" && name !~ ("^" sub_folder))
			bad("layer: " sub_folder " includes base/ and itself only, not " name)
		if (!includes++ && file ~ /\.c$/) {
			stem = file
			sub(/^src\//, "", stem)
			sub(/\.c$/, "", stem)
			# A part of a larger module starts with a header of its folder.
			own = name == stem ".h" || name == stem "_private.h" || (target == folder && !exists("src/" stem ".h"))
		}
		return
	}
	includes++
	if (name ~ /^(sodium|openssl\/|intel-ipsec-mb)/ && folder != "crypto")
		bad("only crypto/ includes " name)
	if (name ~ /^(lwip|netif\/)/ && (folder != "net" || sub_folder))
		bad("only net/, not " (sub_folder ? sub_folder : folder "/") ", includes " name)
	if (name ~ /^(event|curl\/)/ && folder != "io")
		bad("only io/ includes " name)
	if ((name in system_headers) && folder != "io" && folder != "app")
		bad("system call header outside io/ and app/: " name)
}
function call(name, before) {
	if (before ~ /(\.|->)$/)
		return
	if ((name in banned) && !((name " " short) in allow))
		bad("banned function: " name)
	if ((name in calls) && folder != "io" && folder != "app")
		bad("system call outside io/ and app/: " name)
	if (name == "memcmp" && (folder == "crypto" || folder == "noise"))
		bad("compare secrets with crypto_equal: " name)
}
FNR == 1 {
	finish()
	file = FILENAME
	short = substr(file, 5)
	folder = short
	sub(/\/.*/, "", folder)
	# Congestion control knows nothing of the stack that it serves.
	sub_folder = short ~ /^net\/cc\// ? "net/cc/" : ""
	includes = own = in_comment = body = 0
	sq = sprintf("%c", 39)
}
{
	lines = FNR
	if ($0 ~ /[ \t]$/)
		bad("blank at the end of the line")
	if ($0 ~ /^ +[^ *]/)
		bad("indent with tabs")
	if (match($0, /^#[ \t]*include[ \t]*["<][^">]+/)) {
		s = substr($0, RSTART, RLENGTH)
		angle = s ~ /</
		sub(/^[^"<]*["<]/, "", s)
		include(s, angle)
		next
	}
	s = code($0)
	if (s ~ /^{/)
		body = FNR
	if (s ~ /^}/ && body) {
		if (FNR - body + 1 > 60)
			bad("function of " FNR - body + 1 " lines")
		body = 0
	}
	if (s ~ /^[ \t]*typedef/ && s !~ /\(/)
		bad("typedef of a type that is no function")
	if (s ~ /(^|[^A-Za-z_])sizeof +[A-Za-z_*]/)
		bad("sizeof without parentheses")
	if (s ~ /_Static_assert/)
		bad("_Static_assert: static_assert, of assert.h")
	before = ""
	while (match(s, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
		name = substr(s, RSTART, RLENGTH - 1)
		sub(/[ \t]+$/, "", name)
		before = before substr(s, 1, RSTART - 1)
		gsub(/[ \t]+$/, "", before)
		call(name, before)
		before = ""
		s = substr(s, RSTART + RLENGTH)
	}
}
END { finish() }
' >>"$out"

# --- all text files ---------------------------------------------------------------------------------
if [ -e .git ] && command -v git >/dev/null 2>&1; then
	files=$(git ls-files -co --exclude-standard)
else
	files=$(find . -path ./build -prune -o -type f -print)
fi
text_rule() {
	printf '%s\n' "$files" | grep -Ev '^(\./)?(third_party/lwip/(patches|test)/|tests/fuzz/corpus/|build/|tests/interop/go\.sum)' |
		while IFS= read -r f; do [ -f "$f" ] && printf '%s\n' "$f"; done |
		tr '\n' '\0' | xargs -0 grep -nIE "$2" /dev/null | sed -E "s/^([^:]*:[0-9]+):.*/\1: $1/"
}
{
	text_rule 'left open' '(^|[^A-Za-z])([T]ODO|[F]IXME|[X]XX|[H]ACK)([^A-Za-z]|$)'
	text_rule 'host of a package registry' \
		'(deb|security)\.debian\.org|(proxy|sum)\.golang\.org|(static|index)\.crates\.io|registry\.npmjs\.org|files\.pythonhosted\.org|pypi\.org|repo1?\.maven'
	text_rule 'path of one machine' '(^|[^A-Za-z0-9_.])/(work|farm)/|/tmp/bash_[j]obs|\.[l]ibrary/'
	printf '%s\n' "$files" | grep -E '^(\./)?tests/.*\.(c|h)$' | while IFS= read -r f; do
		[ -f "$f" ] && n=$(wc -l <"$f") && [ "$n" -gt 800 ] && echo "$f:$n: file longer than 800 lines"
	done
} >>"$out"

# --- the printed table of layers ---------------------------------------------------------------------
tools/layers.sh --check >>"$out"

# --- headers alone ----------------------------------------------------------------------------------
# shellcheck disable=SC2016
find src -name '*.h' | sort | CC=$CC CPPFLAGS=$CPPFLAGS xargs -P 2 -n 12 sh -c '
	for h; do
		printf "#include \"%s\"\n" "${h#src/}" |
			eval "$CC -std=c11 $CPPFLAGS -fsyntax-only -x c -" >/dev/null 2>&1 ||
			echo "$h:1: does not compile alone"
	done' sh >>"$out"

if [ -s "$out" ]; then
	sort -u "$out"
	echo "$(sort -u "$out" | wc -l) findings"
	exit 1
fi
echo "  CHECK  layers, calls, sizes, headers: nothing found"
