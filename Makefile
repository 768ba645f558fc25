VENV := .venv
BENCH_VENV := .venv-bench
PYTHON := $(VENV)/bin/python
BASE_PYTHON ?= $(shell command -v python3.11 || command -v python3)

.PHONY: install chat demo dialogues pictures load build check test lint fix bench masking train clean

install: $(VENV)/installed

# torch first and from the plain index, so that the pinned build is the one that everything else finds.
$(VENV)/installed: pyproject.toml constraints.txt
	$(BASE_PYTHON) -m venv $(VENV)
	$(PYTHON) -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(PYTHON) -m pip install --quiet --disable-pip-version-check -c constraints.txt -e '.[dev]'
	touch $@

chat: install
	@$(PYTHON) -m indexer build --if-needed
	@$(PYTHON) -m bot chat

# The review console on a month of made-up conversations; names and passwords are printed, new ones each time.
demo: install
	@$(PYTHON) -m indexer build --if-needed
	@$(PYTHON) -m bot demo-data
	@CONSOLE_SECRET=$$($(PYTHON) -c 'import secrets; print(secrets.token_urlsafe(32))') \
		DATABASE_URL=sqlite:///$$($(PYTHON) -c 'from bot.settings import BotSettings; print(BotSettings().data_dir.absolute())')/demo.db \
		$(PYTHON) -m bot console --notice "Contoh: semua percakapan di sini karangan. A demonstration: everything here is made up."

build: install
	$(PYTHON) -m indexer build

check: install
	$(PYTHON) -m indexer check

# On all cores: much of it waits, for a bot that starts or a message that comes.
test: install
	$(PYTHON) -m pytest -q -n auto --dist loadfile

lint: install
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy

fix: install
	$(VENV)/bin/ruff check --fix .
	$(VENV)/bin/ruff format .

# Other systems beside ours, how cost grows, time, memory, and what each step brings; writes docs/benchmarks.md.
# QUESTIONS=file judges by a file of questions. Takes about half an hour; needs a published index (make build).
bench: install $(BENCH_VENV)/installed
	$(BENCH_VENV)/bin/python -m benchmarks.side_by_side $(QUESTIONS)
	$(PYTHON) -m benchmarks.answer_time
	$(PYTHON) -m benchmarks.memory
	$(PYTHON) -m benchmarks.ablation

$(BENCH_VENV)/installed: pyproject.toml
	$(BASE_PYTHON) -m venv $(BENCH_VENV)
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check torch==2.13.0
	$(BENCH_VENV)/bin/python -m pip install --quiet --disable-pip-version-check -e '.[bench]'
	touch $@

# Play the dialogues of the tests again and write down what is said now.
dialogues: install
	$(PYTHON) -m indexer build --if-needed
	$(PYTHON) -m bot play tests/dialogues/*.txt --update

# Pictures of some dialogues and of the console for the documents; needs Chromium.
pictures: install
	$(PYTHON) -m bot play tests/dialogues/a_rumour.txt tests/dialogues/in_a_group.txt \
		--pictures docs/dialogues
	$(PYTHON) -m pytest -q tests/test_console_pictures.py --pictures docs/console

# Two hundred sellers at once on a fake Telegram, also with the bot killed in the middle; about three minutes.
load: install
	$(PYTHON) -m benchmarks.telegram_load

# Precision and recall of the masking of personal data, on made-up messages.
masking: install
	$(PYTHON) -m tests.masking_report

# Make the bundled model again, about an hour: make train DATA=folder TEACHER=folder WORDS=folder
train: install
	$(PYTHON) -m training all --data "$(DATA)" --teacher "$(TEACHER)" --words "$(WORDS)" --work data/training

clean:
	rm -rf $(VENV) $(BENCH_VENV) data
