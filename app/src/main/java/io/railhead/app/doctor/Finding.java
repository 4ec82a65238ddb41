package io.railhead.app.doctor;

/// One check.
///
/// @param finding what was seen
/// @param mend what to do, of a bad one; empty if it is good
public record Finding(String check, boolean good, String finding, String mend) {
    public Finding {
        if (good != mend.isEmpty()) {
            throw new IllegalArgumentException(check + " is " + (good ? "good and mended" : "bad without a mend"));
        }
    }

    static Finding good(String check, String finding) {
        return new Finding(check, true, finding, "");
    }

    static Finding bad(String check, String finding, String mend) {
        return new Finding(check, false, finding, mend);
    }
}
