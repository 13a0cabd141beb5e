#!/usr/bin/env bash
# Runs the Windows program under wine and compares every file it writes with what the Linux program
# writes, byte for byte (timings.json aside). Says why it was skipped where something is missing.
#
#   release/wine-test.sh [touyan.exe [touyan]]
set -euo pipefail
cd "$(dirname "$0")/.."

target="${CARGO_TARGET_DIR:-target}"
exe="${1:-$target/x86_64-pc-windows-gnu/release/touyan.exe}"
native="${2:-$target/release/touyan}"
skip() { echo "skipped: $*"; exit 0; }

wine=$(command -v wine64 || command -v wine || true)
[ -n "$wine" ] || { [ -x /usr/lib/wine/wine64 ] && wine=/usr/lib/wine/wine64; } || skip "no wine64 here"
command -v x86_64-w64-mingw32-gcc >/dev/null || skip "no x86_64-w64-mingw32-gcc here"
[ -f "$exe" ] || skip "$exe has not been built"
[ -x "$native" ] || skip "$native has not been built"

work=$(mktemp -d)
export WINEPREFIX="$work/prefix" WINEDEBUG=-all WINEDLLOVERRIDES="mscoree,mshtml=" LC_ALL=C.UTF-8
# wine's own background process must be gone before its folder can be.
stop() {
    local server
    for server in "$(command -v wineserver || true)" /usr/lib/wine/wineserver64 /usr/lib/wine/wineserver; do
        [ -x "$server" ] && { "$server" -k >/dev/null 2>&1 || true; break; }
    done
    rm -rf "$work" 2>/dev/null || { sleep 1; rm -rf "$work"; }
}
trap stop EXIT

# Debian 12's wine lacks a DLL that every Windows since 10 has; beside the program, it is found.
mkdir "$work/bin"
cat >"$work/random.c" <<'C'
#include <windows.h>
BOOLEAN NTAPI SystemFunction036(PVOID, ULONG);
__declspec(dllexport) BOOL WINAPI ProcessPrng(PBYTE data, SIZE_T size) { return SystemFunction036(data, (ULONG)size); }
C
x86_64-w64-mingw32-gcc -shared -O1 -o "$work/bin/bcryptprimitives.dll" "$work/random.c" -ladvapi32
ln "$exe" "$work/bin/touyan.exe" 2>/dev/null || cp "$exe" "$work/bin/touyan.exe"

# The native program and the Windows one, in the same folder, with the same words.
windows() { timeout 300 "$wine" "$work/bin/touyan.exe" "$@" </dev/null; }
first=$(date +%s.%N)
windows --version >/dev/null || { echo "the Windows program does not start under $wine"; exit 1; }
again=$(date +%s.%N)
windows --version >/dev/null
printf 'starts under wine: %.1f s the first time (a new prefix), %.1f s then\n' \
    "$(echo "$again - $first" | bc 2>/dev/null || echo 0)" "$(echo "$(date +%s.%N) - $again" | bc 2>/dev/null || echo 0)"

failures=0
same() { # same WHAT FOLDER FOLDER
    local difference
    if difference=$(diff -rq --exclude=timings.json "$2" "$3"); then
        echo "same bytes: $1 ($(find "$2" -type f ! -name timings.json | wc -l) files)"
    else
        echo "DIFFERENT: $1"
        echo "$difference" | sed "s|$work/||g; s/^/    /"
        failures=$((failures + 1))
    fi
}

cd "$work"
case "$native" in /*) ;; *) native="$OLDPWD/$native" ;; esac

# The demo county, in both languages and for both readers.
for language in zh en; do
    for reader in summary internal; do
        "$native" --lang $language demo --out "linux/demo" --for $reader >linux.txt 2>/dev/null
        windows --lang $language demo --out "windows/demo" --for $reader >windows.txt 2>/dev/null
        same "the demo county, $language, $reader" linux/demo windows/demo
        # On the screen only the separators of paths may differ.
        if ! diff <(sed 's|linux/|windows/|g' linux.txt) <(tr -d '\r' <windows.txt | tr '\\' '/') >said.txt; then
            echo "DIFFERENT words on the screen: demo, $language, $reader"; sed 's/^/    /' said.txt
            failures=$((failures + 1))
        fi
        rm -rf linux windows
    done
done

# Sheets as offices keep them, in folders with Chinese names: the messy county where it is at hand,
# else a synthetic one as workbooks.
book="头雁 县/台账（终稿）"
mkdir -p "头雁 县"
messy="${TOUYAN_MESSY_COUNTY:-}"
for place in "$OLDPWD/shared/data/messy_county" "$OLDPWD/../shared/data/messy_county" "$OLDPWD/../../shared/data/messy_county" /work/shared/data/messy_county; do
    [ -n "$messy" ] || { [ -d "$place" ] && messy="$place"; } || true
done
if [ -n "$messy" ]; then
    cp -r "$messy" "$book" && chmod -R u+w "$book"
    what="the messy county"
else
    "$native" synth "$book" --villages 60 --format xlsx >/dev/null 2>&1
    what="a synthetic county as workbooks"
fi
mkdir "$book/乡镇报送"
printf '序号,乡镇,村,党员数\r\n1,青石镇,大泉村,41\r\n' | iconv -f UTF-8 -t GB18030 >"$book/乡镇报送/补充 1.csv"
# One secret for both, or people's codes would differ.
printf '%064d\n' 7 >"$book.touyan-salt"
for format in parquet csv; do
    "$native" run "$book" --out "linux/结果" --format $format >/dev/null 2>&1
    windows run "$book" --out "windows/结果" --format $format >/dev/null 2>&1
    same "$what, run --format $format" linux/结果 windows/结果
done
"$native" check "$book" --out linux/检查 --json >linux/check.json 2>/dev/null || true
windows check "$book" --out windows/检查 --json 2>/dev/null | tr -d '\r' >windows/check.json || true
same "$what, check" linux windows
# A Linux output verifies on Windows up to the full replay.
if windows verify "linux/结果" --book "$book" >verify.txt 2>/dev/null; then
    echo "the Windows program replays the Linux run: $(tail -n 1 verify.txt | tr -d '\r')"
else
    echo "DIFFERENT: the Windows program cannot verify the Linux run"; sed 's/^/    /' verify.txt
    failures=$((failures + 1))
fi
# A folder beside an output open for reading is what Excel's lock looks like from outside; that case
# is in the unit tests, for wine does not enforce every lock.
[ "$failures" = 0 ] || { echo "$failures comparisons failed"; exit 1; }
