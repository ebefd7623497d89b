# The shim: links libc only, and none of shmoo but the pure files that both sides of a run share.
SHIM_SHARED := inject/calls.c inject/decide.c inject/judge.c inject/plan.c inject/fd_kind.c
SHIM        := $(call objects,$(wildcard inject/shim/*.c) $(SHIM_SHARED))

# A thread's block must be there before its first call, without an allocation; and a wrapper that has nothing
# to do should be nothing but two loads and a jump.
$(BUILD)/inject/shim/%.o: ALL_CFLAGS += -ftls-model=initial-exec -fno-stack-protector -U_FORTIFY_SOURCE

$(BUILD)/libshmoo-inject.so: $(SHIM)
	$(CC) $(ALL_CFLAGS) $(LDFLAGS) -shared -Wl,-z,defs -Wl,-z,now -o $@ $^

all: $(BUILD)/libshmoo-inject.so
