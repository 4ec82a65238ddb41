package io.railhead.policy.template;

import java.util.ArrayList;
import java.util.List;

/// Cuts the inside of a tag into names, numbers, strings and operators.
final class ExpressionTokens {
    enum TokenType {
        NAME,
        NUMBER,
        STRING,
        OPERATOR,
        END
    }

    record Token(TokenType type, String text) {
        boolean is(TokenType wanted, String wantedText) {
            return type == wanted && text.equals(wantedText);
        }
    }

    private static final List<String> OPERATORS = List.of(
            "==", "!=", "<=", ">=", "//", "**", "<", ">", "=", "+", "-", "*", "/", "%", "~", "|", ".", ",", ":", "(",
            ")", "[", "]", "{", "}");

    private static final int MOST = 1000;

    private final String source;
    private final int line;
    private int at;

    private ExpressionTokens(String source, int line) {
        this.source = source;
        this.line = line;
    }

    /// The tokens, and one of type END behind them.
    static List<Token> of(String source, int line) {
        ExpressionTokens cut = new ExpressionTokens(source, line);
        List<Token> tokens = new ArrayList<>();
        do {
            if (tokens.size() == MOST) { // trees are as deep as a chain of operators is long
                throw new TemplateException(line, "a tag has more than " + MOST + " words");
            }
            tokens.add(cut.next());
        } while (tokens.getLast().type() != TokenType.END);
        return List.copyOf(tokens);
    }

    private Token next() {
        while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
            at++;
        }
        if (at == source.length()) {
            return new Token(TokenType.END, "the end of the tag");
        }
        char c = source.charAt(at);
        if (c == '_' || Character.isLetter(c)) {
            return new Token(TokenType.NAME, run());
        }
        if (c >= '0' && c <= '9') {
            String digits = run();
            if (!digits.matches("[0-9]{1,18}") || (source.startsWith(".", at) && followedByDigit())) {
                throw new TemplateException(line, "number " + digits + " is not supported, only whole ones are");
            }
            return new Token(TokenType.NUMBER, digits);
        }
        if (c == '\'' || c == '"') {
            return new Token(TokenType.STRING, string(c));
        }
        for (String operator : OPERATORS) {
            if (source.startsWith(operator, at)) {
                at += operator.length();
                return new Token(TokenType.OPERATOR, operator);
            }
        }
        throw new TemplateException(line, "unexpected character " + c);
    }

    private boolean followedByDigit() {
        return at + 1 < source.length() && Character.isDigit(source.charAt(at + 1));
    }

    private String run() {
        int start = at;
        while (at < source.length()
                && (Character.isDigit(source.charAt(at))
                        || source.charAt(at) == '_'
                        || Character.isLetter(source.charAt(at)))) {
            at++;
        }
        return source.substring(start, at);
    }

    /// With Python's escapes.
    private String string(char quote) {
        StringBuilder text = new StringBuilder();
        at++;
        while (source.charAt(at) != quote) { // the tag's end was found behind it
            char c = source.charAt(at++);
            if (c != '\\') {
                text.append(c);
                continue;
            }
            char escaped = source.charAt(at++);
            switch (escaped) {
                case 'n' -> text.append('\n');
                case 't' -> text.append('\t');
                case 'r' -> text.append('\r');
                case '\\', '\'', '"' -> text.append(escaped);
                case 'x' -> text.append(hexadecimal(2));
                case 'u' -> text.append(hexadecimal(4));
                case 'U' -> text.append(hexadecimal(8));
                case 'N', 'a', 'b', 'f', 'v', '\n', '0', '1', '2', '3', '4', '5', '6', '7' ->
                    throw new TemplateException(line, "escape \\" + escaped + " is not supported");
                default -> text.append('\\').append(escaped);
            }
        }
        at++;
        return text.toString();
    }

    private String hexadecimal(int digits) {
        int end = Math.min(source.length(), at + digits);
        String code = source.substring(at, end);
        if (code.length() < digits
                || !code.matches("[0-9a-fA-F]+")
                || Long.parseLong(code, 16) > Character.MAX_CODE_POINT) {
            throw new TemplateException(line, "escape with " + code + " is no character");
        }
        at = end;
        return Character.toString(Integer.parseInt(code, 16));
    }
}
