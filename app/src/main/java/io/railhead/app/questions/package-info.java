/// Questions of one's own, about anything: files of JSON lines, and which of them are kept from training.
///
/// Knows: what a question is to its scorer (`reward`), where a picture comes from (`transit.data`). Does not know: who
/// asks them.
@NullMarked
package io.railhead.app.questions;

import org.jspecify.annotations.NullMarked;
