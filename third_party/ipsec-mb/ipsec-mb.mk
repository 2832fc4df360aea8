# ChaCha20-Poly1305 of Intel's multi-buffer library for the top Makefile: fetch, assemble as $(IPSEC_MB_LIB).
#
# IPSEC_MB=1 or 0; without a word, 1 where it can serve: x86-64, nasm is there, and no sanitizer, which
# would not see into it. Defines IPSEC_MB_LIB and IPSEC_MB_READY (both empty with 0) and IPSEC_MB_CPPFLAGS, for crypto/ only.
# Uses BUILD, CC, SAN, Q, say and AR_CC of the Makefile that includes it.

NASM ?= nasm
IPSEC_MB ?= $(if $(SAN),0,$(shell case "$$($(CC) -dumpmachine 2>/dev/null)" in (x86_64*linux*) \
	command -v $(NASM) >/dev/null 2>&1 && echo 1 ;; esac))

ifeq ($(IPSEC_MB),1)
IPSEC_MB_RECIPE := third_party/ipsec-mb
IPSEC_MB_DIR := $(BUILD)/ipsec-mb
IPSEC_MB_READY := $(IPSEC_MB_DIR)/.stamp
IPSEC_MB_LIB := $(BUILD)/libipsecmb.a
IPSEC_MB_CPPFLAGS := -DCULVERT_IPSEC_MB -isystem $(IPSEC_MB_DIR)/lib

# These two need nothing else of the library: no manager, no tables, no other processor's code.
IPSEC_MB_NAMES := avx512_t1/chacha20_avx512 avx512_t2/poly_fma_avx512
IPSEC_MB_OBJS := $(IPSEC_MB_NAMES:%=$(BUILD)/obj/ipsec-mb/%.o)

$(IPSEC_MB_READY): $(IPSEC_MB_RECIPE)/fetch.sh third_party/debian.sh
	$(Q)mkdir -p $(BUILD)
	$(call say,FETCH,ipsec-mb)$(IPSEC_MB_RECIPE)/fetch.sh $(IPSEC_MB_DIR)

# SAFE_DATA: no text, key or key stream stays in registers or on the stack. SAFE_PARAM: arguments are checked, where
# that exists.
$(IPSEC_MB_OBJS): $(BUILD)/obj/ipsec-mb/%.o: $(IPSEC_MB_READY) $(IPSEC_MB_RECIPE)/ipsec-mb.mk
	$(Q)mkdir -p $(@D)
	$(call say,NASM,ipsec-mb/$*.asm)$(NASM) -felf64 -Xgnu -DLINUX -D__linux__ -DSAFE_DATA -DSAFE_PARAM \
		-I$(IPSEC_MB_DIR)/lib/ -I$(IPSEC_MB_DIR)/lib/include/ -o $@ $(IPSEC_MB_DIR)/lib/$*.asm

$(IPSEC_MB_LIB): $(IPSEC_MB_OBJS)
	$(Q)rm -f $@
	$(call say,AR,$@)$(or $(AR_CC),$(AR)) rcs $@ $^
endif
