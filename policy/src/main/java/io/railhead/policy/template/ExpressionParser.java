package io.railhead.policy.template;

import io.railhead.policy.template.Expression.Kind;
import io.railhead.policy.template.ExpressionTokens.Token;
import io.railhead.policy.template.ExpressionTokens.TokenType;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Reads expressions by recursive descent, one method a level of precedence.
final class ExpressionParser {
    private static final int MOST_NESTED = 60;
    private static final Set<String> COMPARISONS = Set.of("==", "!=", "<", "<=", ">", ">=");

    private final List<Token> tokens;
    private final int line;
    private int at;
    private int depth;

    ExpressionParser(String source, int line) {
        this.tokens = ExpressionTokens.of(source, line);
        this.line = line;
    }

    Token peek() {
        return tokens.get(at);
    }

    boolean takes(TokenType type, String text) {
        boolean found = peek().is(type, text);
        at += found ? 1 : 0;
        return found;
    }

    String name() {
        if (peek().type() != TokenType.NAME) {
            throw unexpected("a name");
        }
        return tokens.get(at++).text();
    }

    void require(String operator) {
        if (!takes(TokenType.OPERATOR, operator)) {
            throw unexpected(operator);
        }
    }

    void requireWord(String word) {
        if (!takes(TokenType.NAME, word)) {
            throw unexpected(word);
        }
    }

    void requireEnd() {
        if (peek().type() != TokenType.END) {
            throw unexpected("the end of the tag");
        }
    }

    Expression expression() {
        if (++depth > MOST_NESTED) {
            throw new TemplateException(line, "expressions are nested more than " + MOST_NESTED + " deep");
        }
        Expression then = or();
        while (takes(TokenType.NAME, "if")) {
            Expression condition = or();
            Optional<Expression> otherwise =
                    takes(TokenType.NAME, "else") ? Optional.of(expression()) : Optional.empty();
            then = new Expression.Conditional(then, condition, otherwise);
        }
        depth--;
        return then;
    }

    /// Without `if ... else`, whose `if` would be the condition of a loop.
    Expression withoutCondition() {
        return or();
    }

    private Expression or() {
        Expression left = and();
        while (takes(TokenType.NAME, "or")) {
            left = new Expression.Or(left, and());
        }
        return left;
    }

    private Expression and() {
        Expression left = not();
        while (takes(TokenType.NAME, "and")) {
            left = new Expression.And(left, not());
        }
        return left;
    }

    private Expression not() {
        return takes(TokenType.NAME, "not") ? new Expression.Not(nested(this::not)) : comparison();
    }

    private Expression comparison() {
        Expression first = sum();
        List<Expression.Link> links = new ArrayList<>();
        while (true) {
            if (peek().type() == TokenType.OPERATOR && COMPARISONS.contains(peek().text())) {
                String operator = tokens.get(at++).text();
                links.add(new Expression.Link(operator, sum()));
            } else if (takes(TokenType.NAME, "in")) {
                links.add(new Expression.Link("in", sum()));
            } else if (peek().is(TokenType.NAME, "not") && tokens.get(at + 1).is(TokenType.NAME, "in")) {
                at += 2;
                links.add(new Expression.Link("not in", sum()));
            } else {
                return links.isEmpty() ? first : new Expression.Comparison(first, List.copyOf(links));
            }
        }
    }

    private Expression sum() {
        return leftToRight(this::concatenation, "+", "-");
    }

    private Expression concatenation() {
        return leftToRight(this::product, "~");
    }

    private Expression product() {
        return leftToRight(this::unary, "*", "/", "//", "%");
    }

    private Expression leftToRight(Supplier<Expression> operand, String... operators) {
        Expression left = operand.get();
        while (peek().type() == TokenType.OPERATOR && List.of(operators).contains(peek().text())) {
            String operator = tokens.get(at++).text();
            if (operator.equals("/")) {
                throw new TemplateException(line, "operator / is not supported, only whole numbers are");
            }
            left = new Expression.Arithmetic(operator, left, operand.get());
        }
        return left;
    }

    private Expression unary() {
        if (takes(TokenType.OPERATOR, "-")) {
            return new Expression.Negative(nested(this::unary));
        }
        return filtered(postfix(primary()));
    }

    private Expression nested(Supplier<Expression> inner) {
        if (++depth > MOST_NESTED) {
            throw new TemplateException(line, "expressions are nested more than " + MOST_NESTED + " deep");
        }
        Expression expression = inner.get();
        depth--;
        return expression;
    }

    private Expression primary() {
        Token token = tokens.get(at++);
        return switch (token.type()) {
            case NUMBER -> new Expression.Literal(new Value.Whole(Long.parseLong(token.text())));
            case STRING -> string(token);
            case NAME -> named(token.text());
            case OPERATOR -> bracketed(token);
            case END -> {
                at--;
                throw unexpected("a value");
            }
        };
    }

    private Expression string(Token first) {
        StringBuilder text = new StringBuilder(first.text());
        while (peek().type() == TokenType.STRING) {
            text.append(tokens.get(at++).text());
        }
        return new Expression.Literal(new Value.Text(text.toString()));
    }

