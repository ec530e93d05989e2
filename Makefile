# Two commands matter: `make demo` and `make test`. Both set up what they need.

.PHONY: demo test setup check-format lint built unit release clean long web web-check story story-postgres pace screenshots

PURSER = target/release/purser
DAYS ?= 60

demo: setup web release
	$(PURSER) demo --days $(DAYS) $(DEMO_FLAGS)

# The tests wait for disks and servers, the story for a browser: they run beside each other.
test: setup check-format web-check lint built
	$(MAKE) --no-print-directory --jobs=2 unit story
	scripts/stop-test-postgres.sh

setup:
	scripts/setup.sh

check-format:
	cargo fmt --all --check

lint:
	cargo clippy --workspace --all-targets --locked -- -D warnings

built:
	cargo test --workspace --all-targets --locked --no-run

# The comments hold no code to run: reading every crate once more for it is spared.
unit: built
	cargo test --workspace --all-targets --locked

# The long forms of what `make test` runs briefly.
long: setup
	PURSER_LONG=1 cargo test --release --locked -p purser -p stories -- --nocapture

# The web UI, where Node is: without it the binary says how to build it, and all else works.
web:
	scripts/build-web.sh

web-check: web
	cd web && npm run --silent types:check && npm run --silent check

# A day at the desk in a browser, against the binary that the tests are built with.
story: web built
	cd web && PURSER=$(abspath $(or $(CARGO_TARGET_DIR),target))/debug/purser npm run --silent story

# The same on PostgreSQL, in a cluster that ends with it.
story-postgres: setup web built
	cd web && PURSER_STORY_ENGINE=postgres PURSER=$(abspath $(or $(CARGO_TARGET_DIR),target))/debug/purser npm run --silent story

# How long the desk takes on 100,000 items and a million moves: figures, on a quiet machine.
pace: setup web release
	cd web && PURSER=$(abspath $(or $(CARGO_TARGET_DIR),target))/release/purser npm run --silent pace

screenshots: setup web
	cargo build --locked -p purser
	cd web && PURSER=$(abspath $(or $(CARGO_TARGET_DIR),target))/debug/purser npm run --silent screenshots

release:
	cargo build --release --locked -p purser

clean:
	cargo clean
