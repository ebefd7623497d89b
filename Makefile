# shmoo: `make demo` shows it, `make check` tests it, `make install PREFIX=` installs it.
# Sources are found by folder; a new file needs no edit here. Other builds (ASan, clang) use BUILD= and CC=.
VERSION := 0.1.0
PREFIX  := /usr/local
DESTDIR :=
BUILD   := build

CFLAGS   := -O2 -g
SANITIZE :=
WARNINGS := -Wall -Wextra -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wvla
ALL_CFLAGS = -std=gnu11 -D_GNU_SOURCE -DSHMOO_VERSION='"$(VERSION)"' -I. -include common/banned.h \
             $(WARNINGS) -fno-strict-aliasing -fstack-protector-strong -fvisibility=hidden -MMD -MP $(CFLAGS) $(SANITIZE)

COMMON    := $(wildcard common/*.c)
PROBES    := $(wildcard probes/*.c)
INJECT    := $(wildcard inject/*.c inject/sweep/*.c)
INSPECTOR := $(wildcard inspector/*.c inspector/*/*.c)
objects    = $(patsubst %.c,$(BUILD)/%.o,$(1))
LIBS      := -lncursesw -ltinfo -lsmartcols -ljansson -lseccomp -lpthread

# V=1 shows the commands.
SAY = $(if $(V),,@echo "  $(1)  $@";)

all: $(BUILD)/shmoo

# Everything but main(), which unit tests and fuzz targets link too.
LIBRARY := $(BUILD)/libshmoo.a
$(LIBRARY): $(filter-out $(BUILD)/inspector/main.o,$(call objects,$(COMMON) $(PROBES) $(INJECT) $(INSPECTOR)))
	@rm -f $@
	$(call SAY,AR)$(AR) rcs $@ $^

$(BUILD)/shmoo: $(BUILD)/inspector/main.o $(LIBRARY)
	$(call SAY,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS)

$(BUILD)/%.o: %.c
	@mkdir -p $(@D)
	$(call SAY,CC)$(CC) $(ALL_CFLAGS) -fPIC -c -o $@ $<

clean:
	rm -rf build

# The quick way into the kernel (probes/live_tasks.h) is there when what makes it is: libbpf's headers, a clang for
# that target, and bpftool. BPFTOOL= leaves it out.
MACHINE := $(shell uname -m)
BPFTOOL := $(shell PATH=$$PATH:/usr/sbin:/sbin command -v bpftool)
BPF     := $(if $(BPFTOOL),$(if $(filter x86_64 aarch64,$(MACHINE)),$(shell pkg-config --exists libbpf && command -v clang)))
include $(if $(BPF),probes/bpf/bpf.mk)

# Parts kept beside what they are about.
include contrib/install.mk
include inject/inject.mk
include tests/tests.mk

.PHONY: all clean
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
