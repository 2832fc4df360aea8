# culvert: build, tests and tools. `make help` lists the targets.
#
# Variables: CC, CFLAGS, LDFLAGS, BUILD (build directory), SAN=address,undefined, LTO=0, IPSEC_MB=0,
# WERROR=1, V=1 (show commands), PREFIX, DESTDIR.

VERSION := 0.1.0
BUILD ?= build
PREFIX ?= /usr/local
PYTHON ?= /usr/bin/python3
SAN ?=
WERROR ?=
V ?= 0
Q := $(if $(filter 1,$(V)),,@)
say = $(if $(filter 1,$(V)),,@printf '  %-6s %s\n' '$(1)' '$(2)';)

ifeq ($(origin CC),default)
CC := gcc
endif
PKG_CONFIG ?= pkg-config
PKGS := libevent_core libsodium libcrypto

include tools/toolchain.mk

CPPFLAGS_ALL := -D_GNU_SOURCE -DCULVERT_VERSION='"$(VERSION)"' -Isrc $(PKG_CFLAGS)
CFLAGS_ALL := -std=c11 -pedantic $(OPT) $(WARNINGS) $(HARDENING) $(SAN_FLAGS) $(LTO_COMPILE) $(CFLAGS)
LDFLAGS_ALL := $(HARDENING_LD) $(SAN_FLAGS) $(LDFLAGS)

.DEFAULT_GOAL := all
.DELETE_ON_ERROR:
.SUFFIXES:
.PHONY: all static demo install uninstall test unit system check layers assertions fuzz fuzz-run bench bench-wan interop \
	tidy big-endian clean help

include third_party/lwip/lwip.mk
include third_party/ipsec-mb/ipsec-mb.mk

# --- objects -------------------------------------------------------------------------------------

