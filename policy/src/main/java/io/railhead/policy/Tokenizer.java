package io.railhead.policy;

/// Text to tokens and back. Neither adds tokens of its own nor truncates; special tokens in the text are recognised.
/// Usable from several threads.
public interface Tokenizer extends AutoCloseable {
    TokenIds encode(String text);

    String decode(TokenIds tokens, boolean skipSpecialTokens);

    @Override
    void close();
}
