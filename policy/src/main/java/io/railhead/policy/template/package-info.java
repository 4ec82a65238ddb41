/// Chat templates: the part of Jinja that published chat templates use, rendered as Python does.
///
/// A template comes with a model and is not trusted: it sees plain values only, calls only what is listed here, and is
/// bounded in time and memory. What is not known is refused when the template is read, with its name and line.
///
/// Knows: texts, lists, maps.
/// Does not know: models, tokens, files.
@NullMarked
package io.railhead.policy.template;

import org.jspecify.annotations.NullMarked;
