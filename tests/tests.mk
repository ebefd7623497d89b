# Test programs and `make check`. What the tests need is listed in tests/deps.
TESTS    := $(BUILD)/tests
UNIT     := $(patsubst tests/unit/%.c,$(TESTS)/unit/%,$(wildcard tests/unit/test_*.c))
FUZZ     := $(patsubst tests/fuzz/%.c,$(TESTS)/fuzz/%,$(wildcard tests/fuzz/fuzz_*.c))
MAKE_IPC := $(call objects,$(wildcard tests/make_ipc/*.c))

# Other builds of the same tree, on all processors unless the caller chose.
SUBMAKE   = $(MAKE) --no-print-directory $(if $(filter -j%,$(MAKEFLAGS)),,-j$(shell nproc))
ASAN     := BUILD=build/asan CFLAGS="-O1 -g -fno-omit-frame-pointer" \
            SANITIZE="-fsanitize=address,undefined -fno-sanitize-recover=all"
FUZZING  := BUILD=build/fuzz CC=clang CFLAGS="-O1 -g" \
            SANITIZE="-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all"

test-programs: $(TESTS)/sandbox $(TESTS)/make_ipc/make_ipc $(UNIT)

fuzz-programs: $(FUZZ)

$(TESTS)/sandbox: $(BUILD)/tests/sandbox.o
	$(call SAY,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^

$(TESTS)/make_ipc/make_ipc: $(MAKE_IPC) $(call objects,$(COMMON))
	$(call SAY,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ -lpthread

$(UNIT): $(TESTS)/unit/%: $(BUILD)/tests/unit/%.o $(LIBRARY)
	$(call SAY,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $^ $(LIBS) -lcmocka

$(FUZZ): $(TESTS)/fuzz/%: $(BUILD)/tests/fuzz/%.o $(LIBRARY)
	$(call SAY,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(LIBS)

# T=NAME runs what is called so, SHUFFLE=1 (or a seed) changes the order. What tests/check wants to see built
# with other flags is built here, because tests build nothing.
check:
	@tests/deps.sh build check
	@$(SUBMAKE) all test-programs
	@$(SUBMAKE) $(ASAN) all test-programs
	@$(SUBMAKE) $(FUZZING) fuzz-programs
	@tests/run $(if $(SHUFFLE),--shuffle=$(SHUFFLE)) $(T)

# The programs that end-to-end tests run shmoo on, besides what `make check` installs.
deps-all:
	@tests/deps.sh build check programs

# A world of real objects in private namespaces, and what shmoo says of it.
demo:
	@tests/deps.sh build
	@$(SUBMAKE) all $(TESTS)/sandbox $(TESTS)/make_ipc/make_ipc $(TESTS)/targets/stall
	@tests/demo.sh

# SECONDS=N for each target; what is found stays in build/fuzz/found.
fuzz:
	@tests/deps.sh build check
	@$(SUBMAKE) $(FUZZING) fuzz-programs
	@for target in $(FUZZ:$(BUILD)/%=build/fuzz/%); do \
	    name=$${target##*/fuzz_}; mkdir -p build/fuzz/found build/fuzz/corpus/$$name tests/fuzz/corpus/$$name; \
	    $$target -max_total_time=$(or $(SECONDS),60) -artifact_prefix=build/fuzz/found/ \
	        build/fuzz/corpus/$$name tests/fuzz/corpus/$$name || exit 1; \
	done

# Ratios to other tools, each in one run; what was promised and missed is said.
bench: bench-programs
	@tests/deps.sh build check programs
	@status=0; for script in tests/bench/*.sh; do BUILD=$(BUILD) $$script || status=1; echo; done; exit $$status

BENCHES  := $(patsubst %,$(TESTS)/bench/%,bare inject_loop load pair spawn step)

bench-programs: all $(BENCHES) $(TESTS)/targets/leave $(TESTS)/make_ipc/make_ipc

$(BENCHES): $(TESTS)/bench/%: tests/bench/%.c
	@mkdir -p $(@D)
	$(call SAY,LD)$(CC) $(ALL_CFLAGS) $(LDFLAGS) -o $@ $< -lpthread

# Every header compiles alone; see tests/check/headers.sh.
HEADERS := $(wildcard $(addsuffix /*.h,common probes inject inject/sweep inspector inspector/dashboard tests/*))
check-headers: $(HEADERS:%=%-alone)
$(HEADERS:%=%-alone): %-alone:
	@echo '#include "$*"' | $(CC) $(ALL_CFLAGS) -Werror -fsyntax-only -MF /dev/null -x c -

.PHONY: $(HEADERS:%=%-alone) check bench bench-programs demo deps-all fuzz test-programs fuzz-programs check-headers
.SECONDARY: $(patsubst %.c,$(BUILD)/%.o,$(wildcard tests/unit/test_*.c tests/fuzz/fuzz_*.c))
