# The project's commands. Each installs what it is missing and says so (tools/setup.sh).

.PHONY: help serve test page size bench watch lighthouse pictures observations examples fuzz docs fmt clean

# Native programs find the browsers, MLflow and our tools through this file.
WITH_ENV = . ./.tools/env.sh && exec

help:
	@echo "make serve         the page and a lab of real servers on this machine; Ctrl-C ends all of them"
	@echo "make test          every check: format, lints, tests, page build and size, browsers"
	@echo "make page          build the page into dist/"
	@echo "make size          what the page weighs over the wire"
	@echo "make bench         how fast a run is"
	@echo "make watch         what becomes of the memory in a day of watch mode, simulated: HOURS=24"
	@echo "make lighthouse    how the page loads: Lighthouse, mobile and desktop"
	@echo "make pictures      screenshots of every state into target/pictures"
	@echo "make observations  what real browsers see of each fault"
	@echo "make fuzz          gives every decoder what libFuzzer thinks of, SECONDS=60 each"
	@echo "make examples      record the incidents anew, which the page offers as examples"
	@echo "make docs          write docs/checks.md and docs/troubleshooting.md from the catalogue"
	@echo "make fmt           format the code"
	@echo "make clean         delete what was built (tools stay in .tools/, which may be deleted too)"

serve:
	@tools/setup.sh lab page
	@tools/page.sh
	@$(WITH_ENV) cargo run --example lab -- serve

test:
	@tools/test.sh

page:
	@tools/setup.sh page
	@tools/page.sh

size: page
	@node tools/size.mjs

bench: page
	@tools/setup.sh lab browsers
	@$(WITH_ENV) cargo run --quiet --example lab -- bench

watch: page
	@PREFLIGHT_ENGINES=chromium tools/setup.sh lab browsers
	@$(WITH_ENV) cargo run --quiet --example lab -- watch $(or $(HOURS),24)

lighthouse: page
	@PREFLIGHT_ENGINES=chromium tools/setup.sh browsers lighthouse
	@$(WITH_ENV) node tools/lighthouse.mjs

pictures: page
	@PREFLIGHT_ENGINES=chromium tools/setup.sh lab browsers
	@. ./.tools/env.sh && PREFLIGHT_ENGINES=chromium PREFLIGHT_SCREENSHOTS=target/pictures \
	  exec cargo test --quiet --test browser -- --nocapture

observations:
	@tools/setup.sh browsers
	@$(WITH_ENV) cargo test --test observations -- --nocapture

fuzz:
	@tools/fuzz.sh $(or $(SECONDS),60)

examples: page
	@PREFLIGHT_ENGINES=chromium tools/setup.sh lab browsers
	@$(WITH_ENV) cargo run --quiet --example lab -- examples

docs:
	@PREFLIGHT_WRITE_DOCS=1 cargo test --quiet --test catalogue docs::

fmt:
	@cargo fmt

clean:
	@rm -rf target dist
