# One Makefile for everything. `make help` lists what it can do.

PREFIX     ?= /usr/local
SYSCONFDIR ?= /etc
LOCALSTATEDIR ?= /var
RUNSTATEDIR ?= /run
BUILD      ?= build
JOBS       ?= 2

# Compiling. CI=true makes every warning an error.
CC         := $(if $(filter default,$(origin CC)),gcc,$(CC))
OPT        ?= -O2 -D_FORTIFY_SOURCE=3
WERROR     ?= $(if $(CI),-Werror)
WARN       := -Wall -Wextra -Wconversion -Wshadow -Wformat=2 -Wstrict-prototypes -Wmissing-prototypes
HARDEN     := -fstack-protector-strong -fstack-clash-protection -fPIE
CPPFLAGS_ALL = -D_GNU_SOURCE -Iinclude -Igateway -I$(BUILD)/generated $(CPPFLAGS)
CFLAGS     ?= -g
CFLAGS_ALL = -std=c11 $(WARN) $(WERROR) $(OPT) $(HARDEN) $(SAN) $(CFLAGS) $(CPPFLAGS_ALL) -MMD -MP
LDFLAGS_ALL = -pie -Wl,-z,relro,-z,now,-z,noexecstack -Wl,--as-needed $(SAN) $(LDFLAGS)
LIBS       := -lmicrohttpd -lcurl -lsqlite3 -lconfig -ljansson -lexpat -lsodium -lcrypto -lunistring -lgettextpo -lqrencode -lpthread -lm

# What Debian 12 calls the things that this needs. The README's table says why each is there.
PACKAGES   := gcc libc6-dev libmicrohttpd-dev libcurl4-openssl-dev libsqlite3-dev libconfig-dev libjansson-dev \
              libexpat1-dev libsodium-dev libssl-dev libunistring-dev libgettextpo-dev libqrencode-dev uthash-dev
PACKAGES_TEST := libcmocka-dev clang-14 clang-tidy-14 clang-format-14 libclang-rt-14-dev cppcheck python3 sqlite3 \
              kannel kannel-extras nginx-light openssl graphviz gettext chromium fonts-lohit-beng-bengali
# The browser tests take any Node from 18 on with its npm, whoever packed it, and Debian's where there is none.
PACKAGES_NODE = $(shell node -e 'process.exit(parseInt(process.versions.node) < 18 ? 1 : 0)' 2>/dev/null && npm --version >/dev/null 2>&1 || echo nodejs npm)
PACKAGES_BENCH := wrk python3 kannel kannel-extras

# Every .c below gateway/ is part of the program; main.c alone stays out of the library that tests link.
# The compiler of the console's pages runs at build time and is no part of it.
COMPILER_C := $(sort $(wildcard gateway/console/compiler/*.c))
SOURCES    := $(filter-out $(COMPILER_C),$(sort $(shell find gateway -name '*.c')))
MAIN       := gateway/cli/main.c
ASM        := $(sort $(shell find gateway -name '*.S'))
SQL        := $(sort $(shell find gateway -name '*.sql'))
TEMPLATES  := $(sort $(wildcard gateway/console/templates/*.html))
ASSETS     := $(sort $(wildcard gateway/console/assets/*.* gateway/console/assets/vendor/*.js))
WORDS      := $(sort $(wildcard gateway/console/words/*/*.conf))
GENERATED  := $(BUILD)/generated/console
MADE_H     := $(GENERATED)/templates.h $(GENERATED)/words_list.h $(GENERATED)/assets.h
MADE_C     := $(TEMPLATES:gateway/console/%.html=$(GENERATED)/%.c) $(GENERATED)/words_list.c $(GENERATED)/assets.c
OBJECTS    := $(patsubst %.c,$(BUILD)/%.o,$(filter-out $(MAIN),$(SOURCES))) $(patsubst %.S,$(BUILD)/%.o,$(ASM)) $(MADE_C:.c=.o)

