package io.railhead.policy.template;

import java.util.List;
import java.util.Map;
import java.util.Optional;

/// A parsed expression of a template.
sealed interface Expression {
    record Literal(Value value) implements Expression {}

    record Name(String name) implements Expression {}

    record ListOf(List<Expression> items) implements Expression {}

    record MapOf(List<Map.Entry<Expression, Expression>> entries) implements Expression {}

    /// `of.key` and `of[key]`.
    record Member(Expression of, Expression key) implements Expression {}

    record Slice(Expression of, Optional<Expression> from, Optional<Expression> to, Optional<Expression> step)
            implements Expression {}

    /// `range(3)`, and with a receiver `text.strip()` or `text | trim`.
    record Call(Callable callable, List<Expression> arguments, Map<String, Expression> named) implements Expression {}

    record Is(Expression of, Kind kind, Optional<Expression> argument) implements Expression {}

    record Not(Expression of) implements Expression {}

    record Negative(Expression of) implements Expression {}

    record And(Expression left, Expression right) implements Expression {}

    record Or(Expression left, Expression right) implements Expression {}

    /// `a < b <= c`: every link holds.
    record Comparison(Expression first, List<Link> links) implements Expression {}

    record Link(String operator, Expression right) {}

    /// One of `+ - * // % ~`.
    record Arithmetic(String operator, Expression left, Expression right) implements Expression {}

    record Conditional(Expression then, Expression condition, Optional<Expression> otherwise) implements Expression {}

    /// What `is` may ask.
    enum Kind {
        STRING,
        DEFINED,
        UNDEFINED,
        NONE,
        MAPPING,
        SEQUENCE,
        ITERABLE,
        NUMBER,
        INTEGER,
        BOOLEAN,
        TRUE,
        FALSE,
        EQUALTO,
        IN
    }
}
