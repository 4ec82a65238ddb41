package io.railhead.actors.security;

import java.security.cert.CertificateParsingException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/// What a certificate says about its node: the roles that it may have, and the names that it may be reached by.
/// Both stand among the subject's alternative names; a role is the URI `railhead://role/ROLE`.
///
/// @param name the subject, for people
/// @param roles as in the cluster's membership
/// @param hosts names and addresses, in lower case; a name may start with `*.`
public record CertificateRoles(String name, Set<String> roles, Set<String> hosts) {
    public static final String PREFIX = "railhead://role/";

    private static final int DNS = 2;
    private static final int URI = 6;
    private static final int ADDRESS = 7;

    public CertificateRoles {
        roles = Set.copyOf(roles);
        hosts = Set.copyOf(hosts);
    }

    public static CertificateRoles of(X509Certificate certificate) {
        Set<String> roles = new TreeSet<>();
        Set<String> hosts = new TreeSet<>();
        for (List<?> alternative : alternatives(certificate)) {
            switch ((Integer) alternative.get(0)) {
                case URI -> {
                    String uri = (String) alternative.get(1);
                    if (uri.startsWith(PREFIX)) {
                        roles.add(uri.substring(PREFIX.length()));
                    }
                }
                case DNS, ADDRESS -> hosts.add(((String) alternative.get(1)).toLowerCase(Locale.ROOT));
                default -> {} // mail addresses and the like say nothing here
            }
        }
        return new CertificateRoles(certificate.getSubjectX500Principal().getName(), roles, hosts);
    }

    /// Whether the certificate is for a node of this host name or address. As in HTTPS, `*` stands for one label.
    public boolean isFor(String host) {
        String lower = host.toLowerCase(Locale.ROOT);
        int dot = lower.indexOf('.');
        return hosts.contains(lower) || (dot > 0 && hosts.contains("*" + lower.substring(dot)));
    }

    private static Collection<List<?>> alternatives(X509Certificate certificate) {
        try {
            Collection<List<?>> alternatives = certificate.getSubjectAlternativeNames();
            return alternatives == null ? List.of() : alternatives;
        } catch (CertificateParsingException _) {
            return List.of(); // names that nobody can read give no rights
        }
    }
}
