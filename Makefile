# Two commands matter: `make demo` and `make test`. Both set up what they need.

.PHONY: demo test setup check-format lint unit golden release clean long

PURSER = target/release/purser
DAYS ?= 60

demo: setup release
	$(PURSER) demo --days $(DAYS) $(DEMO_FLAGS)

test: setup check-format lint unit
	scripts/stop-test-postgres.sh

setup:
	scripts/setup.sh

check-format:
	cargo fmt --all --check

lint:
	cargo clippy --workspace --all-targets --locked -- -D warnings

unit:
	cargo test --workspace --locked

# The long forms of what `make test` runs briefly.
long: setup
	PURSER_LONG=1 cargo test --release --locked -p purser -- --nocapture

release:
	cargo build --release --locked -p purser

clean:
	cargo clean
