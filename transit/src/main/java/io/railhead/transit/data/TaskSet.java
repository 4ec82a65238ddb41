package io.railhead.transit.data;

import io.railhead.transit.PlanningForm;
import io.railhead.transit.QuestionType;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// A named list of tasks; their question ids differ.
public record TaskSet(String name, List<TaskItem> items) {
    public TaskSet {
        items = List.copyOf(items);
        var ids = new HashSet<String>();
        for (TaskItem item : items) {
            if (!ids.add(item.question().id())) {
                throw new IllegalArgumentException(
                        name + " has two items with the id " + item.question().id());
            }
        }
    }

    public TaskSet filter(Predicate<TaskItem> wanted) {
        return new TaskSet(name, items.stream().filter(wanted).toList());
    }

    public TaskSet ofType(QuestionType type) {
        return filter(item -> item.question().type() == type);
    }

    /// Each planning question, of which the set has the short form, in all these forms.
    public TaskSet inForms(Collection<PlanningForm> forms) {
        return new TaskSet(
                name,
                items.stream()
                        .flatMap(item -> item.question().type() != QuestionType.PLANNING
                                ? Stream.of(item)
                                : forms.stream()
                                        .map(form -> new TaskItem(
                                                item.question().inForm(form),
                                                item.key(),
                                                item.image(),
                                                item.ownRoutes())))
                        .toList());
    }

    /// The same questions, each with an empty picture of its map's size.
    public TaskSet withBlankPictures() {
        return new TaskSet(
                name + "-blank",
                items.stream()
                        .map(item -> new TaskItem(item.question(), item.key(), new BlankImage(item.image())))
                        .toList());
    }

    public int size() {
        return items.size();
    }
}
