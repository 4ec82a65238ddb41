package io.railhead.policy.template;

/// White space as Python's `str.strip` has it.
final class Whitespace {
    private static final char NEXT_LINE = 0x85;

    private Whitespace() {}

    static boolean is(char c) {
        return Character.isWhitespace(c) || Character.isSpaceChar(c) || c == NEXT_LINE;
    }
}
