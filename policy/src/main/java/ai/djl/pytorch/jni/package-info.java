/// One class beside DJL's own, because DJL's native calls are visible only in this package (so: class path, no
/// modules).
///
/// Knows: DJL's native library. Does not know: the policy.
@NullMarked
package ai.djl.pytorch.jni;

import org.jspecify.annotations.NullMarked;
