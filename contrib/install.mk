# make install and make uninstall: into $(DESTDIR)$(PREFIX). The shim lies where inject/launch.c looks for it.
PLACE       = $(DESTDIR)$(PREFIX)
MANUAL     := $(wildcard man/*.[1-9])
COMPLETION  = $(PLACE)/share/bash-completion/completions/shmoo
UNITS      := $(wildcard contrib/systemd/*)
# For Prometheus and Grafana to be pointed at.
RECIPES    := contrib/prometheus/alerts.yml contrib/grafana/shmoo.json

install: all
	install -d $(PLACE)/bin $(PLACE)/libexec/shmoo $(dir $(COMPLETION))
	install -m 755 $(BUILD)/shmoo $(PLACE)/bin/shmoo
	install -m 755 $(BUILD)/libshmoo-inject.so $(PLACE)/libexec/shmoo/libshmoo-inject.so
	install -m 644 contrib/completions/shmoo $(COMPLETION)
	for page in $(MANUAL); do \
	    install -D -m 644 $$page $(PLACE)/share/man/man$${page##*.}/$${page##*/} || exit; \
	done
	install -d $(PLACE)/lib/systemd/system $(PLACE)/share/shmoo
	for unit in $(UNITS); do \
	    sed 's|/usr/local|$(PREFIX)|' $$unit >$(PLACE)/lib/systemd/system/$${unit##*/} || exit; \
	done
	install -m 644 $(RECIPES) $(PLACE)/share/shmoo

# Folders that others may use too are left.
uninstall:
	rm -f $(PLACE)/bin/shmoo $(PLACE)/libexec/shmoo/libshmoo-inject.so $(COMPLETION)
	rm -f $(UNITS:contrib/systemd/%=$(PLACE)/lib/systemd/system/%) $(addprefix $(PLACE)/share/shmoo/,$(notdir $(RECIPES)))
	rmdir $(PLACE)/libexec/shmoo $(PLACE)/share/shmoo 2>/dev/null || :
	for page in $(MANUAL); do rm -f $(PLACE)/share/man/man$${page##*.}/$${page##*/}; done

.PHONY: install uninstall

# The picture in README.
screenshot: all $(BUILD)/tests/sandbox $(BUILD)/tests/make_ipc/make_ipc $(BUILD)/tests/targets/stall
	contrib/screenshot/take.sh >contrib/screenshot.svg.new
	mv contrib/screenshot.svg.new contrib/screenshot.svg

.PHONY: screenshot
