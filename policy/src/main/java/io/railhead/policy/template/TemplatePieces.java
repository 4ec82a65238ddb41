package io.railhead.policy.template;

import java.util.ArrayList;
import java.util.List;

/// Cuts a template into text and tags, and drops the white space that its tags ask to drop.
///
/// As transformers sets Jinja up: the newline behind a block or comment goes (`trim_blocks`), so does the indentation
/// before one that begins its line (`lstrip_blocks`); `-` at either end of a tag takes all white space there, `+` none;
/// one newline at the end of the template goes.
final class TemplatePieces {
    enum Type {
        TEXT,
        PRINT,
        BLOCK
    }

    record Piece(Type type, int line, String content) {}

    private final String source;
    private final List<Piece> pieces = new ArrayList<>();
    private int at;
    private boolean lineStarts = true; // whether the text that follows begins a line
    private boolean eatsSpace; // whether the tag before ended with "-"
    private int counted;
    private int line = 1;

    private TemplatePieces(String source) {
        this.source = source;
    }

    static List<Piece> of(String template) {
        String unified = template.replace("\r\n", "\n").replace('\r', '\n');
        String source = unified.endsWith("\n") ? unified.substring(0, unified.length() - 1) : unified;
        TemplatePieces cut = new TemplatePieces(source);
        while (cut.at < source.length()) {
            cut.next();
        }
        return List.copyOf(cut.pieces);
    }

    private void next() {
        int begin = tagFrom(at);
        addText(begin);
        if (begin == source.length()) {
            at = begin;
            return;
        }
        char kind = source.charAt(begin + 1);
        int inside = begin + 2 + (signAt(begin + 2) == 0 ? 0 : 1);
        String closing = kind == '{' ? "}}" : kind == '%' ? "%}" : "#}";
        int end = kind == '#' ? endOfComment(begin) : endOfTag(begin, inside, closing);
        char sign = end - 1 >= inside ? signAt(end - 1) : 0;
        if (kind != '#') {
            String content = source.substring(inside, sign == 0 ? end : end - 1);
            pieces.add(new Piece(kind == '{' ? Type.PRINT : Type.BLOCK, lineOf(begin), content));
        }
        at = end + 2;
        eatsSpace = sign == '-';
        boolean trims = kind != '{' && sign == 0 && at < source.length() && source.charAt(at) == '\n';
        if (trims) {
            at++;
        }
        lineStarts = trims;
    }

    private void addText(int end) {
        int from = at;
        if (eatsSpace) {
            while (from < end && Whitespace.is(source.charAt(from))) {
                from++;
            }
            eatsSpace = false;
        }
        int to = end;
        if (end < source.length()) {
            char sign = signAt(end + 2);
            if (sign == '-') {
                while (to > from && Whitespace.is(source.charAt(to - 1))) {
                    to--;
                }
            } else if (sign == 0 && source.charAt(end + 1) != '{') {
                to = withoutIndentation(from, end);
            }
        }
        if (to > from) {
            pieces.add(new Piece(Type.TEXT, lineOf(from), source.substring(from, to)));
        }
    }

    /// Where the text ends if the blanks that alone stand before the tag on its line go.
    private int withoutIndentation(int from, int end) {
        int lastLine = Math.max(from, source.lastIndexOf('\n', end - 1) + 1);
        if (lastLine == from && !lineStarts) {
            return end; // a tag stands before it on its line
        }
        for (int i = lastLine; i < end; i++) {
            if (!Whitespace.is(source.charAt(i))) {
                return end;
            }
        }
        return lastLine;
    }

    /// `-`, `+` or 0.
    private char signAt(int place) {
        char sign = place < source.length() ? source.charAt(place) : 0;
        return sign == '-' || sign == '+' ? sign : 0;
    }

    private int tagFrom(int start) {
        for (int i = start; i + 1 < source.length(); i++) {
            if (source.charAt(i) == '{' && "{%#".indexOf(source.charAt(i + 1)) >= 0) {
                return i;
            }
        }
        return source.length();
    }

    private int endOfComment(int begin) {
        int end = source.indexOf("#}", begin + 2);
        if (end < 0) {
            throw new TemplateException(lineOf(begin), "a comment is not closed");
        }
        return end;
    }

    /// Where `closing` stands outside of strings and brackets.
    private int endOfTag(int begin, int inside, String closing) {
        int depth = 0;
        for (int i = inside; i < source.length(); i++) {
            char c = source.charAt(i);
            if (c == '\'' || c == '"') {
                i = endOfString(begin, i);
            } else if (depth == 0 && source.startsWith(closing, i)) {
                return i;
            } else if ("([{".indexOf(c) >= 0) {
                depth++;
            } else if (")]}".indexOf(c) >= 0) {
                depth--;
            }
        }
        throw new TemplateException(lineOf(begin), "a tag is not closed by " + closing);
    }

    private int endOfString(int begin, int open) {
        for (int i = open + 1; i < source.length(); i++) {
            if (source.charAt(i) == '\\') {
                i++;
            } else if (source.charAt(i) == source.charAt(open)) {
                return i;
            }
        }
        throw new TemplateException(lineOf(begin), "a string is not closed");
    }

    /// Asked for places in ascending order, so that a long template is counted once.
    private int lineOf(int place) {
        for (; counted < place; counted++) {
            line += source.charAt(counted) == '\n' ? 1 : 0;
        }
        return line;
    }
}
