# ansi2svg.awk - turns what `tmux capture-pane -e -p` prints into an SVG picture: colours, bold and reverse.
function colour(n) { return (n < 8 ? basic[n] : n < 16 ? bright[n - 8] : n < 232 ? cube(n - 16) : grey(n - 232)) }
function cube(n) { return sprintf("#%02x%02x%02x", level(int(n / 36)), level(int(n / 6) % 6), level(n % 6)) }
function level(n) { return n ? 55 + n * 40 : 0 }
function grey(n) { return sprintf("#%02x%02x%02x", 8 + n * 10, 8 + n * 10, 8 + n * 10) }
function xml(text) { gsub(/&/, "\\&amp;", text); gsub(/</, "\\&lt;", text); gsub(/>/, "\\&gt;", text); return text }

function sgr(codes,    parts, count, i, code) {
    count = split(codes, parts, ";")
    if (codes == "") { parts[1] = 0; count = 1 }
    for (i = 1; i <= count; i++) {
        code = parts[i] + 0
        if (code == 0) { fore = back = ""; bold = reverse = 0 }
        else if (code == 1) bold = 1
        else if (code == 7) reverse = 1
        else if (code == 22) bold = 0
        else if (code == 27) reverse = 0
        else if (code >= 30 && code <= 37) fore = basic[code - 30]
        else if (code >= 40 && code <= 47) back = basic[code - 40]
        else if (code >= 90 && code <= 97) fore = bright[code - 90]
        else if (code >= 100 && code <= 107) back = bright[code - 100]
        else if (code == 39) fore = ""
        else if (code == 49) back = ""
        else if (code == 38 && parts[i + 1] == 5) { fore = colour(parts[i + 2] + 0); i += 2 }
        else if (code == 48 && parts[i + 1] == 5) { back = colour(parts[i + 2] + 0); i += 2 }
    }
}

# Characters, in an awk that counts bytes as in one that does not (LC_ALL=C): all but what continues one in UTF-8.
function columns(text) { gsub(/[\200-\277]/, "", text); return length(text) }

function run(text,    front, behind, width) {
    width = columns(text)
    if (!width) return
    front = fore == "" ? "#d8dee9" : fore
    behind = back
    if (reverse) { behind = front; front = back == "" ? "#1d2129" : back }
    if (behind != "")
        body = body sprintf("<rect x=\"%.1f\" y=\"%d\" width=\"%.1f\" height=\"18\" fill=\"%s\"/>\n", 10 + column * 8.4, 8 + (NR - 1) * 18, width * 8.4, behind)
    if (text !~ /^ *$/)
        body = body sprintf("<text x=\"%.1f\" y=\"%d\" fill=\"%s\"%s textLength=\"%.1f\">%s</text>\n", 10 + column * 8.4, 21 + (NR - 1) * 18, front, bold ? " font-weight=\"bold\"" : "", width * 8.4, xml(text))
    column += width
    if (column > widest) widest = column
}

BEGIN {
    split("#3b4252 #e0606c #98c379 #e5c07b #61a5ef #c678dd #56b6c2 #d8dee9", t, " "); for (i in t) basic[i - 1] = t[i]
    split("#5c6370 #ff7b86 #b5e890 #ffd68a #84c0ff #e29bf5 #7fd8e4 #ffffff", t, " "); for (i in t) bright[i - 1] = t[i]
}
{
    column = 0
    rest = $0
    gsub(/\033\([B0]|\016|\017/, "", rest)
    while (match(rest, /\033\[[0-9;]*m/)) {
        run(substr(rest, 1, RSTART - 1))
        sgr(substr(rest, RSTART + 2, RLENGTH - 3))
        rest = substr(rest, RSTART + RLENGTH)
    }
    run(rest)
}
END {
    printf "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" font-family=\"DejaVu Sans Mono, Menlo, Consolas, monospace\" font-size=\"14\" xml:space=\"preserve\">\n", widest * 8.4 + 20, NR * 18 + 18
    printf "<title>shmoo top</title>\n<rect width=\"100%%\" height=\"100%%\" rx=\"6\" fill=\"#1d2129\"/>\n%s</svg>\n", body
}
