#!/usr/bin/env bash
# Builds what is handed out, into dist/: the Linux program as .tar.gz and the Windows program as
# .zip, each with licences, documents and an example policy, and their checksums. The archives hold
# no clock and no owner: the same program gives the same archive.
#
#   release/build.sh            both
#   release/build.sh --built    both, from what has been built already
#   release/build.sh --imports  no archive: what the Windows program needs of Windows, once built
#
# Needs a Rust toolchain; mingw-w64, the Windows target and zip are installed where that is allowed.
set -euo pipefail
cd "$(dirname "$0")/.."
export LC_ALL=C.UTF-8 TZ=UTC
windows_target=x86_64-pc-windows-gnu
target="${CARGO_TARGET_DIR:-target}"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
# The time of everything in the archives, and of the Windows program's own header.
SOURCE_DATE_EPOCH="${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1767225600)}"
export SOURCE_DATE_EPOCH
step() { printf '\n== %s\n' "$*"; }
has() { command -v "$1" >/dev/null; }
install() { # install PACKAGE…
    if has apt-get && [ "$(id -u)" = 0 ]; then
        (apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$@") </dev/null >/dev/null 2>&1 || true
    fi
}

if [ -z "${1:-}" ]; then
    step "build for Linux"
    cargo build --release --locked
    step "build for Windows"
    has x86_64-w64-mingw32-gcc || install gcc-mingw-w64-x86-64
    has x86_64-w64-mingw32-gcc || { echo "x86_64-w64-mingw32-gcc is missing; Debian: apt-get install gcc-mingw-w64-x86-64"; exit 1; }
    has rustup && rustup target add $windows_target >/dev/null 2>&1 || true
    cargo build --release --locked --target $windows_target
fi
linux="$target/release/touyan"
windows="$target/$windows_target/release/touyan.exe"
built() { [ -f "$1" ] || { echo "$1 has not been built"; exit 1; }; }
built "$windows"

step "the Windows program asks for nothing but Windows"
# What every Windows 10 has. A DLL of the compiler (libgcc, libwinpthread) would not be there.
system='^(advapi32|bcrypt|bcryptprimitives|combase|kernel32|msvcrt|ntdll|ole32|oleaut32|pdh|powrprof|psapi|secur32|shell32|user32|userenv|ws2_32|iphlpapi|netapi32|crypt32|api-ms-win-[a-z0-9-]+)\.dll$'
foreign=$(x86_64-w64-mingw32-objdump -p "$windows" | sed -n 's/^\s*DLL Name: //p' | tr 'A-Z' 'a-z' | sort -u | grep -Ev "$system" || true)
[ -z "$foreign" ] || { echo "it would need: $foreign"; exit 1; }
echo "system DLLs only"
[ "${1:-}" != "--imports" ] || exit 0
built "$linux"

step "put together"
rm -rf dist && mkdir -p dist
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"$linux" --lang zh init "$work/init" >/dev/null

# gather FOLDER: what both packages hold beside the program.
gather() {
    mkdir -p "$1/文档" "$1/政策示例"
    cp README.md README.zh.md LICENSE-MIT LICENSE-APACHE CHANGELOG.md docs/book.md docs/policy.md docs/outputs.md \
        docs/cli.zh.md docs/cli.en.md "$1/文档/"
    cp "$work/init/policy.toml" "$1/政策示例/"
    # Notepad of every age reads a text with a mark and Windows line ends.
    { printf '\xef\xbb\xbf'; sed "s/@VERSION@/$version/; s/$/\r/" release/使用说明.txt; } >"$1/使用说明.txt"
}
linux_name="touyan-$version-linux-x86_64"
windows_name="touyan-$version-windows-x64"
gather "$work/$linux_name"
gather "$work/$windows_name"
cp "$linux" "$work/$linux_name/touyan" && strip "$work/$linux_name/touyan"
cp "$windows" "$work/$windows_name/touyan.exe" && x86_64-w64-mingw32-strip "$work/$windows_name/touyan.exe"

find "$work" -exec touch -h -d "@$SOURCE_DATE_EPOCH" {} +
find "$work" -type d -exec chmod 755 {} + && find "$work" -type f -exec chmod 644 {} +
chmod 755 "$work/$linux_name/touyan"

tar --sort=name --mtime="@$SOURCE_DATE_EPOCH" --owner=0 --group=0 --numeric-owner -C "$work" -cf - "$linux_name" |
    gzip -n -9 >"dist/$linux_name.tar.gz"
has zip || install zip
has zip || { echo "zip is missing; Debian: apt-get install zip"; exit 1; }
# Names as UTF-8, no extra fields (times of access, owners), in sorted order.
archive="$PWD/dist/$windows_name.zip"
(cd "$work" && find "$windows_name" | sort | zip -q -9 -X -UN=UTF8 "$archive" -@)

step "checksums"
(cd dist && sha256sum -- *.tar.gz *.zip >SHA256SUMS && cat SHA256SUMS)
if has b3sum; then (cd dist && b3sum -- *.tar.gz *.zip >B3SUMS); fi
ls -l dist | awk 'NR > 1 { printf "%8.1f MB  %s\n", $5 / 1e6, $9 }'
glibc=$(objdump -T "$linux" 2>/dev/null | grep -o 'GLIBC_[0-9.]*' | sort -Vu | tail -n 1 || true)
echo "the Linux program needs ${glibc:-an unknown glibc} or later (that of the machine it was built on)"
