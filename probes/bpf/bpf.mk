# The program for the kernel, and the C header by which live_iterators.c loads it.
$(BUILD)/probes/bpf/tasks.bpf: probes/bpf/tasks.bpf.c $(wildcard probes/bpf/*.h)
	@mkdir -p $(@D)
	$(call SAY,BPF)$(BPF) -target bpf -O2 -g -Wall -Wextra -I. -idirafter /usr/include/$(MACHINE)-linux-gnu \
	    -DSHMOO_$(MACHINE) -c -o $@ $<

$(BUILD)/probes/bpf/tasks.skel.h: $(BUILD)/probes/bpf/tasks.bpf
	$(call SAY,GEN)$(BPFTOOL) gen skeleton -L $< name tasks >$@.new
	@mv $@.new $@

$(BUILD)/probes/live_iterators.o: $(BUILD)/probes/bpf/tasks.skel.h
# In front of common/banned.h, which forbids what libbpf's headers use; they also lack an include.
$(BUILD)/probes/live_iterators.o: private CC += -DSHMOO_BPF -include errno.h -isystem $(BUILD)/probes/bpf -include tasks.skel.h
