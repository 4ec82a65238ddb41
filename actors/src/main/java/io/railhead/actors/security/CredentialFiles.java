package io.railhead.actors.security;

import java.nio.file.Path;

/// Three files in PEM form.
///
/// @param certificate the node's own, followed by those between it and the authority
/// @param key the certificate's private key, PKCS#8 without a password
/// @param ca the authorities whose certificates are trusted
public record CredentialFiles(Path certificate, Path key, Path ca) {}