SRCS := $(sort $(wildcard src/*/*.c src/net/cc/*.c))
OBJS := $(SRCS:src/%.c=$(BUILD)/obj/%.o)
MAIN_OBJ := $(BUILD)/obj/app/main.o
LIB := $(BUILD)/libculvert.a
# lwIP calls back into net/: the two archives need each other.
ARCHIVES = -Wl,--start-group $(LIB) $(LWIP_LIB) -Wl,--end-group $(IPSEC_MB_LIB)
DEPS := $(OBJS:.o=.d)

all: $(BUILD)/culvert

$(BUILD)/obj/net/%.o: CPPFLAGS_EXTRA = $(LWIP_CPPFLAGS)
# Dependencies leave lwIP's headers out, which are system headers here.
$(filter $(BUILD)/obj/net/%,$(OBJS)): $(LWIP_READY) $(wildcard third_party/lwip/include/*.h third_party/lwip/include/arch/*.h)

$(BUILD)/obj/crypto/%.o: CPPFLAGS_EXTRA = $(IPSEC_MB_CPPFLAGS)
$(filter $(BUILD)/obj/crypto/%,$(OBJS)): $(IPSEC_MB_READY)

# When this state of the source was made: a clock that shows less is wrong. Not among the flags, or
# every commit would have everything compiled again.
SOURCE_TIME := $(or $(SOURCE_DATE_EPOCH),$(shell git log -1 --format=%ct 2>/dev/null),$(shell stat -c %Y Makefile))
$(BUILD)/obj/link/diagnosis.o: CPPFLAGS_EXTRA = -DCULVERT_BUILD_TIME=UINT64_C\($(SOURCE_TIME)\)

$(BUILD)/obj/%.o: src/%.c $(BUILD)/flags
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS_ALL) $(CPPFLAGS_EXTRA) $(CFLAGS_OBJ) -MMD -MP -c -o $@ $<

# Folders outside LTO_FOLDERS are linked as compiled, which halves the time of a build after a change.
$(filter $(foreach d,$(LTO_FOLDERS),$(BUILD)/obj/$(d)/%),$(OBJS)): CFLAGS_OBJ = $(CFLAGS_ALL)
CFLAGS_OBJ = $(filter-out $(LTO_COMPILE),$(CFLAGS_ALL))

# Rebuild everything when the compiler or its flags change.
FLAGS_NOW := $(CC) $(CPPFLAGS_ALL) $(CFLAGS_ALL) $(LDFLAGS_ALL) $(LTO_FOLDERS) $(IPSEC_MB_LIB)
$(BUILD)/flags: FORCE
	$(Q)mkdir -p $(@D); printf '%s\n' '$(subst ','\'',$(FLAGS_NOW))' >$@.new; \
	if cmp -s $@.new $@; then rm -f $@.new; else mv $@.new $@; fi
FORCE:

$(LIB): $(filter-out $(MAIN_OBJ),$(OBJS))
	$(Q)rm -f $@
	$(call say,AR,$@)$(AR_CC) rcs $@ $^

$(BUILD)/culvert: $(MAIN_OBJ) $(LIB) $(LWIP_LIB) $(IPSEC_MB_LIB)
	$(call say,LINK,$@)$(CC) $(CFLAGS_ALL) $(LTO_LINK) $(LDFLAGS_ALL) -o $@ $(MAIN_OBJ) $(ARCHIVES) $(PKG_LIBS)

-include $(DEPS)

# --- one static file -----------------------------------------------------------------------------

static: $(BUILD)/static/culvert $(BUILD)/static/LICENSES

$(BUILD)/static/culvert: $(MAIN_OBJ) $(LIB) $(LWIP_LIB) $(IPSEC_MB_LIB)
	$(Q)mkdir -p $(@D)
	$(call say,STATIC,$@)$(CC) $(CFLAGS_ALL) $(LTO_LINK) $(HARDENING_LD) $(LDFLAGS) -static -Wl,--gc-sections -s -o $@ \
		$(MAIN_OBJ) $(ARCHIVES) $(PKG_LIBS_STATIC) 2>$(BUILD)/static/link.log || \
		{ cat $(BUILD)/static/link.log >&2; exit 1; }

$(BUILD)/static/LICENSES: LICENSE tools/licenses.sh $(LWIP_READY) $(IPSEC_MB_READY)
	$(Q)mkdir -p $(@D)
	$(call say,GEN,$@)tools/licenses.sh $(LWIP_DIR) $(IPSEC_MB_DIR) >$@

# --- use it --------------------------------------------------------------------------------------

demo: $(BUILD)/culvert
	@$(BUILD)/culvert demo $(if $(ONCE),--once)

install: $(BUILD)/culvert
	install -D -m 755 $(BUILD)/culvert $(DESTDIR)$(PREFIX)/bin/culvert
	install -D -m 644 docs/culvert.1 $(DESTDIR)$(PREFIX)/share/man/man1/culvert.1
	install -D -m 644 LICENSE $(DESTDIR)$(PREFIX)/share/doc/culvert/LICENSE
	install -D -m 644 README.md $(DESTDIR)$(PREFIX)/share/doc/culvert/README.md

uninstall:
	rm -f $(DESTDIR)$(PREFIX)/bin/culvert $(DESTDIR)$(PREFIX)/share/man/man1/culvert.1
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/culvert

# --- tests ---------------------------------------------------------------------------------------

TEST_SRCS := $(sort $(wildcard tests/unit/test_*.c tests/scenario/*.c))
TEST_BINS := $(TEST_SRCS:tests/%.c=$(BUILD)/tests/%)
TEST_LIBS := $(shell $(PKG_CONFIG) --libs cmocka 2>/dev/null || echo -lcmocka)

# What several of them share and what is too much for a header.
SUPPORT_LIB := $(BUILD)/libsupport.a
SUPPORT_OBJS := $(patsubst tests/support/%.c,$(BUILD)/obj/support/%.o,$(sort $(wildcard tests/support/*.c)))

$(BUILD)/obj/support/%.o: tests/support/%.c $(BUILD)/flags
	$(Q)mkdir -p $(@D)
	$(call say,CC,$<)$(CC) $(CPPFLAGS_ALL) -Itests $(CFLAGS_ALL) $(TEST_WARNINGS) -fno-lto -MMD -MP -c -o $@ $<

$(SUPPORT_LIB): $(SUPPORT_OBJS)
	$(Q)rm -f $@
	$(call say,AR,$@)$(AR_CC) rcs $@ $^

# Where a test makes allocations of this program fail (tests/support/alloc_turn.h).
ALLOC_WRAP := $(foreach f,malloc calloc realloc aligned_alloc posix_memalign free,-Wl,--wrap=$(f))
$(BUILD)/tests/scenario/node_alloc $(BUILD)/tests/scenario/node_services $(BUILD)/tests/unit/test_mesh_netmap $(BUILD)/tests/scenario/node_map: TEST_LINK = $(ALLOC_WRAP)

$(BUILD)/tests/%: tests/%.c $(SUPPORT_LIB) $(LIB) $(LWIP_LIB) $(IPSEC_MB_LIB) $(wildcard tests/support/*.h)
	$(Q)mkdir -p $(@D)
	$(call say,TEST,$<)$(CC) $(CPPFLAGS_ALL) $(LWIP_CPPFLAGS) -Itests $(CFLAGS_ALL) $(TEST_WARNINGS) -fno-lto -MMD -MP -o $@ $< \
		$(SUPPORT_LIB) $(ARCHIVES) $(LDFLAGS_ALL) $(TEST_LINK) $(PKG_LIBS) $(TEST_LIBS)

-include $(TEST_BINS:=.d) $(SUPPORT_OBJS:.o=.d)

unit: $(TEST_BINS)
	$(Q)tools/run-tests.sh $(TEST_BINS)

system: $(BUILD)/culvert
	CULVERT=$(abspath $(BUILD)/culvert) $(PYTHON) tests/system/run.py -m 'not slow'

test: all
	$(Q)$(MAKE) --no-print-directory unit
	$(Q)$(MAKE) --no-print-directory lwip-test
	$(Q)$(MAKE) --no-print-directory system

check: layers assertions
layers:
	$(Q)CC='$(CC)' CPPFLAGS='$(CPPFLAGS_ALL) $(LWIP_CPPFLAGS)' tools/check.sh

# Each assertion of lwIP has its line in docs/lwip-assertions.md.
assertions: $(LWIP_READY)
	$(Q)CC='$(CC)' CPPFLAGS='$(LWIP_CPPFLAGS)' tools/assertions.sh $(LWIP_DIR) $(LWIP_SRCS)

tidy: $(LWIP_READY)
	$(Q)printf '%s\n' $(SRCS) | xargs -n 1 -P "$$(nproc)" sh -c \
		'clang-tidy --quiet "$$0" -- -std=c11 $(subst ','\'',$(CPPFLAGS_ALL) $(LWIP_CPPFLAGS)) 2>/dev/null'

# Codecs on a big-endian machine, emulated.
big-endian:
	$(Q)tools/big-endian.sh $(BUILD)/big-endian

# --- fuzzing -------------------------------------------------------------------------------------

FUZZ_CC ?= clang
FUZZ_RUNS ?= 20000
FUZZ_NAMES := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
FUZZ_BUILD := $(BUILD)/fuzz

# Targets are built by a sub-make with clang, the sanitizers and coverage in a folder of its own.
fuzz:
	$(Q)$(MAKE) --no-print-directory BUILD=$(FUZZ_BUILD) CC=$(FUZZ_CC) LTO=0 SAN=fuzzer-no-link,address,undefined \
		fuzz-run

$(BUILD)/bin/fuzz_%: tests/fuzz/fuzz_%.c $(LIB) $(LWIP_LIB) $(IPSEC_MB_LIB)
	$(Q)mkdir -p $(@D)
	$(call say,FUZZ,$<)$(CC) $(CPPFLAGS_ALL) $(LWIP_CPPFLAGS) -Itests $(CFLAGS_ALL) $(TEST_WARNINGS) -fsanitize=fuzzer -o $@ $< \
		$(ARCHIVES) $(LDFLAGS_ALL) $(PKG_LIBS)

fuzz-run: $(FUZZ_NAMES:%=$(BUILD)/bin/fuzz_%)
	$(Q)for name in $(FUZZ_NAMES); do tools/fuzz-one.sh $(BUILD) $$name $(FUZZ_RUNS) || exit 1; done

# --- against real peers (Go), measured -------------------------------------------------------------

interop: $(BUILD)/culvert
	CULVERT=$(abspath $(BUILD)/culvert) tests/interop/run.sh

bench: static
	CULVERT=$(abspath $(BUILD)/static/culvert) $(PYTHON) tests/bench/bench.py $(BENCH_ARGS)

bench-wan: static
	CULVERT=$(abspath $(BUILD)/static/culvert) $(PYTHON) tests/bench/wan.py $(BENCH_ARGS)

clean:
	rm -rf $(BUILD)

help:
	@printf '%s\n' \
		'make            build/culvert' \
		'make static     build/static/culvert, one file, and the licences of what is in it' \
		'make demo       a mesh on this machine; ONCE=1: only until a page has come through' \
		'make install    PREFIX (/usr/local), DESTDIR; also uninstall' \
		'make test       unit and lwip-test and system tests; each is a target too' \
		'make check      house rules of the source' \
		'make fuzz       every fuzz target, FUZZ_RUNS times (clang)' \
		'make big-endian codec tests on an emulated big-endian processor' \
		'make tidy       clang-tidy' \
		'make interop    against Go peers (root, Go)' \
		'make bench      figures against another proxy (root, Go)' \
		'make bench-wan  the same over slow, long and lossy paths, and against the kernel' \
		'make clean      remove the build directory' \
		'Variables: CC, CFLAGS, LDFLAGS, BUILD, SAN=address,undefined, LTO=0, IPSEC_MB=0, WERROR=1, V=1'
