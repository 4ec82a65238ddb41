package io.railhead.policy.template;

import io.railhead.policy.template.Value.Flag;
import io.railhead.policy.template.Value.Mapping;
import io.railhead.policy.template.Value.Namespace;
import io.railhead.policy.template.Value.Nothing;
import io.railhead.policy.template.Value.Sequence;
import io.railhead.policy.template.Value.Text;
import io.railhead.policy.template.Value.Whole;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Values of expressions: names by scope, operators, limits on time and memory.
final class Evaluation {
    static final int MOST_STEPS = 2_000_000;
    private static final int DEEPEST = 100;
    private static final int LONGEST = 16 << 20; // characters of a text

    private final Deque<Map<String, Value>> scopes = new ArrayDeque<>(); // the innermost first
    private final Calls calls = new Calls(this);
    private int line = 1;
    private int steps;

    Evaluation(Map<String, Value> globals) {
        scopes.push(new HashMap<>(globals));
    }

    void at(int newLine) {
        line = newLine;
        spend(1);
    }

    void enter() {
        scopes.push(new HashMap<>());
    }

    void leave() {
        scopes.pop();
    }

    void bind(String name, Value value) {
        scopes.getFirst().put(name, value);
    }

    Value lookup(String name) {
        for (Map<String, Value> scope : scopes) {
            Value value = scope.get(name);
            if (value != null) {
                return value;
            }
        }
        return Nothing.UNDEFINED;
    }

    Value of(Expression expression) {
        spend(1);
        return switch (expression) {
            case Expression.Literal literal -> literal.value();
            case Expression.Name name -> lookup(name.name());
            case Expression.ListOf list ->
                new Sequence(list.items().stream().map(this::of).toList());
            case Expression.MapOf map -> mapping(map);
            case Expression.Member member -> member(of(member.of()), of(member.key()));
            case Expression.Slice slice -> slice(slice);
            case Expression.Call call -> calls.of(call);
            case Expression.Is is -> Flag.of(holds(is));
            case Expression.Not not -> Flag.of(!of(not.of()).truth());
            case Expression.Negative negative -> new Whole(-whole(of(negative.of())));
            case Expression.And and -> {
                Value left = of(and.left());
                yield left.truth() ? of(and.right()) : left;
            }
            case Expression.Or or -> {
                Value left = of(or.left());
                yield left.truth() ? left : of(or.right());
            }
            case Expression.Comparison comparison -> Flag.of(holds(comparison));
            case Expression.Arithmetic arithmetic ->
                arithmetic(arithmetic.operator(), of(arithmetic.left()), of(arithmetic.right()));
            case Expression.Conditional conditional ->
                of(conditional.condition()).truth()
                        ? of(conditional.then())
                        : conditional.otherwise().map(this::of).orElse(Nothing.UNDEFINED);
        };
    }

    TemplateException failure(String defect) {
        return new TemplateException(line, defect);
    }

    void spend(int count) {
        steps += count;
        if (steps > MOST_STEPS) {
            throw failure("the template takes more than " + MOST_STEPS + " steps");
        }
    }

    /// What Python's `str` makes of a value; of lists and mappings that is for debugging, and refused.
    String written(Value value) {
        return switch (value) {
            case Text text -> text.text();
            case Whole whole -> Long.toString(whole.number());
            case Flag flag -> flag == Flag.TRUE ? "True" : "False";
            case Nothing nothing -> nothing == Nothing.NONE ? "None" : "";
            case Sequence _, Mapping _, Namespace _ -> throw failure(value.kind() + " cannot be written as text");
        };
    }

    Text text(CharSequence text) {
        requireLength(text.length());
        spend(text.length() >> 10);
        return new Text(text.toString());
    }

    void requireLength(double length) {
        if (length > LONGEST) {
            throw failure("a text is longer than " + LONGEST + " characters");
        }
    }

    /// What a loop over the value sees.
    List<Value> elements(Value value) {
        return switch (value) {
            case Sequence sequence -> sequence.items();
            case Mapping mapping ->
                mapping.entries().keySet().stream().<Value>map(Text::new).toList();
            case Text text ->
                text.text()
                        .codePoints()
                        .<Value>mapToObj(c -> new Text(Character.toString(c)))
                        .toList();
            case Nothing nothing when nothing == Nothing.UNDEFINED -> List.of();
            case Whole _, Flag _, Namespace _, Nothing _ -> throw failure(value.kind() + " has no elements");
        };
    }

