package io.railhead.app.live;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.pekko.http.javadsl.model.HttpRequest;
import org.apache.pekko.http.scaladsl.model.IllegalUriException;
import org.apache.pekko.japi.Pair;

/// The parameters of a request, of which every one has to be known and may come once.
record Parameters(Map<String, String> values) {
    Parameters {
        values = Map.copyOf(values);
    }

    static Parameters of(HttpRequest request, Set<String> known) throws BadQueryException {
        Map<String, String> values = new LinkedHashMap<>();
        for (Pair<String, String> parameter : pairs(request)) {
            String name = parameter.first();
            if (!known.contains(name)) {
                throw new BadQueryException("there is no parameter " + shown(name) + " here");
            }
            if (values.put(name, parameter.second()) != null) {
                throw new BadQueryException(name + " is given twice");
            }
        }
        return new Parameters(values);
    }

    Optional<String> text(String name) {
        return Optional.ofNullable(values.get(name));
    }

    /// A whole number of at most 18 digits.
    Optional<Long> number(String name) throws BadQueryException {
        String value = values.get(name);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.matches("[0-9]{1,18}")) {
            throw new BadQueryException(name + " is a whole number from 0 on, not " + shown(value));
        }
        return Optional.of(Long.valueOf(value));
    }

    private static Iterable<Pair<String, String>> pairs(HttpRequest request) throws BadQueryException {
        try {
            return request.getUri().query().toList();
        } catch (IllegalUriException _) {
            throw new BadQueryException("the query is not well-formed");
        }
    }

    private static String shown(String text) {
        String clean = text.replaceAll("[^\\x20-\\x7e]", "?");
        return "'" + (clean.length() > 40 ? clean.substring(0, 40) + "..." : clean) + "'";
    }
}
