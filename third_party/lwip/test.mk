# Rules of `make lwip-test` and `make lwip-bench`; called by lwip.mk with BUILD, CC and SAN.
#
# lwIP is compiled twice here, apart from the product's library: with upstream's test options for
# upstream's suites, and with our options for our suites (third_party/lwip/test/).

RECIPE := third_party/lwip
TREE := $(BUILD)/lwip
OUT := $(BUILD)/lwip-test
SAN_FLAGS := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all)
FLAGS := -std=gnu11 -O1 -g -w -fno-strict-aliasing $(SAN_FLAGS)
CHECK_LIBS := $(shell pkg-config --libs check)

# --- upstream's tests ----------------------------------------------------------------------------

LWIPDIR := $(TREE)/src
CONTRIBDIR := $(TREE)/contrib
include $(LWIPDIR)/Filelists.mk
include $(TREE)/test/unit/Filelists.mk

# slipif wants a serial line and has no test.
UP_SRCS := $(filter-out %/slipif.c,$(LWIPNOAPPSFILES)) $(MDNSFILES) $(MQTTFILES) $(TESTFILES)
UP_OBJS := $(UP_SRCS:$(TREE)/%.c=$(OUT)/up/%.o)
UP_CPPFLAGS := -I$(TREE)/test/unit -I$(TREE)/contrib/ports/unix/check -I$(LWIPDIR)/include \
	-I$(TREE)/contrib/ports/unix/port/include -DLWIP_NOASSERT_ON_ERROR

# Upstream's test options align to one byte.
$(OUT)/up/%.o: $(TREE)/%.c $(TREE)/.stamp
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) $(if $(SAN),-fno-sanitize=alignment) $(UP_CPPFLAGS) -c -o $@ $<

$(OUT)/upstream: $(UP_OBJS)
	@$(CC) $(FLAGS) -o $@ $^ $(CHECK_LIBS)

# --- our tests -----------------------------------------------------------------------------------

OUR_SRCS := $(sort $(wildcard $(RECIPE)/test/*.c))
OUR_OBJS := $(OUR_SRCS:$(RECIPE)/test/%.c=$(OUT)/ours/%.o)
OUR_LWIP := $(LWIP_NAMES:%=$(OUT)/ours/lwip/%.o)
OUR_CPPFLAGS := -isystem $(LWIPDIR)/include -isystem $(RECIPE)/include -I$(RECIPE)/test

$(OUT)/ours/lwip/%.o: $(LWIPDIR)/core/%.c $(TREE)/.stamp $(wildcard $(RECIPE)/include/*.h $(RECIPE)/include/arch/*.h)
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) $(OUR_CPPFLAGS) -c -o $@ $<

$(OUT)/ours/%.o: $(RECIPE)/test/%.c $(TREE)/.stamp $(wildcard $(RECIPE)/include/*.h $(RECIPE)/test/*.h)
	@mkdir -p $(@D)
	@$(CC) $(FLAGS) -Wall -Wextra $(OUR_CPPFLAGS) -c -o $@ $<

$(OUT)/ours/run: $(OUR_OBJS) $(OUR_LWIP)
	@$(CC) $(FLAGS) -o $@ $^ $(CHECK_LIBS)

.PHONY: run bench
run: $(OUT)/upstream $(OUT)/ours/run
	@echo 'lwIP: upstream unit tests, upstream options, patched sources'
	@cd $(OUT) && LWIP_UNITTESTS_NOFORK=0 ./upstream
	@echo 'lwIP: tests of the patches, product options'
	@cd $(OUT) && ours/run

# --- benchmark -----------------------------------------------------------------------------------

STOCK := $(BUILD)/lwip-stock
BENCH_FLAGS := -std=gnu11 -O2 -flto=auto -w -fno-strict-aliasing
BENCH_SRC := tests/bench/lwip_send.c

$(STOCK)/.stamp: $(RECIPE)/fetch.sh
	@LWIP_SERIES=/dev/null $(RECIPE)/fetch.sh $(STOCK)

$(OUT)/bench-lwip-stock: BENCH_FLAGS += -DTCP_SND_QUEUELEN=65535
$(OUT)/bench-%: $(BENCH_SRC) $(BUILD)/%/.stamp $(wildcard $(RECIPE)/include/*.h $(RECIPE)/include/arch/*.h)
	@mkdir -p $(@D)
	@$(CC) $(BENCH_FLAGS) -isystem $(BUILD)/$*/src/include -isystem $(RECIPE)/include \
		-o $@ $< $(LWIP_NAMES:%=$(BUILD)/$*/src/core/%.c)

bench: $(OUT)/bench-lwip-stock $(OUT)/bench-lwip
	@$(OUT)/bench-lwip-stock
	@$(OUT)/bench-lwip
