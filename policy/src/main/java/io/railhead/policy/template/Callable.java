package io.railhead.policy.template;

import java.util.Locale;
import java.util.Optional;

/// Everything that a template may call, and how it is written: as a function, behind a dot, behind a bar.
enum Callable {
    NAMESPACE(Form.FUNCTION, 0, 0),
    RANGE(Form.FUNCTION, 1, 3),
    RAISE_EXCEPTION(Form.FUNCTION, 1, 1),

    STRIP(Form.METHOD, 0, 1),
    LSTRIP(Form.METHOD, 0, 1),
    RSTRIP(Form.METHOD, 0, 1),
    STARTSWITH(Form.METHOD, 1, 1),
    ENDSWITH(Form.METHOD, 1, 1),
    SPLIT(Form.METHOD, 0, 1),
    LOWER(Form.METHOD, 0, 0),
    UPPER(Form.METHOD, 0, 0),
    REPLACE(Form.METHOD, 2, 2),
    GET(Form.METHOD, 1, 2),
    ITEMS(Form.METHOD, 0, 0),
    KEYS(Form.METHOD, 0, 0),
    VALUES(Form.METHOD, 0, 0),

    TRIM_FILTER(Form.FILTER, 0, 1),
    LENGTH_FILTER(Form.FILTER, 0, 0),
    COUNT_FILTER(Form.FILTER, 0, 0),
    LOWER_FILTER(Form.FILTER, 0, 0),
    UPPER_FILTER(Form.FILTER, 0, 0),
    FIRST_FILTER(Form.FILTER, 0, 0),
    LAST_FILTER(Form.FILTER, 0, 0),
    JOIN_FILTER(Form.FILTER, 0, 1),
    DEFAULT_FILTER(Form.FILTER, 1, 2),
    D_FILTER(Form.FILTER, 1, 2),
    STRING_FILTER(Form.FILTER, 0, 0),
    LIST_FILTER(Form.FILTER, 0, 0),
    REPLACE_FILTER(Form.FILTER, 2, 2),
    TOJSON_FILTER(Form.FILTER, 0, 0);

    enum Form {
        FUNCTION,
        METHOD,
        FILTER
    }

    private final Form form;
    private final int fewest;
    private final int most;

    Callable(Form form, int fewest, int most) {
        this.form = form;
        this.fewest = fewest;
        this.most = most;
    }

    Form form() {
        return form;
    }

    boolean takes(int arguments) {
        return arguments >= fewest && arguments <= most;
    }

    String written() {
        return name().toLowerCase(Locale.ROOT).replace("_filter", "");
    }

    static Optional<Callable> find(Form form, String name) {
        for (Callable callable : values()) {
            if (callable.form == form && callable.written().equals(name)) {
                return Optional.of(callable);
            }
        }
        return Optional.empty();
    }
}
