package io.railhead.policy.template;

/// A template that cannot be read or rendered. The message names the line and what stands there.
public final class TemplateException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TemplateException(int line, String defect) {
        super("line " + line + ": " + defect);
    }
}
