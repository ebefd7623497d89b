# The shim: links libc only, and none of shmoo but the pure files that both sides of a run share.
SHIM_SHARED := inject/calls.c inject/creator.c inject/decide.c inject/judge.c inject/plan.c inject/sieve.c \
               inject/fd_kind.c inject/argument_state.c inject/mapping.c inject/ownership.c common/scan.c
SHIM        := $(call objects,$(wildcard inject/shim/*.c)) \
               $(patsubst %.c,$(BUILD)/inject/shim/shared/%.o,$(notdir $(SHIM_SHARED)))

# A thread's block must be there before its first call, without an allocation; and a wrapper that has nothing
# to do should be nothing but two loads and a jump.
$(BUILD)/inject/shim/%.o: ALL_CFLAGS += -ftls-model=initial-exec -fno-stack-protector -U_FORTIFY_SOURCE

# Never with a sanitizer: it is loaded into programs that have none.
$(BUILD)/libshmoo-inject.so $(SHIM): override SANITIZE :=

$(BUILD)/inject/shim/shared/%.o: inject/%.c
	@mkdir -p $(@D)
	$(call SAY,CC)$(CC) $(ALL_CFLAGS) -fPIC -c -o $@ $<

$(BUILD)/inject/shim/shared/%.o: common/%.c
	@mkdir -p $(@D)
	$(call SAY,CC)$(CC) $(ALL_CFLAGS) -fPIC -c -o $@ $<

$(BUILD)/libshmoo-inject.so: $(SHIM)
	$(call SAY,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -static-libgcc -Wl,-z,defs -Wl,-z,now -o $@ $^

all: $(BUILD)/libshmoo-inject.so

# Programs the tests run shmoo on, never sanitized either. make_call is also linked statically, for the seccomp
# engine.
FLAWED  := $(wildcard tests/targets/flawed_*.c)
TARGETS := $(patsubst tests/targets/%.c,$(BUILD)/tests/targets/%,$(filter-out $(FLAWED),$(wildcard tests/targets/*.c))) \
           $(BUILD)/tests/targets/make_call $(BUILD)/tests/targets/make_call_static
# Processes that wait for each other; a scenario is a function in one of its files.
TARGETS += $(BUILD)/tests/targets/stall
# Programs that are hard to follow; a mode is a function in one of these files.
BEHAVE := $(wildcard tests/targets/behave.c tests/targets/behave/*.c tests/targets/behave/*.def tests/targets/behave/*.h)
SHARED_CALLS := $(BUILD)/inject/shim/shared/calls.o

test-programs: $(TARGETS)

$(TARGETS): override SANITIZE :=
$(TARGETS): $(SHARED_CALLS)

$(BUILD)/tests/targets/%: tests/targets/%.c
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< $(SHARED_CALLS) -lpthread -ldl

MAKE_CALL := $(BUILD)/tests/targets/make_call

$(MAKE_CALL) $(MAKE_CALL)_static: $(wildcard tests/targets/make_call/*.[ch]) inject/calls.def inject/calls.h
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(LDFLAGS) $(if $(findstring _static,$@),-static) -o $@ \
	    $(filter %.c,$^) $(SHARED_CALLS) -lpthread

$(BUILD)/tests/targets/stall: $(wildcard tests/targets/stall/*.c) $(wildcard tests/targets/stall/*.def tests/targets/stall/*.h)
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(LDFLAGS) -o $@ $(filter %.c,$^) -lpthread

$(BUILD)/tests/targets/behave: $(BEHAVE)
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) $(filter-out -MMD -MP,$(ALL_CFLAGS)) $(LDFLAGS) -o $@ $(filter %.c,$^) -lpthread -ldl

# Small programs with one flaw each, and the same without it: what a sweep has to find, and has not to. Not
# inlined, so that a call is in the function that flawed.def says.
FLAWED := $(patsubst tests/targets/%.c,$(BUILD)/tests/targets/%,$(FLAWED))
SOUND  := $(FLAWED:$(BUILD)/tests/targets/flawed_%=$(BUILD)/tests/targets/sound_%)

test-programs: $(FLAWED) $(SOUND)

$(FLAWED) $(SOUND): override SANITIZE :=
$(FLAWED) $(SOUND): ALL_CFLAGS += -O1 -fno-inline -fno-optimize-sibling-calls
$(SOUND): ALL_CFLAGS += -DSOUND

$(FLAWED): $(BUILD)/tests/targets/flawed_%: tests/targets/flawed_%.c
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< -lpthread

$(SOUND): $(BUILD)/tests/targets/sound_%: tests/targets/flawed_%.c
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< -lpthread

# A program with each sanitizer: the shim must stay behind their run-time libraries.
SANITIZED := $(BUILD)/tests/targets/behave_address $(BUILD)/tests/targets/behave_thread

test-programs: $(SANITIZED)

$(SANITIZED): $(BUILD)/tests/targets/behave_%: $(BEHAVE)
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) $(filter-out -MMD -MP $(SANITIZE),$(ALL_CFLAGS)) -fsanitize=$* -o $@ $(filter %.c,$^) -lpthread

test-programs: $(BUILD)/tests/targets/deepbound.so

$(BUILD)/tests/targets/deepbound.so: tests/targets/plain/deepbound.c
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) $(filter-out $(SANITIZE),$(ALL_CFLAGS)) -fPIC -shared -o $@ $<

# A program as linked before glibc 2.34, when what is in libc now was in librt and libpthread: it asks for those
# files and for the first symbol version of its architecture. Stubs are linked, the real ones loaded.
OLD         := $(BUILD)/tests/targets/old
OLD_VERSION := $(if $(filter x86_64,$(shell uname -m)),GLIBC_2.2.5,GLIBC_2.17)

test-programs: $(BUILD)/tests/targets/behave_old

$(OLD)/%: tests/targets/old/%.c
	@mkdir -p $(@D)
	@echo '$(OLD_VERSION) { *; };' >$@.map
	$(call SAY,LD)$(CC) -fno-builtin -fPIC -shared -Wl,-soname,$*.so.$(if $(filter librt,$*),1,0) \
	    -Wl,--version-script=$@.map -o $@ $<

$(BUILD)/tests/targets/behave_old: $(BEHAVE) $(OLD)/librt $(OLD)/libpthread
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) $(filter-out -MMD -MP $(SANITIZE),$(ALL_CFLAGS)) -o $@ $(filter %.c,$^) $(OLD)/librt $(OLD)/libpthread

# Without the run-time system of glibc at all: only the seccomp engine reaches it.
test-programs: $(if $(shell command -v musl-gcc),$(BUILD)/tests/targets/plain_musl)

$(BUILD)/tests/targets/plain_musl: tests/targets/plain/plain.c
	@mkdir -p $(@D)
	$(call SAY,LD)musl-gcc -std=gnu11 -static -O2 -o $@ $<

# Static with glibc, whose start-up code makes calls of its own.
test-programs: $(BUILD)/tests/targets/plain_static

$(BUILD)/tests/targets/plain_static: tests/targets/plain/plain.c
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) -std=gnu11 -static -O2 -o $@ $<

# Three faults on a small real program.
demo-inject: all $(BUILD)/tests/targets/ring
	@BUILD=$(BUILD) tests/demo_inject.sh

# A bug found, looked at and fixed, as README has it.
demo-sweep: all
	@BUILD=$(BUILD) tests/demo_sweep.sh

.PHONY: demo-inject demo-sweep

# The page is part of the program.
$(BUILD)/inject/sweep/report_html.o: inject/sweep/report.html
