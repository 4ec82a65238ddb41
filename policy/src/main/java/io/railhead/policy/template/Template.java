package io.railhead.policy.template;

import io.railhead.policy.template.Value.Flag;
import io.railhead.policy.template.Value.Mapping;
import io.railhead.policy.template.Value.Namespace;
import io.railhead.policy.template.Value.Nothing;
import io.railhead.policy.template.Value.Sequence;
import io.railhead.policy.template.Value.Whole;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A template that has been read. Immutable; rendering it twice gives the same text twice.
public final class Template {
    private static final int LONGEST_SOURCE = 1 << 20;

    private final List<Statement> statements;

    private Template(List<Statement> statements) {
        this.statements = statements;
    }

    /// @throws TemplateException naming the line of what is not known
    public static Template parse(String source) {
        if (source.length() > LONGEST_SOURCE) {
            throw new TemplateException(1, "the template has more than " + LONGEST_SOURCE + " characters");
        }
        return new Template(TemplateParser.parse(source));
    }

    /// @param variables strings, booleans, integers, lists and maps of them, and null
    /// @throws TemplateException naming the line of what cannot be done, or of an error that the template raises
    public String render(Map<String, ? extends @Nullable Object> variables) {
        Map<String, Value> globals = new HashMap<>();
        variables.forEach((name, value) -> globals.put(name, Value.of(value)));
        Rendering rendering = new Rendering(new Evaluation(globals));
        rendering.run(statements);
        return rendering.written.toString();
    }

    private enum Flow {
        ON,
        BREAK,
        CONTINUE
    }

    private static final class Rendering {
        private final Evaluation evaluation;
        private final StringBuilder written = new StringBuilder();

        Rendering(Evaluation evaluation) {
            this.evaluation = evaluation;
        }

        Flow run(List<Statement> statements) {
            for (Statement statement : statements) {
                Flow flow = run(statement);
                if (flow != Flow.ON) {
                    return flow;
                }
            }
            return Flow.ON;
        }

        private Flow run(Statement statement) {
            evaluation.at(statement.line());
            return switch (statement) {
                case Statement.Plain plain -> write(plain.text());
                case Statement.Print print -> write(evaluation.written(evaluation.of(print.value())));
                case Statement.Assign assign -> assign(assign);
                case Statement.If choice -> choose(choice);
                case Statement.For loop -> loop(loop);
                case Statement.Break _ -> Flow.BREAK;
                case Statement.Continue _ -> Flow.CONTINUE;
            };
        }

        private Flow write(String text) {
            evaluation.requireLength(written.length() + (double) text.length());
            written.append(text);
            return Flow.ON;
        }

        private Flow assign(Statement.Assign assign) {
            Value value = evaluation.of(assign.value());
            if (assign.attribute().isEmpty()) {
                evaluation.bind(assign.name(), value);
            } else if (evaluation.lookup(assign.name()) instanceof Namespace namespace) {
                namespace.entries().put(assign.attribute().get(), value);
            } else {
                throw evaluation.failure(assign.name() + " is no namespace");
            }
            return Flow.ON;
        }

        private Flow choose(Statement.If choice) {
            for (Statement.Branch branch : choice.branches()) {
                if (evaluation.of(branch.condition()).truth()) {
                    return run(branch.body());
                }
            }
            return run(choice.otherwise());
        }

        private Flow loop(Statement.For loop) {
            List<Value> elements = wanted(loop);
            if (elements.isEmpty()) {
                return run(loop.otherwise());
            }
            for (int i = 0; i < elements.size(); i++) {
                evaluation.at(loop.line());
                evaluation.enter();
                bind(loop, elements.get(i));
                evaluation.bind("loop", position(elements, i));
                Flow flow = run(loop.body());
                evaluation.leave();
                if (flow == Flow.BREAK) {
                    break;
                }
            }
            return Flow.ON;
        }

        /// The elements that the loop's own condition lets through.
        private List<Value> wanted(Statement.For loop) {
            List<Value> all = evaluation.elements(evaluation.of(loop.over()));
            if (loop.condition().isEmpty()) {
                return all;
            }
            List<Value> wanted = new ArrayList<>();
            for (Value element : all) {
                evaluation.enter();
                bind(loop, element);
                if (evaluation.of(loop.condition().get()).truth()) {
                    wanted.add(element);
                }
                evaluation.leave();
            }
            return wanted;
        }

        private void bind(Statement.For loop, Value element) {
            List<String> names = loop.names();
            if (names.size() == 1) {
                evaluation.bind(names.getFirst(), element);
                return;
            }
            if (!(element instanceof Sequence parts) || parts.items().size() != names.size()) {
                throw evaluation.failure("an element is not " + names.size() + " values");
            }
            for (int i = 0; i < names.size(); i++) {
                evaluation.bind(names.get(i), parts.items().get(i));
            }
        }

        private static Value position(List<Value> elements, int i) {
            Map<String, Value> position = new LinkedHashMap<>();
            position.put("index", new Whole(i + 1L));
            position.put("index0", new Whole(i));
            position.put("revindex", new Whole(elements.size() - (long) i));
            position.put("revindex0", new Whole(elements.size() - 1L - i));
            position.put("length", new Whole(elements.size()));
            position.put("first", Flag.of(i == 0));
            position.put("last", Flag.of(i == elements.size() - 1));
            position.put("previtem", i == 0 ? Nothing.UNDEFINED : elements.get(i - 1));
            position.put("nextitem", i == elements.size() - 1 ? Nothing.UNDEFINED : elements.get(i + 1));
            return new Mapping(position);
        }
    }
}
