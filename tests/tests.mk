# Test programs and `make check`.
TESTS       := $(BUILD)/tests
UNIT        := $(patsubst tests/unit/%.c,$(TESTS)/unit/%,$(wildcard tests/unit/test_*.c))
MAKE_IPC    := $(call objects,$(wildcard tests/make_ipc/*.c))
# What unit tests may use: everything but main().
LIBRARY     := $(filter-out $(BUILD)/inspector/main.o,$(call objects,$(COMMON) $(PROBES) $(INJECT) $(INSPECTOR)))

test-programs: $(TESTS)/sandbox $(if $(MAKE_IPC),$(TESTS)/make_ipc/make_ipc) $(UNIT)

$(TESTS)/sandbox: $(BUILD)/tests/sandbox.o
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

$(TESTS)/make_ipc/make_ipc: $(MAKE_IPC) $(call objects,$(COMMON))
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lpthread

$(UNIT): $(TESTS)/unit/%: $(BUILD)/tests/unit/%.o $(LIBRARY)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

# T=NAME runs what is called so, SHUFFLE=1 (or a seed) changes the order.
check:
	@tests/deps.sh build check
	@$(MAKE) --no-print-directory all test-programs
	@BUILD=$(BUILD) tests/run $(if $(SHUFFLE),--shuffle=$(SHUFFLE)) $(T)

# The programs that end-to-end tests run shmoo on, besides what `make check` installs.
deps-all:
	@tests/deps.sh build check programs

.PHONY: check deps-all test-programs
.SECONDARY: $(patsubst tests/unit/%.c,$(BUILD)/tests/unit/%.o,$(wildcard tests/unit/test_*.c))
