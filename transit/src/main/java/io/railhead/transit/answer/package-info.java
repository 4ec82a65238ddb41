/// What a policy answered: parsing of responses, checking of routes, and the key that a response is checked against.
///
/// Nothing here throws on a response, whatever it holds, and all of it takes time linear in its length.
///
/// Knows: the published answer forms and their correctness rules.
/// Does not know: rewards, weights of difficulties, where a response came from.
@NullMarked
package io.railhead.transit.answer;

import org.jspecify.annotations.NullMarked;
