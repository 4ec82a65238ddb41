/// How messages become bytes: Protobuf for what outlives a release, Kryo between nodes of one release.
///
/// Bytes are not trusted: decoding builds only the records of its own table, allocates in proportion to the bytes that
/// are there, and ends in a message or in a [MalformedMessageException] that names the field. Java serialization is
/// off.
///
/// Knows: `actors.protocol`, the wire schema, Pekko's serializer interface. Does not know: who sends what to whom.
@NullMarked
package io.railhead.actors.wire;

import org.jspecify.annotations.NullMarked;
