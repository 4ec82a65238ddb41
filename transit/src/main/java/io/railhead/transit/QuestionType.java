package io.railhead.transit;

/// The six kinds of question, named as the `type` column of the data sets names them.
///
/// Which of TorF1 and TorF2 is which is not documented with the data. The paper's "True or False 1" asks for two
/// stations on one line, so TorF1 does here; the one published row that shows text and label together (a station and a
/// line, labelled TorF1) suggests that the data set has them the other way round. Neither the curriculum nor any
/// metric treats the two differently.
public enum QuestionType {
    TORF1("TorF1", Group.TRUE_OR_FALSE),
    TORF2("TorF2", Group.TRUE_OR_FALSE),
    COUNTING1("Counting1", Group.COUNTING),
    COUNTING2("Counting2", Group.COUNTING),
    COUNTING3("Counting3", Group.COUNTING),
    PLANNING("planning", Group.PLANNING);

    /// The families that metrics and curricula speak of.
    public enum Group {
        TRUE_OR_FALSE,
        COUNTING,
        PLANNING
    }

    private final String wireName;
    private final Group group;

    QuestionType(String wireName, Group group) {
        this.wireName = wireName;
        this.group = group;
    }

    public String wireName() {
        return wireName;
    }

    public Group group() {
        return group;
    }

    /// Whether a question of this type can have this answer, written as [Question#answer] is.
    public boolean canHaveAnswer(int answer) {
        return switch (this) {
            case TORF1, TORF2 -> answer == 0 || answer == 1;
            case COUNTING1 -> answer >= 0 && answer < 4;
            case COUNTING2, COUNTING3 -> answer >= 0;
            case PLANNING -> true;
        };
    }

    /// @throws IllegalArgumentException if no type has this name
    public static QuestionType ofWireName(String name) {
        for (QuestionType type : values()) {
            if (type.wireName.equals(name)) {
                return type;
            }
        }
        throw new IllegalArgumentException(
                "question type '" + name + "' is none of TorF1, TorF2, Counting1, Counting2, Counting3, planning");
    }
}