    long whole(Value value) {
        return switch (value) {
            case Whole whole -> whole.number();
            case Flag flag -> flag == Flag.TRUE ? 1 : 0;
            case Text _, Sequence _, Mapping _, Namespace _, Nothing _ ->
                throw failure(value.kind() + " where a number should be");
        };
    }

    boolean contains(Value container, Value element) {
        return switch (container) {
            case Text text when element instanceof Text part -> text.text().contains(part.text());
            case Mapping mapping ->
                element instanceof Text key && mapping.entries().containsKey(key.text());
            case Sequence sequence -> sequence.items().stream().anyMatch(item -> equal(item, element));
            case Nothing nothing when nothing == Nothing.UNDEFINED -> false;
            case Text _, Whole _, Flag _, Namespace _, Nothing _ ->
                throw failure(element.kind() + " cannot be looked for in " + container.kind());
        };
    }

    Value member(Value of, Value key) {
        return switch (of) {
            case Mapping mapping -> entry(mapping.entries(), key);
            case Namespace namespace -> entry(namespace.entries(), key);
            case Sequence sequence -> element(sequence.items(), key);
            case Text _ when key instanceof Whole -> element(elements(of), key);
            case Nothing nothing
            when nothing == Nothing.UNDEFINED -> throw failure("what " + written(key) + " is asked of is undefined");
            case Text _, Whole _, Flag _, Nothing _ -> Nothing.UNDEFINED;
        };
    }

    private Value entry(Map<String, Value> entries, Value key) {
        return key instanceof Text text ? entries.getOrDefault(text.text(), Nothing.UNDEFINED) : Nothing.UNDEFINED;
    }

    private Value element(List<Value> items, Value key) {
        if (!(key instanceof Whole)) {
            return Nothing.UNDEFINED;
        }
        long index = whole(key) < 0 ? items.size() + whole(key) : whole(key);
        return index >= 0 && index < items.size() ? items.get((int) index) : Nothing.UNDEFINED;
    }

    private Value mapping(Expression.MapOf map) {
        Map<String, Value> entries = new LinkedHashMap<>();
        for (Map.Entry<Expression, Expression> entry : map.entries()) {
            if (!(of(entry.getKey()) instanceof Text key)) {
                throw failure("a key of a mapping is no string");
            }
            entries.put(key.text(), of(entry.getValue()));
        }
        return new Mapping(entries);
    }

