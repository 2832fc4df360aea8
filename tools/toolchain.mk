# What the compiler can do: warnings, hardening (each flag probed by itself), sanitizers,
# link-time optimisation. Included by the Makefile.

try = $(shell printf 'int main(void){return 0;}\n' | $(CC) -Werror $(1) -x c -o /dev/null - >/dev/null 2>&1 && echo '$(1)')

IS_CLANG := $(shell $(CC) --version 2>/dev/null | grep -q clang && echo 1)

WARNINGS := -Wall -Wextra -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes \
	-Wold-style-definition -Wpointer-arith -Wcast-qual -Wwrite-strings -Wundef -Wvla \
	-Wformat=2 -Wimplicit-fallthrough -Wnull-dereference
ifeq ($(IS_CLANG),)
WARNINGS += -Wlogical-op -Wduplicated-cond -Wjump-misses-init
# GCC reports paths that cannot be taken, from inlining across modules.
WARNINGS += -Wno-null-dereference
endif
ifneq ($(WERROR),)
WARNINGS += -Werror
endif

# cmocka's macros convert between integer widths; tests define no public functions.
TEST_WARNINGS := -Wno-conversion -Wno-missing-prototypes -Wno-cast-qual -Wno-sign-conversion

OPT := -O2 -g
HARDENING := $(call try,-fstack-protector-strong) $(call try,-fstack-clash-protection) \
	$(call try,-fcf-protection) -fno-strict-aliasing -ffunction-sections -fdata-sections
# -Xlinker, because a comma would end an argument of `call`.
HARDENING_LD := $(call try,-Xlinker -z -Xlinker relro) $(call try,-Xlinker -z -Xlinker now) \
	$(call try,-Xlinker -z -Xlinker noexecstack) -Wl,--gc-sections

ifeq ($(SAN),)
HARDENING += -D_FORTIFY_SOURCE=2
SAN_FLAGS :=
else
SAN_FLAGS := -fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer
OPT := -O1 -g
LTO := 0
endif

# Fat objects: the product links with LTO, the many test programs link the ordinary code.
LTO ?= $(if $(IS_CLANG),0,1)
# Where packets pass; measured: more folders change nothing but the time of the link.
LTO_FOLDERS := base crypto wg net
ifeq ($(LTO),1)
LTO_COMPILE := -flto=auto -ffat-lto-objects
LTO_LINK := -flto=auto -fuse-linker-plugin
endif
AR_CC := $(if $(IS_CLANG),ar,$(CC:gcc%=gcc-ar%))

PKG_CFLAGS := $(shell $(PKG_CONFIG) --cflags $(PKGS) | sed 's/-I/-isystem /g')
PKG_LIBS := $(shell $(PKG_CONFIG) --libs $(PKGS))
PKG_LIBS_STATIC := $(shell $(PKG_CONFIG) --static --libs $(PKGS))
