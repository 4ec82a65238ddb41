package io.railhead.policy.template;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A value within a template, with Python's notion of truth and of writing it.
sealed interface Value {
    record Text(String text) implements Value {}

    record Whole(long number) implements Value {}

    enum Flag implements Value {
        FALSE,
        TRUE;

        static Flag of(boolean value) {
            return value ? TRUE : FALSE;
        }
    }

    record Sequence(List<Value> items) implements Value {
        public Sequence {
            items = List.copyOf(items);
        }
    }

    /// Entries in the order in which they were given.
    record Mapping(Map<String, Value> entries) implements Value {
        public Mapping {
            entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
        }
    }

    /// The one value that a template may change: what `namespace()` makes.
    record Namespace(Map<String, Value> entries) implements Value {}

    enum Nothing implements Value {
        NONE,
        UNDEFINED
    }

    default boolean truth() {
        return switch (this) {
            case Text text -> !text.text().isEmpty();
            case Whole whole -> whole.number() != 0;
            case Flag flag -> flag == Flag.TRUE;
            case Sequence sequence -> !sequence.items().isEmpty();
            case Mapping mapping -> !mapping.entries().isEmpty();
            case Namespace _ -> true;
            case Nothing _ -> false;
        };
    }

    /// What this is called in a message.
    default String kind() {
        return switch (this) {
            case Text _ -> "a string";
            case Whole _ -> "a number";
            case Flag _ -> "a flag";
            case Sequence _ -> "a list";
            case Mapping _ -> "a mapping";
            case Namespace _ -> "a namespace";
            case Nothing nothing -> nothing == Nothing.NONE ? "none" : "undefined";
        };
    }

    /// Plain Java as a value: null, strings, booleans, integers, lists and maps of them.
    static Value of(@Nullable Object plain) {
        return switch (plain) {
            case null -> Nothing.NONE;
            case String text -> new Text(text);
            case Boolean flag -> Flag.of(flag);
            case Integer number -> new Whole(number);
            case Long number -> new Whole(number);
            case List<?> list -> new Sequence(list.stream().map(Value::of).toList());
            case Map<?, ?> map -> {
                Map<String, Value> entries = new LinkedHashMap<>();
                map.forEach((key, value) -> entries.put(String.valueOf(key), of(value)));
                yield new Mapping(entries);
            }
            case Object other -> throw new IllegalArgumentException("no value of a template: " + other.getClass());
        };
    }
}
