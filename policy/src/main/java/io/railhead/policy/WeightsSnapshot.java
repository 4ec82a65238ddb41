package io.railhead.policy;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;

/// All weights of one policy version, as the rollout engines serve them. Immutable: nobody writes to their memory after
/// it is made. Tensors are in the order of their names.
public record WeightsSnapshot(PolicyVersion version, List<NamedTensor> tensors) {
    public WeightsSnapshot {
        tensors =
                tensors.stream().sorted(Comparator.comparing(NamedTensor::name)).toList();
    }

    public long byteCount() {
        return tensors.stream().mapToLong(NamedTensor::byteCount).sum();
    }

    /// SHA-256 over names, types, shapes and contents, not over the version: equal weights hash equal.
    public String sha256() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (NamedTensor tensor : tensors) {
                String header = tensor.name() + "|" + tensor.type() + "|" + tensor.shape() + "\n";
                digest.update(header.getBytes(StandardCharsets.UTF_8));
                tensor.pieces().forEach(digest::update);
            }
            return HexFormat.of().formatHex(digest.digest());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }
}
