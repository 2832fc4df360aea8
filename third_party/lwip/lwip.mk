# lwIP for the top Makefile: fetch, patch, build as $(LWIP_LIB), run its tests.
#
# Defines LWIP_DIR (patched sources), LWIP_READY (exists when they are there), LWIP_LIB and
# LWIP_CPPFLAGS. Uses BUILD, CC, CFLAGS_ALL, AR_CC, Q and say of the Makefile that includes it.
# third_party/lwip/test.mk holds the rules of `make lwip-test`.

LWIP_RECIPE := third_party/lwip
LWIP_DIR := $(BUILD)/lwip
LWIP_READY := $(LWIP_DIR)/.stamp
LWIP_LIB := $(BUILD)/liblwip.a
LWIP_CPPFLAGS := -isystem $(LWIP_DIR)/src/include -isystem $(LWIP_RECIPE)/include

# What NO_SYS TCP, UDP and ICMP of both families need: no link layer, no ARP, no address protocols.
LWIP_NAMES := def inet_chksum init ip mem memp netif pbuf stats tcp tcp_in tcp_out timeouts udp \
	ipv4/icmp ipv4/ip4 ipv4/ip4_addr ipv4/ip4_frag \
	ipv6/icmp6 ipv6/inet6 ipv6/ip6 ipv6/ip6_addr ipv6/ip6_frag ipv6/nd6
LWIP_SRCS := $(LWIP_NAMES:%=$(LWIP_DIR)/src/core/%.c)
LWIP_OBJS := $(LWIP_NAMES:%=$(BUILD)/obj/lwip/%.o)

$(LWIP_READY): $(LWIP_RECIPE)/fetch.sh third_party/debian.sh $(wildcard $(LWIP_RECIPE)/patches/*)
	$(Q)mkdir -p $(BUILD)
	$(call say,FETCH,lwip)$(LWIP_RECIPE)/fetch.sh $(LWIP_DIR)

# Foreign code: our warnings are off, our code generation flags hold. But a function that nothing
# declares is an error with newer compilers, so it is one with all of them.
LWIP_CFLAGS = $(filter-out $(WARNINGS) -pedantic,$(CFLAGS_ALL)) -Werror=implicit-function-declaration \
	$(if $(IS_CLANG),-w)
$(LWIP_OBJS): $(BUILD)/obj/lwip/%.o: $(LWIP_READY) $(wildcard $(LWIP_RECIPE)/include/*.h $(LWIP_RECIPE)/include/arch/*.h) \
		$(if $(wildcard Makefile),$(BUILD)/flags)
	$(Q)mkdir -p $(@D)
	$(call say,CC,lwip/$*.c)$(CC) $(LWIP_CPPFLAGS) $(LWIP_CFLAGS) -c -o $@ $(LWIP_DIR)/src/core/$*.c

$(LWIP_LIB): $(LWIP_OBJS)
	$(Q)rm -f $@
	$(call say,AR,$@)$(or $(AR_CC),$(AR)) rcs $@ $^

.PHONY: lwip lwip-test lwip-bench
lwip: $(LWIP_LIB)

# Upstream's unit tests with upstream's options, then ours for what the patches add.
lwip-test: $(LWIP_READY)
	$(Q)$(MAKE) --no-print-directory -f $(LWIP_RECIPE)/test.mk BUILD=$(BUILD) CC='$(CC)' SAN='$(SAN)' LWIP_NAMES='$(LWIP_NAMES)' run

# Stock tree against patched tree, ns per packet.
lwip-bench: $(LWIP_READY)
	$(Q)$(MAKE) --no-print-directory -f $(LWIP_RECIPE)/test.mk BUILD=$(BUILD) CC='$(CC)' LWIP_NAMES='$(LWIP_NAMES)' bench