# A test program is tests/GROUP/NAME_test.c; any other .c in those folders is a helper that all of them may link.
TEST_C     := $(sort $(wildcard tests/unit/*.c tests/faults/*.c tests/lib/*.c))
UNITS      := $(patsubst %.c,$(BUILD)/%,$(filter tests/unit/%_test.c,$(TEST_C)))
FAULTS     := $(patsubst %.c,$(BUILD)/%,$(filter tests/faults/%_test.c,$(TEST_C)))
HELPERS    := $(patsubst %.c,$(BUILD)/%.o,$(filter-out %_test.c,$(TEST_C)))
BENCHES    := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/bench/*.c)))
FUZZERS    := $(patsubst %.c,$(BUILD)/%,$(sort $(wildcard tests/fuzz/*_fuzz.c)))

ASAN       := BUILD=build/asan OPT=-O1 SAN="-fsanitize=address,undefined -fno-sanitize-recover=all"
FUZZ       := BUILD=build/fuzz CC=clang-14 OPT=-O1 SAN="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all"

all: $(BUILD)/helpline ## the program, in build/helpline

help: ## this list
	@sed -n 's/^\([a-z-]*\):.*## \(.*\)/make \1@\2/p' Makefile | awk -F@ '{ printf "%-18s %s\n", $$1, $$2 }'

# --- compiling -------------------------------------------------------------------------------------------------------

$(BUILD)/helpline: $(BUILD)/$(MAIN:.c=.o) $(BUILD)/libhelpline.a
	$(CC) $(LDFLAGS_ALL) -o $@ $^ $(LIBS)

$(BUILD)/libhelpline.a: $(OBJECTS)
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/libtests.a: $(HELPERS)
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -c -o $@ $<

# The compiler does not see what .incbin takes in, so all that could be taken in counts.
$(BUILD)/%.o: %.S $(SQL)
	@mkdir -p $(@D)
	$(CC) -Igateway -MMD -MP -c -o $@ $<

# The console's pages, words and assets become C (gateway/console/README.md). Whatever includes that waits for it the first time;
# then the compiler's own list of includes says what depends on what.
HOSTCC     ?= cc
COMPILER   := $(BUILD)/console-compiler
COMPILED   := $(COMPILER_C) $(addprefix gateway/,base/arena.c base/buffer.c base/span.c base/error.c base/log.c base/clock.c menu/drawing/plural.c)
LANGUAGES  := gateway/console/words/en $(filter-out gateway/console/words/en,$(patsubst %/,%,$(sort $(dir $(WORDS)))))

$(COMPILER): $(COMPILED) $(wildcard gateway/console/compiler/*.h include/base/*.h) gateway/menu/drawing/plural.h
	@mkdir -p $(@D)
	$(HOSTCC) -std=c11 -O1 -g $(WARN) $(WERROR) -D_GNU_SOURCE -Iinclude -Igateway -o $@ $(COMPILED) -lcrypto

$(GENERATED)/templates.h: $(TEMPLATES) $(COMPILER) gateway/console/templates
	@mkdir -p $(@D)
	@$(COMPILER) templates $@ $(TEMPLATES)

# A partial names the struct that it shows in its own first line.
$(GENERATED)/templates/%.c: gateway/console/templates/%.html $(TEMPLATES) $(COMPILER)
	@mkdir -p $(@D)
	@$(COMPILER) template $< $@

$(GENERATED)/words_list.h $(GENERATED)/words_list.c &: $(WORDS) $(COMPILER) $(LANGUAGES)
	@mkdir -p $(@D)
	@$(COMPILER) words $(GENERATED)/words_list.h $(GENERATED)/words_list.c $(LANGUAGES)

$(GENERATED)/assets.h $(GENERATED)/assets.c &: $(ASSETS) $(COMPILER) gateway/console/assets
	@mkdir -p $(GENERATED)/packed
	@for each in $(ASSETS); do gzip -9nc $$each >$(GENERATED)/packed/$${each##*/}.gz || exit 1; done
	@$(COMPILER) assets $(GENERATED)/assets.h $(GENERATED)/assets.c $(GENERATED)/packed $(ASSETS)

$(BUILD)/generated/%.o: $(BUILD)/generated/%.c
	$(CC) $(CFLAGS_ALL) -Werror=incompatible-pointer-types -c -o $@ $<

$(OBJECTS) $(HELPERS) $(BUILD)/$(MAIN:.c=.o): | $(MADE_H)

generated: $(MADE_H) $(MADE_C)

$(UNITS) $(FAULTS): $(BUILD)/%: %.c $(BUILD)/libtests.a $(BUILD)/libhelpline.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -Itests/lib $(LDFLAGS_ALL) -o $@ $(filter %.c %.a,$^) -lcmocka $(LIBS)

$(BUILD)/tests/lib/preload/%.so: tests/lib/preload/%.c
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) -fPIC -shared -o $@ $<

$(BENCHES): $(BUILD)/%: %.c $(BUILD)/libhelpline.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -o $@ $(filter %.c %.a,$^) $(LIBS)

$(FUZZERS): $(BUILD)/%: %.c $(BUILD)/libhelpline.a
	@mkdir -p $(@D)
	$(CC) $(CFLAGS_ALL) $(LDFLAGS_ALL) -fsanitize=fuzzer -o $@ $(filter %.c %.a,$^) $(LIBS)

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)

