/// Data sets as their users have them: parquet, Arrow (`save_to_disk`) and JSON lines, rows of ReasonMap,
/// ReasonMap-Plus and ReasonMap-Train with figures as paths, bytes or base64.
///
/// Knows: file formats, column names, where splits and pictures are found.
/// Does not know: how questions are generated, how answers are judged.
@NullMarked
package io.railhead.transit.data.table;

import org.jspecify.annotations.NullMarked;
