#!/bin/sh
# The browser tests drive the system's Chromium: install it if root, otherwise say how.
# The list of names is the one in tests/browser/harness.py.
found() {
    for name in ${CHROMIUM:+"$CHROMIUM"} chromium-headless-shell chromium chromium-browser google-chrome
    do
        command -v "$name" >/dev/null && return 0
    done
    return 1
}

found && exit 0

if [ "$(id -u)" = 0 ]; then
    echo "Installing Chromium for the browser tests"
    if command -v apt-get >/dev/null; then
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        # Ubuntu has the name chromium alone.
        apt-get install -y -qq --no-install-recommends \
            chromium-headless-shell fonts-liberation >/dev/null </dev/null || \
            apt-get install -y -qq --no-install-recommends \
                chromium fonts-liberation >/dev/null </dev/null
    elif command -v dnf >/dev/null; then
        dnf install -y -q chromium liberation-fonts </dev/null
    elif command -v apk >/dev/null; then
        apk add --quiet chromium font-liberation </dev/null
    fi
    found && exit 0
fi

echo "The browser tests need Chromium and found none." >&2
echo "Install it (as root: apt-get install chromium, dnf install chromium, apk add chromium)" >&2
echo "or name one: make test CHROMIUM=/path/to/chrome" >&2
exit 2