# --- what must be installed ------------------------------------------------------------------------------------------

deps: ## installs what the program needs of Debian's packages
	@.ci/install-packages $(PACKAGES)

deps-test: ## installs what the tests need besides
	@.ci/install-packages $(PACKAGES) $(PACKAGES_TEST) $(PACKAGES_NODE)

deps-bench:
	@.ci/install-packages $(PACKAGES) $(PACKAGES_BENCH)

# On a bare machine there is no compiler yet: for these goals everything waits for the packages.
ifneq ($(filter run,$(MAKECMDGOALS)),)
$(OBJECTS) $(BUILD)/$(MAIN:.c=.o): | deps
endif

# --- running ---------------------------------------------------------------------------------------------------------

# Keys and secrets are made once, in .helpline/; `make clean` leaves them alone.
run: deps $(BUILD)/helpline ## installs what is missing, builds, makes keys once, starts the gateway
	@$(BUILD)/helpline keygen --secrets --config conf/helpline.conf
	@exec $(BUILD)/helpline serve --config conf/helpline.conf

# --- tests -----------------------------------------------------------------------------------------------------------

test: deps-test ## everything, in about half an hour; the last line is `N passed, N failed`
	@tests/run

units: $(UNITS) ## the unit tests alone
	@tests/run --build $(BUILD) unit

test-programs: $(UNITS) $(FAULTS)

# What drives the browser, as the lock file has it: every byte is checked against its hash.
node-modules: build/node/node_modules/.package-lock.json

build/node/node_modules/.package-lock.json: tests/console/package.json tests/console/package-lock.json
	@mkdir -p build/node
	@cp $^ build/node/
	@cd build/node && npm ci --ignore-scripts --no-audit --no-fund --loglevel=error
	@touch $@

screenshots: deps-test node-modules $(BUILD)/helpline ## the README's pictures anew, of a day of the demonstration
	@HELPLINE=$(abspath $(BUILD)/helpline) PYTHONPATH=tests/lib python3 tests/console/screenshots_test.py --update

fuzzers: $(FUZZERS)

# CHANNEL=NAME tries one channel, CONFIG=FILE another configuration than that of the samples.
conformance: $(BUILD)/helpline ## speaks to every channel as its aggregator would, and worse (CHANNEL=name CONFIG=file)
	@CHANNEL=$(CHANNEL) CONFIG=$(CONFIG) HELPLINE=$(BUILD)/helpline PYTHONPATH=tests/lib python3 tests/conformance/conformance_test.py

asan: ## the unit tests, dialogues and HTTP tests under ASan and UBSan
	@tests/run asan

asan-build:
	@+$(MAKE) --no-print-directory $(ASAN) all test-programs

# Starting takes half a minute: the proof of the menus is slow in it.
tsan: ## the desk under load, watched by ThreadSanitizer
	@+$(MAKE) --no-print-directory -j $(JOBS) BUILD=build/tsan OPT=-O1 SAN=-fsanitize=thread all
	@TSAN_OPTIONS=exitcode=66 tests/run --build build/tsan tests/http/desk_storm_test.py

# For gcov: every line counts how often it was run.
coverage-dialogues: ## how much of the engine the dialogues alone walk through, file by file
	@+$(MAKE) --no-print-directory -s -j $(JOBS) BUILD=build/coverage OPT=-O0 SAN=--coverage build/coverage/helpline
	@python3 tests/dialogues/coverage.py build/coverage $(if $(MISSING),--missing)

fuzz-build:
	@+$(MAKE) --no-print-directory $(FUZZ) fuzzers

soak: deps-test ## the long runs: faults and fuzzing for hours (SOAK_MINUTES=60)
	@SOAK_MINUTES=$${SOAK_MINUTES:-60} tests/run --soak faults fuzz

bench: deps-bench $(BUILD)/helpline $(BENCHES) ## the table of ratios that the README quotes
	@tests/bench/run

# They stay until `make clean`: BENCH_SESSIONS=50000 makes smaller ones in a moment.
bench-data: $(BUILD)/tests/bench/desk_data ## two data files for the page times of `make bench`: a million sessions, and a thousand
	@mkdir -p $(BUILD)/bench
	@$(BUILD)/tests/bench/desk_data $(BUILD)/bench $${BENCH_SESSIONS:-1000000}

# --- style -----------------------------------------------------------------------------------------------------------

