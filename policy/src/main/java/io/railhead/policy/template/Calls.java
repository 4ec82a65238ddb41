package io.railhead.policy.template;

import io.railhead.policy.template.Value.Mapping;
import io.railhead.policy.template.Value.Namespace;
import io.railhead.policy.template.Value.Nothing;
import io.railhead.policy.template.Value.Sequence;
import io.railhead.policy.template.Value.Text;
import io.railhead.policy.template.Value.Whole;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/// The functions, methods and filters that a template may call. A method's or filter's receiver is its first argument.
final class Calls {
    private final Evaluation evaluation;

    Calls(Evaluation evaluation) {
        this.evaluation = evaluation;
    }

    Value of(Expression.Call call) {
        List<Value> given = call.arguments().stream().map(evaluation::of).toList();
        return switch (call.callable()) {
            case NAMESPACE -> namespace(call.named());
            case RANGE -> range(given);
            case RAISE_EXCEPTION -> throw evaluation.failure(evaluation.written(given.getFirst()));
            case STRIP -> stripped(given, true, true);
            case TRIM_FILTER -> stripped(List.of(new Text(evaluation.written(given.getFirst()))), given);
            case LSTRIP -> stripped(given, true, false);
            case RSTRIP -> stripped(given, false, true);
            case STARTSWITH -> Value.Flag.of(receiver(given).startsWith(text(given, 1)));
            case ENDSWITH -> Value.Flag.of(receiver(given).endsWith(text(given, 1)));
            case SPLIT -> split(given);
            case LOWER, LOWER_FILTER -> evaluation.text(receiver(given).toLowerCase(Locale.ROOT));
            case UPPER, UPPER_FILTER -> evaluation.text(receiver(given).toUpperCase(Locale.ROOT));
            case REPLACE, REPLACE_FILTER -> replaced(receiver(given), text(given, 1), text(given, 2));
            case GET -> got(given);
            case ITEMS -> items(given);
            case KEYS -> new Sequence(evaluation.elements(mapping(given)));
            case VALUES -> new Sequence(List.copyOf(mapping(given).entries().values()));
            case LENGTH_FILTER, COUNT_FILTER ->
                new Whole(evaluation.elements(given.getFirst()).size());
            case FIRST_FILTER -> end(given, 0);
            case LAST_FILTER -> end(given, -1);
            case JOIN_FILTER -> joined(given);
            case DEFAULT_FILTER, D_FILTER -> defaulted(given);
            case STRING_FILTER -> evaluation.text(evaluation.written(given.getFirst()));
            case LIST_FILTER -> new Sequence(evaluation.elements(given.getFirst()));
            case TOJSON_FILTER -> json(given.getFirst());
        };
    }

    private Value namespace(Map<String, Expression> named) {
        Map<String, Value> entries = new HashMap<>();
        named.forEach((name, value) -> entries.put(name, evaluation.of(value)));
        return new Namespace(entries);
    }

    private Value range(List<Value> given) {
        long from = given.size() == 1 ? 0 : evaluation.whole(given.getFirst());
        long to = evaluation.whole(given.get(given.size() == 1 ? 0 : 1));
        long step = given.size() < 3 ? 1 : evaluation.whole(given.get(2));
        if (step == 0) {
            throw evaluation.failure("a range goes by steps of 0");
        }
        List<Value> numbers = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            evaluation.spend(1);
            numbers.add(new Whole(i));
        }
        return new Sequence(numbers);
    }

    private String receiver(List<Value> given) {
        return text(given, 0);
    }

    private String text(List<Value> given, int index) {
        if (given.get(index) instanceof Text text) {
            return text.text();
        }
        throw evaluation.failure(given.get(index).kind() + " where a string should be");
    }

    private Mapping mapping(List<Value> given) {
        if (given.getFirst() instanceof Mapping mapping) {
            return mapping;
        }
        throw evaluation.failure(given.getFirst().kind() + " where a mapping should be");
    }

    private Value stripped(List<Value> receiver, List<Value> given) {
        List<Value> all = new ArrayList<>(receiver);
        all.addAll(given.subList(1, given.size()));
        return stripped(all, true, true);
    }

    private Value stripped(List<Value> given, boolean left, boolean right) {
        String text = receiver(given);
        String dropped = given.size() > 1 ? text(given, 1) : "";
        int from = 0;
        int to = text.length();
        while (left && from < to && drops(text.charAt(from), given, dropped)) {
            from++;
        }
        while (right && to > from && drops(text.charAt(to - 1), given, dropped)) {
            to--;
        }
        return new Text(text.substring(from, to));
    }

    private static boolean drops(char c, List<Value> given, String dropped) {
        return given.size() > 1 ? dropped.indexOf(c) >= 0 : Whitespace.is(c);
    }

    /// With a separator every part counts; without, runs of white space cut, and no part is empty.
    private Value split(List<Value> given) {
        if (given.size() == 1) {
            return new Sequence(words(receiver(given)));
        }
        String separator = text(given, 1);
        if (separator.isEmpty()) {
            throw evaluation.failure("an empty separator");
        }
        String[] parts = receiver(given).split(Pattern.quote(separator), -1);
        evaluation.spend(parts.length);
        return new Sequence(Arrays.stream(parts).<Value>map(Text::new).toList());
    }

    private List<Value> words(String text) {
        List<Value> words = new ArrayList<>();
        int start = 0;
        for (int i = 0; i <= text.length(); i++) {
            if (i == text.length() || Whitespace.is(text.charAt(i))) {
                if (i > start) {
                    words.add(new Text(text.substring(start, i)));
                }
                start = i + 1;
            }
        }
        evaluation.spend(words.size());
        return words;
    }

    private Value replaced(String text, String old, String by) {
        if (old.isEmpty()) {
            throw evaluation.failure("an empty text cannot be replaced");
        }
        evaluation.requireLength(text.length() + (double) text.length() / old.length() * by.length());
        return evaluation.text(text.replace(old, by));
    }

    private Value got(List<Value> given) {
        Value absent = given.size() > 2 ? given.get(2) : Nothing.NONE;
        return mapping(given).entries().getOrDefault(text(given, 1), absent);
    }

    private Value items(List<Value> given) {
        List<Value> pairs = new ArrayList<>();
        mapping(given).entries().forEach((key, value) -> pairs.add(new Sequence(List.of(new Text(key), value))));
        return new Sequence(pairs);
    }

    private Value end(List<Value> given, long index) {
        return evaluation.member(new Sequence(evaluation.elements(given.getFirst())), new Whole(index));
    }

    private Value joined(List<Value> given) {
        String separator = given.size() > 1 ? evaluation.written(given.get(1)) : "";
        StringBuilder joined = new StringBuilder();
        boolean first = true;
        for (Value element : evaluation.elements(given.getFirst())) {
            joined.append(first ? "" : separator).append(evaluation.written(element));
            first = false;
            evaluation.requireLength(joined.length());
        }
        return evaluation.text(joined);
    }

    private static Value defaulted(List<Value> given) {
        Value value = given.getFirst();
        boolean emptyToo = given.size() > 2 && given.get(2).truth();
        boolean lacks = emptyToo ? !value.truth() : value == Nothing.UNDEFINED;
        return lacks ? given.get(1) : value;
    }

    private Value json(Value value) {
        StringBuilder json = new StringBuilder();
        TemplateJson.write(value, evaluation, json);
        return evaluation.text(json);
    }
}
