package io.railhead.policy.template;

import java.util.List;
import java.util.Optional;

/// A parsed statement of a template; `line` is where its tag begins.
sealed interface Statement {
    int line();

    record Plain(int line, String text) implements Statement {}

    record Print(int line, Expression value) implements Statement {}

    /// `set name = value`, and `set name.attribute = value` of a namespace.
    record Assign(int line, String name, Optional<String> attribute, Expression value) implements Statement {}

    record If(int line, List<Branch> branches, List<Statement> otherwise) implements Statement {}

    record Branch(Expression condition, List<Statement> body) {}

    /// With two names the elements are pairs.
    record For(
            int line,
            List<String> names,
            Expression over,
            Optional<Expression> condition,
            List<Statement> body,
            List<Statement> otherwise)
            implements Statement {}

    record Break(int line) implements Statement {}

    record Continue(int line) implements Statement {}
}
