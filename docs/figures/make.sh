#!/usr/bin/env bash
# Makes the course's figures again from the pages that Kindling writes:
#
#   docs/figures/make.sh runs/ladder runs/07-scaled
#
# The first folder is what `scripts/kindling ladder` wrote, the second (if given) a run of rung 7. Curves and bars are the
# pages' own SVG; attention pages are drawn by a script of theirs, so a headless Chromium takes their pictures.
set -euo pipefail

figures="$(cd "$(dirname "$(readlink -f "${BASH_SOURCE[0]}")")" && pwd)"
home="$(cd "$figures/../.." && pwd)"
chromium="${CHROMIUM:-chromium}"
[[ $# -gt 0 ]] || { echo "make.sh: needs the folder that 'scripts/kindling ladder' wrote" >&2; exit 2; }
command -v "$chromium" > /dev/null || { echo "make.sh: needs Chromium ($chromium; or set CHROMIUM)" >&2; exit 2; }
scratch="$(mktemp -d)"
trap 'rm -rf "$scratch"' EXIT

# The first drawing of a page as a file of its own, in the light colours of the page's style sheet.
drawing() {
  awk '
    /<style>/ { in_style = 1; sub(/.*<style>/, "") }
    /prefers-color-scheme/ { dark = 1 }
    /<\/style>/ { in_style = 0 }
    in_style && !dark && (/^:root/ || in_root || /^(svg text|\.grid|\.axis|\.line|\.bar|\.mark|circle)/) { style = style $0 "\n" }
    in_style && !dark && /^:root/ { in_root = 1 }
    in_style && /^}/ { in_root = 0; dark = 0 }
    /<svg/ && !done {
      sub(/.*<svg/, "<svg xmlns=\"http://www.w3.org/2000/svg\"")
      print
      printf "<style>\n%s</style>\n<rect width=\"100%%\" height=\"100%%\" fill=\"var(--page)\"/>\n", style
      in_drawing = 1
      next
    }
    in_drawing { print }
    /<\/svg>/ { done = 1; in_drawing = 0 }' "$1" > "$2"
}

# The page of what a run's model looks at, as a picture of that size: width,height.
attention() {
  "$home/scripts/kindling" attention --model "$1" --prompt "$2" --output "$scratch/attention.html" --overwrite
  "$chromium" --headless --no-sandbox --disable-gpu --hide-scrollbars --window-size="$4" \
    --screenshot="$3" "file://$scratch/attention.html" 2> /dev/null
}

ladder="$1"
drawing "$ladder/ladder.html" "$figures/ladder.svg"
for report in "$ladder"/*/report.html; do
  rung="$(basename "$(dirname "$report")")"
  drawing "$report" "$figures/${rung%%-*}-loss.svg"
done
attention "$ladder/02-one-head" "ROMEO: I" "$figures/02-attention.png" 960,1066
attention "$ladder/03-multi-head" "ROMEO: I" "$figures/03-attention.png" 960,1066
attention "$ladder/05-residual" "ROMEO: I" "$figures/05-attention.png" 960,1272
if [[ $# -gt 1 ]]; then
  drawing "$2/report.html" "$figures/07-loss.svg"
fi
