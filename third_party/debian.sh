# Sourced by the fetch.sh of each recipe: gets a pinned tarball of a Debian source package.
# shellcheck shell=sh disable=SC2154
#
# The caller sets: package, suite, tarball (its name), sha256, variable (its name: the one by which a user gives
# a file) and given (its value). Then: begin DESTDIR; unpack; what it wants to do to $work/tree; finish.
#
# The tarball comes from, in this order:
#   1. the file that the variable names, if it is set;
#   2. the cache: $CULVERT_CACHE, else ${XDG_CACHE_HOME:-$HOME/.cache}/culvert;
#   3. Debian's source package, through apt with a private configuration: own lists, cache and
#      state, so that neither root nor any change to the machine is needed. The mirror and the
#      keyring are those of the machine's own Debian entry; only the suite is ours.
# Whatever its origin, it is used only if its SHA-256 is the pinned one. DESTDIR is complete or
# absent: everything is prepared beside it and renamed at the end. DESTDIR/.stamp is written last.

work=

say() { printf '%s: %s\n' "$package" "$*" >&2; }
fail() { say "$*"; exit 1; }
cleanup() { if [ -n "$work" ]; then rm -rf -- "$work"; fi; }
trap cleanup EXIT
trap 'exit 130' HUP INT TERM

need() {
	command -v "$1" >/dev/null 2>&1 || fail "'$1' is missing (Debian package $2)"
}

verify() {
	sum=$(sha256sum <"$1" | cut -d' ' -f1)
	[ "$sum" = "$sha256" ] || fail "$1 has the wrong SHA-256
  expected $sha256
  found    $sum
  Remove it, or set $variable to a good copy of $tarball."
}

# Prints one line "URI<TAB>Signed-By" for each Debian main archive in the one-line files given.
# Option values with blanks do not exist in this format.
list_oneline() {
	awk '
	$1 != "deb" && $1 != "deb-src" { next }
	{
		key = ""; i = 2
		if ($2 ~ /^\[/) {
			opts = ""
			for (; i <= NF; i++) {
				opts = opts " " $i
				if ($i ~ /\]$/) { i++; break }
			}
			gsub(/[][]/, "", opts)
			n = split(opts, o, " ")
			for (k = 1; k <= n; k++)
				if (tolower(o[k]) ~ /^signed-by=/)
					key = substr(o[k], 11)
		}
		uri = $i; dist = $(i + 1); main = 0
		for (k = i + 2; k <= NF; k++)
			if ($k == "main") main = 1
		if (main && dist ~ /^(bullseye|bookworm|trixie|forky|sid|stable|oldstable|oldoldstable|testing|unstable)$/)
			print uri "\t" key
	}' "$@"
}

# The same for deb822 files. A key given inline spans lines; they are joined with "|".
list_deb822() {
	awk '
	function flush(    n, u, s, m, i, k, main, known) {
		main = known = 0
		m = split(f["components"], s, " ")
		for (i = 1; i <= m; i++) if (s[i] == "main") main = 1
		m = split(f["suites"], s, " ")
		for (i = 1; i <= m; i++)
			if (s[i] ~ /^(bullseye|bookworm|trixie|forky|sid|stable|oldstable|oldoldstable|testing|unstable)$/)
				known = 1
		if (main && known && tolower(f["enabled"]) !~ /^(no|false|0)$/) {
			n = split(f["uris"], u, " ")
			k = f["signed-by"]
			for (i = 1; i <= n; i++) print u[i] "\t" k
		}
		split("", f); name = ""
	}
	FNR == 1 { flush() }
	/^#/ { next }
	/^[ \t]*$/ { flush(); next }
	/^[ \t]/ {
		if (name == "signed-by") f[name] = f[name] "|" $0
		else f[name] = f[name] " " $0
		next
	}
	{
		i = index($0, ":"); name = tolower(substr($0, 1, i - 1))
		v = substr($0, i + 1); gsub(/^[ \t]+|[ \t]+$/, "", v); f[name] = v
	}
	END { flush() }' "$@"
}

