/// Who a node is and whom it trusts: certificates, keys and authorities in PEM files, read again while the node
/// runs.
///
/// Knows: the JDK's TLS. Does not know: which ports there are, and what the roles in a certificate allow.
@NullMarked
package io.railhead.actors.security;

import org.jspecify.annotations.NullMarked;
