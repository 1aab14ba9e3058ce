# One Makefile for everything. `make help` lists the targets.
CC      ?= gcc
PREFIX  ?= /usr/local
BUILD   ?= build
OPT     ?= -O2 -D_FORTIFY_SOURCE=2
WERROR  ?= $(if $(CI),-Werror)

WARN    := -Wall -Wextra -Wconversion -Wshadow -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes
HARDEN  := -fstack-protector-strong -fstack-clash-protection -fPIE
CFLAGS  ?= -g
ALL_CFLAGS = -std=c11 -D_GNU_SOURCE -Iinclude -Igateway $(WARN) $(WERROR) $(OPT) $(HARDEN) $(SAN) $(CFLAGS) -MMD -MP
LDFLAGS_ALL = -pie -Wl,-z,relro,-z,now -Wl,--as-needed $(SAN) $(LDFLAGS)
LIBS    := -lmicrohttpd -lcurl -lsqlite3 -lconfig -ljansson -lexpat -lsodium -lcrypto -lunistring -lpthread -lm

SOURCES := $(sort $(shell find gateway -name '*.c'))
MAIN    := gateway/cli/main.c
OBJECTS := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(MAIN),$(SOURCES)))
ASM     := $(sort $(shell find gateway -name '*.S'))
OBJECTS += $(patsubst %.S,$(BUILD)/%.o,$(ASM))
UNITS   := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/unit/*_test.c)))

all: $(BUILD)/helpline

$(BUILD)/helpline: $(BUILD)/$(MAIN:.c=.o) $(BUILD)/libhelpline.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BUILD)/libhelpline.a: $(OBJECTS)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -c -o $@ $<

$(BUILD)/%.o: %.S
	@mkdir -p $(@D)
	$(CC) -Igateway -MMD -MP -c -o $@ $<

$(BUILD)/tests/%: tests/%.c $(BUILD)/libhelpline.a
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS_ALL) -o $@ $< $(BUILD)/libhelpline.a $(LIBS) -lcmocka

units: $(UNITS)
	@for t in $(UNITS); do echo "== $$t"; $$t || exit 1; done

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
.PHONY: all units