list_mirrors() {
	{
		for file in /etc/apt/sources.list.d/*.sources; do
			[ -r "$file" ] && list_deb822 "$file"
		done
		for file in /etc/apt/sources.list /etc/apt/sources.list.d/*.list; do
			[ -r "$file" ] && list_oneline "$file"
		done
		:
	} | grep -v '^cdrom:' | awk '!seen[$0]++'
}

# apt as any user: hooks of the machine are cleared (they act on its own cache), and an expired
# Release file is accepted, because a snapshot mirror has no other and the checksum is pinned.
write_config() {
	cat >"$1/apt.conf" <<-END
	Dir::State "$1/state";
	Dir::State::Lists "$1/state/lists";
	Dir::State::Status "$1/state/status";
	Dir::Cache "$1/cache";
	Dir::Cache::Archives "$1/cache/archives";
	Dir::Cache::pkgcache "";
	Dir::Cache::srcpkgcache "";
	Dir::Log "$1/log";
	Dir::Etc::SourceList "$1/debian.sources";
	Dir::Etc::SourceParts "/dev/null";
	Dir::Etc::Preferences "/dev/null";
	Dir::Etc::PreferencesParts "/dev/null";
	APT::Sandbox::User "root";
	APT::Get::List-Cleanup "false";
	Acquire::Languages "none";
	Acquire::Check-Valid-Until "false";
	Acquire::Retries "2";
	Acquire::http::Timeout "30";
	Acquire::https::Timeout "30";
	#clear APT::Update::Pre-Invoke;
	#clear APT::Update::Post-Invoke;
	#clear APT::Update::Post-Invoke-Success;
	END
	mkdir -p "$1/state/lists/partial" "$1/cache/archives/partial" "$1/log"
	: >"$1/state/status"
}

write_source() {
	{
		printf 'Types: deb-src\nURIs: %s\nSuites: %s\nComponents: main\n' "$2" "$suite"
		[ -z "$3" ] || printf 'Signed-By: %s\n' "$3" | tr '|' '\n'
	} >"$1/debian.sources"
}

# Downloads the tarball into the directory $1.
download() {
	command -v apt-get >/dev/null 2>&1 || fail "no apt-get here, so $tarball cannot be fetched.
  Get it from Debian's source package '$package' ($suite) and set $variable=FILE."
	mkdir "$1/apt" "$1/dl"
	write_config "$1/apt"
	list_mirrors >"$1/mirrors"
	[ -s "$1/mirrors" ] || fail "apt's sources name no Debian archive (component main).
  Set $variable to a copy of $tarball from Debian's source package '$package' ($suite)."
	tab=$(printf '\t')
	while IFS="$tab" read -r uri key; do
		write_source "$1/apt" "$uri" "$key"
		say "asking Debian's archive for the source package $package ($suite)"
		if apt-get -q -c "$1/apt/apt.conf" -o APT::Update::Error-Mode=any update \
		    >"$1/apt/out" 2>&1 && (cd "$1/dl" && apt-get -q -c "$1/apt/apt.conf" \
		    source --download-only --tar-only "$package/$suite" >>"$1/apt/out" 2>&1); then
			[ -f "$1/dl/$tarball" ] && return 0
			say "the archive has another version: $(ls "$1/dl")"
		fi
		sed -n '/^[EW]:/p' "$1/apt/out" >&2
	done <"$1/mirrors"
	fail "could not download $tarball (the lines above are apt's).
  Without a network: set $variable to a copy of it."
}

find_tarball() {
	if [ -n "$given" ]; then
		[ -r "$given" ] || fail "$variable: cannot read $given"
		verify "$given"
		found=$given
		return
	fi
	cache=${CULVERT_CACHE:-}
	if [ -z "$cache" ] && [ -n "${XDG_CACHE_HOME:-${HOME:-}}" ]; then
		cache=${XDG_CACHE_HOME:-$HOME/.cache}/culvert
	fi
	if [ -n "$cache" ] && [ -e "$cache/$tarball" ]; then
		verify "$cache/$tarball"
		found=$cache/$tarball
		return
	fi
	download "$work"
	found=$work/dl/$tarball
	verify "$found"
	# A cache that cannot be written costs the next build a download, nothing more.
	if [ -n "$cache" ] && mkdir -p "$cache" 2>/dev/null &&
	    cp "$found" "$cache/.$tarball.$$" 2>/dev/null; then
		mv -f "$cache/.$tarball.$$" "$cache/$tarball"
	fi
}

# Prepares $work and $dest for the program's argument.
begin() {
	[ $# -eq 1 ] || { echo "usage: $0 DESTDIR" >&2; exit 2; }
	dest=$1
	need sha256sum coreutils
	need tar tar
	need xz xz-utils
	mkdir -p "$(dirname -- "$dest")"
	work=$(mktemp -d "$(CDPATH='' cd -- "$(dirname -- "$dest")" && pwd)/.$package.XXXXXX")
}

# The tarball's content in $work/tree.
unpack() {
	find_tarball
	mkdir "$work/tree"
	tar -x -J -f "$found" -C "$work/tree" --strip-components=1 --no-same-owner ||
		fail "cannot unpack $found"
}

# $work/tree becomes $dest.
finish() {
	printf '%s\n' "$sha256" >"$work/tree/.stamp"
	rm -rf -- "$dest"
	mv -- "$work/tree" "$dest"
}
