/// What survives a crash of the process or of the machine: the only place where bytes are put on the disk for good.
///
/// Everything here and everything that uses it reaches files through `java.nio.file` alone, so that another
/// [java.nio.file.FileSystem] under the same paths can fail, tear and forget at every operation.
///
/// Knows: files, directories, fsync. Does not know: what is in them.
@NullMarked
package io.railhead.actors.durable;

import org.jspecify.annotations.NullMarked;
