package io.railhead.policy.template;

import io.railhead.policy.template.ExpressionTokens.TokenType;
import io.railhead.policy.template.TemplatePieces.Piece;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Reads a template's statements.
final class TemplateParser {
    private static final int MOST_NESTED = 60;

    private final List<Piece> pieces;
    private int at;
    private int depth;
    private int loops;

    /// The tag that ended a body: its first word, and its expressions.
    private record End(String word, int line, ExpressionParser rest) {}

    private record Body(List<Statement> statements, End end) {}

    private TemplateParser(List<Piece> pieces) {
        this.pieces = pieces;
    }

    static List<Statement> parse(String template) {
        return new TemplateParser(TemplatePieces.of(template)).whole();
    }

    private List<Statement> whole() {
        Body body = body(Set.of(""), 1);
        return body.statements();
    }

    /// Statements up to a tag of which the first word is among `ends`; the empty word is the end of the template.
    private Body body(Set<String> ends, int begin) {
        if (++depth > MOST_NESTED) {
            throw new TemplateException(begin, "blocks are nested more than " + MOST_NESTED + " deep");
        }
        List<Statement> statements = new ArrayList<>();
        while (at < pieces.size()) {
            Piece piece = pieces.get(at++);
            switch (piece.type()) {
                case TEXT -> statements.add(new Statement.Plain(piece.line(), piece.content()));
                case PRINT -> statements.add(print(piece));
                case BLOCK -> {
                    ExpressionParser tag = new ExpressionParser(piece.content(), piece.line());
                    String word = tag.name();
                    if (ends.contains(word)) {
                        depth--;
                        return new Body(List.copyOf(statements), new End(word, piece.line(), tag));
                    }
                    statements.addAll(statement(word, piece.line(), tag));
                }
            }
        }
        if (!ends.contains("")) {
            throw new TemplateException(begin, "a block is not closed by " + String.join(" or ", new TreeSet<>(ends)));
        }
        return new Body(List.copyOf(statements), new End("", begin, new ExpressionParser("", begin)));
    }

    private static Statement print(Piece piece) {
        ExpressionParser parser = new ExpressionParser(piece.content(), piece.line());
        Expression value = parser.expression();
        parser.requireEnd();
        return new Statement.Print(piece.line(), value);
    }

    private List<Statement> statement(String word, int line, ExpressionParser tag) {
        return switch (word) {
            case "set" -> List.of(assignment(line, tag));
            case "if" -> List.of(choice(line, tag));
            case "for" -> List.of(loop(line, tag));
            case "break" -> List.of(leaving(new Statement.Break(line), tag));
            case "continue" -> List.of(leaving(new Statement.Continue(line), tag));
            case "generation" -> { // marks what is trained on, and prints nothing itself
                tag.requireEnd();
                Body body = body(Set.of("endgeneration"), line);
                body.end().rest().requireEnd();
                yield body.statements();
            }
            default -> throw new TemplateException(line, "block " + word + " is not supported");
        };
    }

    private static Statement assignment(int line, ExpressionParser tag) {
        String name = tag.name();
        Optional<String> attribute = tag.takes(TokenType.OPERATOR, ".") ? Optional.of(tag.name()) : Optional.empty();
        tag.require("=");
        Expression value = tag.expression();
        tag.requireEnd();
        return new Statement.Assign(line, name, attribute, value);
    }

    private Statement leaving(Statement statement, ExpressionParser tag) {
        tag.requireEnd();
        if (loops == 0) {
            throw new TemplateException(statement.line(), "no loop to leave");
        }
        return statement;
    }

    private Statement choice(int line, ExpressionParser tag) {
        List<Statement.Branch> branches = new ArrayList<>();
        Expression condition = tag.expression();
        tag.requireEnd();
        Body body = body(Set.of("elif", "else", "endif"), line);
        while (body.end().word().equals("elif")) {
            branches.add(new Statement.Branch(condition, body.statements()));
            condition = body.end().rest().expression();
            body.end().rest().requireEnd();
            body = body(Set.of("elif", "else", "endif"), line);
        }
        branches.add(new Statement.Branch(condition, body.statements()));
        return new Statement.If(line, List.copyOf(branches), otherwise(body, "endif", line));
    }

    private Statement loop(int line, ExpressionParser tag) {
        List<String> names = new ArrayList<>(List.of(tag.name()));
        while (tag.takes(TokenType.OPERATOR, ",")) {
            names.add(tag.name());
        }
        tag.requireWord("in");
        Expression over = tag.withoutCondition();
        Optional<Expression> condition =
                tag.takes(TokenType.NAME, "if") ? Optional.of(tag.expression()) : Optional.empty();
        tag.requireEnd();
        loops++;
        Body body = body(Set.of("else", "endfor"), line);
        loops--;
        return new Statement.For(
                line, List.copyOf(names), over, condition, body.statements(), otherwise(body, "endfor", line));
    }

    private List<Statement> otherwise(Body before, String end, int line) {
        before.end().rest().requireEnd();
        if (!before.end().word().equals("else")) {
            return List.of();
        }
        Body otherwise = body(Set.of(end), line);
        otherwise.end().rest().requireEnd();
        return otherwise.statements();
    }
}
