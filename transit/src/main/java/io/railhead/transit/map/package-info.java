/// Generated maps: networks laid out on a small grid, and their pictures.
///
/// A map is a function of its seed, and its picture a function of the map: no font, no clock and no setting of the
/// machine has a part in either.
///
/// Knows: networks, grid cells, colours, pixels.
/// Does not know: questions, data sets, how a policy cuts a picture into tokens.
@NullMarked
package io.railhead.transit.map;

import org.jspecify.annotations.NullMarked;