    private Expression named(String name) {
        return switch (name) {
            case "true", "True" -> new Expression.Literal(Value.Flag.TRUE);
            case "false", "False" -> new Expression.Literal(Value.Flag.FALSE);
            case "none", "None" -> new Expression.Literal(Value.Nothing.NONE);
            default ->
                peek().is(TokenType.OPERATOR, "(")
                        ? call(Callable.Form.FUNCTION, name, Optional.empty())
                        : new Expression.Name(name);
        };
    }

    private Expression bracketed(Token open) {
        return switch (open.text()) {
            case "(" -> {
                Expression inside = expression();
                require(")");
                yield inside;
            }
            case "[" -> new Expression.ListOf(listed("]"));
            case "{" -> map();
            default -> {
                at--;
                throw unexpected("a value");
            }
        };
    }

    private List<Expression> listed(String close) {
        List<Expression> items = new ArrayList<>();
        while (!takes(TokenType.OPERATOR, close)) {
            items.add(expression());
            if (!peek().is(TokenType.OPERATOR, close)) {
                require(",");
            }
        }
        return List.copyOf(items);
    }

    private Expression map() {
        List<Map.Entry<Expression, Expression>> entries = new ArrayList<>();
        while (!takes(TokenType.OPERATOR, "}")) {
            Expression key = expression();
            require(":");
            entries.add(Map.entry(key, expression()));
            if (!peek().is(TokenType.OPERATOR, "}")) {
                require(",");
            }
        }
        return new Expression.MapOf(List.copyOf(entries));
    }

    private Expression postfix(Expression of) {
        while (true) {
            if (takes(TokenType.OPERATOR, ".")) {
                String name = name();
                of = peek().is(TokenType.OPERATOR, "(")
                        ? call(Callable.Form.METHOD, name, Optional.of(of))
                        : new Expression.Member(of, new Expression.Literal(new Value.Text(name)));
            } else if (takes(TokenType.OPERATOR, "[")) {
                of = subscript(of);
            } else if (peek().is(TokenType.OPERATOR, "(")) {
                throw unexpected("an operator");
            } else {
                return of;
            }
        }
    }

    private Expression subscript(Expression of) {
        Optional<Expression> from = peek().is(TokenType.OPERATOR, ":") ? Optional.empty() : Optional.of(expression());
        if (from.isPresent() && takes(TokenType.OPERATOR, "]")) {
            return new Expression.Member(of, from.get());
        }
        require(":");
        Optional<Expression> to = bound();
        Optional<Expression> step = takes(TokenType.OPERATOR, ":") ? bound() : Optional.empty();
        require("]");
        return new Expression.Slice(of, from, to, step);
    }

    private Optional<Expression> bound() {
        boolean open = peek().is(TokenType.OPERATOR, ":") || peek().is(TokenType.OPERATOR, "]");
        return open ? Optional.empty() : Optional.of(expression());
    }

    private Expression filtered(Expression of) {
        while (true) {
            if (takes(TokenType.OPERATOR, "|")) {
                of = postfix(call(Callable.Form.FILTER, name(), Optional.of(of)));
            } else if (takes(TokenType.NAME, "is")) {
                of = test(of);
            } else {
                return of;
            }
        }
    }

    private Expression test(Expression of) {
        boolean negated = takes(TokenType.NAME, "not");
        boolean equals = takes(TokenType.OPERATOR, "==");
        String name = equals ? "equalto" : name();
        Kind kind = Arrays.stream(Kind.values())
                .filter(known -> known.name().toLowerCase(Locale.ROOT).equals(name))
                .findAny()
                .orElseThrow(() -> new TemplateException(line, "test " + name + " is not supported"));
        boolean binary = kind == Kind.EQUALTO || kind == Kind.IN;
        Expression asked = new Expression.Is(of, kind, binary ? Optional.of(unary()) : Optional.empty());
        return negated ? new Expression.Not(asked) : asked;
    }

    /// A call whose name has been read; a filter may go without parentheses.
    private Expression call(Callable.Form form, String name, Optional<Expression> receiver) {
        String written = form.name().toLowerCase(Locale.ROOT) + " " + name;
        Callable callable =
                Callable.find(form, name).orElseThrow(() -> new TemplateException(line, written + " is not supported"));
        List<Expression> arguments = new ArrayList<>(receiver.stream().toList());
        Map<String, Expression> named = new LinkedHashMap<>();
        if (takes(TokenType.OPERATOR, "(")) {
            while (!takes(TokenType.OPERATOR, ")")) {
                if (peek().type() == TokenType.NAME && tokens.get(at + 1).is(TokenType.OPERATOR, "=")) {
                    String key = name();
                    require("=");
                    named.put(key, expression());
                } else {
                    arguments.add(expression());
                }
                if (!peek().is(TokenType.OPERATOR, ")")) {
                    require(",");
                }
            }
        }
        int given = arguments.size() - (receiver.isPresent() ? 1 : 0);
        if (!callable.takes(given) || (!named.isEmpty() && callable != Callable.NAMESPACE)) {
            throw new TemplateException(line, written + " is not supported with these arguments");
        }
        return new Expression.Call(callable, List.copyOf(arguments), named);
    }

    private TemplateException unexpected(String wanted) {
        return new TemplateException(line, "'" + peek().text() + "' where " + wanted + " should be");
    }
}