    private Value slice(Expression.Slice slice) {
        Value of = of(slice.of());
        if (!(of instanceof Sequence || of instanceof Text)) {
            throw failure(of.kind() + " cannot be sliced");
        }
        List<Value> items = elements(of);
        long step = slice.step().map(this::of).map(this::whole).orElse(1L);
        if (step != 1 && step != -1) {
            throw failure("a slice goes by steps of 1 or -1, not " + step);
        }
        long size = items.size();
        long from = bound(slice.from(), step > 0 ? 0 : size - 1, size, step);
        long to = bound(slice.to(), step > 0 ? size : -1, size, step);
        List<Value> kept = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            kept.add(items.get((int) i));
        }
        if (of instanceof Sequence) {
            return new Sequence(kept);
        }
        StringBuilder text = new StringBuilder();
        kept.forEach(character -> text.append(written(character)));
        return text(text);
    }

    private long bound(Optional<Expression> given, long absent, long size, long step) {
        if (given.isEmpty()) {
            return absent;
        }
        long index = whole(of(given.get()));
        long counted = index < 0 ? index + size : index;
        return step > 0 ? Math.clamp(counted, 0, size) : Math.clamp(counted, -1, size - 1);
    }

    private boolean holds(Expression.Is is) {
        Value value = of(is.of());
        return switch (is.kind()) {
            case STRING -> value instanceof Text;
            case DEFINED -> value != Nothing.UNDEFINED;
            case UNDEFINED -> value == Nothing.UNDEFINED;
            case NONE -> value == Nothing.NONE;
            case MAPPING -> value instanceof Mapping;
            case SEQUENCE -> value instanceof Sequence || value instanceof Text || value instanceof Mapping;
            case ITERABLE ->
                value instanceof Sequence
                        || value instanceof Text
                        || value instanceof Mapping
                        || value == Nothing.UNDEFINED;
            case NUMBER -> isNumber(value);
            case INTEGER -> value instanceof Whole;
            case BOOLEAN -> value instanceof Flag;
            case TRUE -> value == Flag.TRUE;
            case FALSE -> value == Flag.FALSE;
            case EQUALTO -> equal(value, of(is.argument().orElseThrow()));
            case IN -> contains(of(is.argument().orElseThrow()), value);
        };
    }

    private boolean holds(Expression.Comparison comparison) {
        Value left = of(comparison.first());
        for (Expression.Link link : comparison.links()) {
            Value right = of(link.right());
            boolean holds = switch (link.operator()) {
                case "==" -> equal(left, right);
                case "!=" -> !equal(left, right);
                case "in" -> contains(right, left);
                case "not in" -> !contains(right, left);
                case "<" -> compared(left, right) < 0;
                case "<=" -> compared(left, right) <= 0;
                case ">" -> compared(left, right) > 0;
                default -> compared(left, right) >= 0;
            };
            if (!holds) {
                return false;
            }
            left = right;
        }
        return true;
    }

    boolean equal(Value left, Value right) {
        return equal(left, right, 0);
    }

    private boolean equal(Value left, Value right, int depth) {
        spend(1);
        requireDepth(depth);
        if (left instanceof Sequence(List<Value> a) && right instanceof Sequence(List<Value> b)) {
            boolean equal = a.size() == b.size();
            for (int i = 0; equal && i < a.size(); i++) {
                equal = equal(a.get(i), b.get(i), depth + 1);
            }
            return equal;
        }
        if (left instanceof Mapping(Map<String, Value> a) && right instanceof Mapping(Map<String, Value> b)) {
            return a.size() == b.size()
                    && a.entrySet().stream()
                            .allMatch(entry -> equal(
                                    entry.getValue(), b.getOrDefault(entry.getKey(), Nothing.UNDEFINED), depth + 1));
        }
        if (isNumber(left) && isNumber(right)) {
            return whole(left) == whole(right);
        }
        return !(left instanceof Namespace) && left.equals(right);
    }

    void requireDepth(int depth) {
        if (depth > DEEPEST) {
            throw failure("values are nested more than " + DEEPEST + " deep");
        }
    }

    private static boolean isNumber(Value value) {
        return value instanceof Whole || value instanceof Flag;
    }

    private int compared(Value left, Value right) {
        return left instanceof Text a && right instanceof Text b
                ? a.text().compareTo(b.text())
                : Long.compare(whole(left), whole(right));
    }

    private Value arithmetic(String operator, Value left, Value right) {
        if (operator.equals("~")) {
            return joined(written(left), written(right));
        }
        if (operator.equals("+") && left instanceof Text a && right instanceof Text b) {
            return joined(a.text(), b.text());
        }
        if (operator.equals("+") && left instanceof Sequence a && right instanceof Sequence b) {
            spend(a.items().size() + b.items().size());
            List<Value> joined = new ArrayList<>(a.items());
            joined.addAll(b.items());
            return new Sequence(joined);
        }
        if (operator.equals("*") && left instanceof Text a && right instanceof Whole times) {
            long count = Math.max(0, times.number());
            requireLength(a.text().length() * (double) count);
            return text(a.text().repeat((int) count));
        }
        return new Whole(exact(operator, whole(left), whole(right)));
    }

    private Text joined(String left, String right) {
        requireLength(left.length() + (double) right.length());
        return text(left + right);
    }

    private long exact(String operator, long left, long right) {
        try {
            return switch (operator) {
                case "+" -> Math.addExact(left, right);
                case "-" -> Math.subtractExact(left, right);
                case "*" -> Math.multiplyExact(left, right);
                case "//" -> Math.floorDiv(left, right);
                default -> Math.floorMod(left, right);
            };
        } catch (ArithmeticException e) {
            throw failure(left + " " + operator + " " + right + " has no value");
        }
    }
}