OURS        = $(sort $(shell find gateway include tests -name '*.[ch]'))
TIDIED     := $(patsubst %.c,build/lint/%.tidy,$(SOURCES) $(TEST_C) $(sort $(wildcard tests/bench/*.c tests/fuzz/*.c tests/lib/preload/*.c)))

format: ## clang-format on every C file
	@tests/lib/format.sh $(OURS)

lint: lint-format lint-tidy lint-cppcheck ## clang-format, clang-tidy and cppcheck: zero findings

lint-format:
	@tests/lib/format.sh --check $(OURS)

lint-tidy: $(TIDIED)
$(TIDIED): | $(MADE_H)

ANALYZER    = -include tests/lib/analyzer.h
build/lint/gateway/base/error.tidy: ANALYZER =

build/lint/%.tidy: %.c .clang-tidy
	@mkdir -p $(@D)
	@echo "clang-tidy $<"
	@clang-14 -std=c11 $(CPPFLAGS_ALL) -Itests/lib $(ANALYZER) -MM -MP -MT $@ -MF $(@:.tidy=.d) $<
	@clang-tidy-14 --quiet --warnings-as-errors='*' $< -- -std=c11 $(CPPFLAGS_ALL) -Itests/lib $(WARN) $(ANALYZER) 2>$@.err || { cat $@.err; exit 1; }
	@touch $@

lint-cppcheck:
	@mkdir -p build/lint/cppcheck
	@cppcheck --quiet -j $(JOBS) --std=c11 --enable=warning,performance,portability,style --inline-suppr \
	    --suppressions-list=.cppcheck-suppressions --cppcheck-build-dir=build/lint/cppcheck --error-exitcode=1 \
	    -D_GNU_SOURCE -D__x86_64__ -Iinclude -Igateway gateway

-include $(shell find build/lint -name '*.d' 2>/dev/null)

# --- installing ------------------------------------------------------------------------------------------------------

SHARE       = $(DESTDIR)$(PREFIX)/share/helpline
CONF        = $(DESTDIR)$(SYSCONFDIR)/helpline
KEPT        = $(LOCALSTATEDIR)/lib/helpline
# The sample's paths are those of a checkout; the installed one's hold wherever a verb is started.
IN_PLACE    = -e 's|"\.helpline/control\.sock"|"$(RUNSTATEDIR)/helpline/control.sock"|' \
              -e 's,"\(@*\)\.helpline/\(keys\|forgotten\|secrets/\),"\1$(KEPT)-keys/\2,' \
              -e 's|"\.helpline/|"$(KEPT)/|' \
              -e 's|^\( *menus = "\)|\1$(PREFIX)/share/helpline/|' -e 's|^\( *profiles = "\)|\1$(PREFIX)/share/helpline/|'

install: $(BUILD)/helpline ## copies into DESTDIR and PREFIX; a configuration that is there is kept
	install -D -m 755 $(BUILD)/helpline $(DESTDIR)$(PREFIX)/bin/helpline
	find menus -type f -exec install -D -m 644 {} $(SHARE)/{} \;
	find conf/aggregators -name '*.conf' -exec install -D -m 644 {} $(SHARE)/{} \;
	install -D -m 644 -t $(SHARE)/examples conf/*.conf conf/DESK.md conf/prometheus/*
	install -d $(CONF)
	test -e $(CONF)/helpline.conf || (umask 027; sed $(IN_PLACE) conf/helpline.conf >$(CONF)/helpline.conf)
	install -D -m 644 conf/systemd/helpline.sysusers $(DESTDIR)$(PREFIX)/lib/sysusers.d/helpline.conf
	install -d $(DESTDIR)$(PREFIX)/lib/systemd/system
	sed -e 's|@PREFIX@|$(PREFIX)|g' -e 's|@SYSCONFDIR@|$(SYSCONFDIR)|g' -e 's|@LOCALSTATEDIR@|$(LOCALSTATEDIR)|g' conf/systemd/helpline.service \
	    >$(DESTDIR)$(PREFIX)/lib/systemd/system/helpline.service

uninstall: ## removes what install copied; configuration and data stay
	rm -rf $(SHARE) $(addprefix $(DESTDIR)$(PREFIX)/,bin/helpline lib/sysusers.d/helpline.conf lib/systemd/system/helpline.service)

clean: ## removes build/ and leaves .helpline/ (keys, data) alone
	rm -rf build

.DELETE_ON_ERROR:
.PHONY: all help generated deps deps-test deps-bench run test units test-programs node-modules screenshots fuzzers conformance asan asan-build tsan fuzz-build coverage-dialogues soak bench bench-data \
        format lint lint-format lint-tidy lint-cppcheck install uninstall clean
