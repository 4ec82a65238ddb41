/// How pictures come to the nodes that need their bytes: once to each, by the hash of their contents.
///
/// [io.railhead.actors.pictures.PictureDesk] hands out what the controller's prompts show;
/// [io.railhead.actors.pictures.PictureFetcher] gets what its node lacks and keeps it on the node's
/// [io.railhead.actors.pictures.PictureShelf]; [io.railhead.actors.pictures.PictureWants] holds the rules.
///
/// Knows: prompts and where they come from. Does not know: leases, trajectories, who needs a picture and why.
@NullMarked
package io.railhead.actors.pictures;

import org.jspecify.annotations.NullMarked;
