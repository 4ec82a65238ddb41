package io.railhead.app.run;

import io.railhead.app.questions.OwnItem;
import io.railhead.transit.QuestionType;
import io.railhead.transit.data.ImageSource;
import io.railhead.transit.data.TaskItem;
import java.util.List;
import java.util.Optional;

/// One question with all that is known of it, about a map or about anything.
public sealed interface Item {
    String id();

    /// What tables and curricula select by.
    String kind();

    String difficulty();

    String text();

    /// A response that is right.
    String reference();

    List<ImageSource> images();

    /// What its scorer is told, as a task carries it.
    String answerKey();

    /// About a transit map.
    record OfMap(TaskItem task) implements Item {
        @Override
        public String id() {
            return task.question().id();
        }

        @Override
        public String kind() {
            return type().wireName();
        }

        @Override
        public String difficulty() {
            return task.question().mapDifficulty().wireName();
        }

        @Override
        public String text() {
            return task.question().text();
        }

        @Override
        public String reference() {
            return task.question().referenceResponse();
        }

        @Override
        public List<ImageSource> images() {
            return List.of(task.image());
        }

        @Override
        public String answerKey() {
            return task.key().toJson();
        }

        public QuestionType type() {
            return task.question().type();
        }
    }

    /// Of one's own, about anything.
    record Own(OwnItem item) implements Item {
        @Override
        public String id() {
            return item.question().id();
        }

        @Override
        public String kind() {
            return item.question().kind();
        }

        @Override
        public String difficulty() {
            return item.question().difficulty();
        }

        @Override
        public String text() {
            return item.question().prompt();
        }

        @Override
        public String reference() {
            return item.reference();
        }

        @Override
        public List<ImageSource> images() {
            return item.images();
        }

        @Override
        public String answerKey() {
            return item.question().toJson();
        }
    }

    /// The question about a map, if it is one.
    default Optional<TaskItem> aboutMap() {
        return switch (this) {
            case OfMap(TaskItem task) -> Optional.of(task);
            case Own _ -> Optional.empty();
        };
    }

    /// The same for what knows no other questions.
    ///
    /// @param who needs it
    /// @throws UsageException if it is a question of one's own
    default TaskItem requireMap(String who) {
        return aboutMap()
                .orElseThrow(() -> new UsageException(
                        who + " is about questions on maps; " + id() + " is a question of one's own"));
    }
}
