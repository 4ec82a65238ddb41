package io.railhead.actors.weights.delta;

import io.railhead.actors.weights.delta.TransferManifest.Base;
import io.railhead.actors.weights.delta.WeightsLayout.Place;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.WeightsSnapshot;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import java.util.function.IntFunction;

/// A manifest with its chunks, in the order of [WeightsLayout#places]. Those of a snapshot are views of its memory,
/// made when they are asked for; those of a delta are kept encoded.
public final class Transfer {
    private final TransferManifest manifest;
    private final int chunkCount;
    private final IntFunction<Chunk> chunks;

    private Transfer(TransferManifest manifest, int chunkCount, IntFunction<Chunk> chunks) {
        this.manifest = manifest;
        this.chunkCount = chunkCount;
        this.chunks = chunks;
    }

    public TransferManifest manifest() {
        return manifest;
    }

    public int chunkCount() {
        return chunkCount;
    }

    public Chunk chunk(int number) {
        return chunks.apply(number);
    }

    /// All that travels but the manifest.
    public long chunkBytes() {
        long bytes = 0;
        for (int i = 0; i < chunkCount; i++) {
            bytes += chunk(i).byteCount();
        }
        return bytes;
    }

    /// A transfer that arrived: the same manifest and chunks, for others.
    static Transfer of(TransferManifest manifest, List<Chunk> chunks) {
        return new Transfer(manifest, chunks.size(), chunks::get);
    }

    /// The whole contents, without digests.
    public static Transfer snapshot(WeightsSnapshot snapshot, ContentSums sums) {
        List<Place> places = sums.layout().places();
        TransferManifest manifest =
                new TransferManifest(snapshot.version(), sums.root(), Optional.empty(), sums.layout(), List.of());
        return new Transfer(manifest, places.size(), i -> dense(snapshot, sums, places.get(i)));
    }

    private static Chunk dense(WeightsSnapshot snapshot, ContentSums sums, Place place) {
        NamedTensor tensor = snapshot.tensors().get(place.tensor());
        return Chunk.dense(
                place, sums.of(place), sums.layout().block(tensor.data(), place).asByteBuffer());
    }

    /// The same with the digests that a signature needs. They take as long as SHA-256 over all chunks.
    public Transfer withDigests() {
        if (!manifest.digests().isEmpty()) {
            return this;
        }
        return new Transfer(
                new TransferManifest(
                        manifest.version(),
                        manifest.root(),
                        manifest.base(),
                        manifest.layout(),
                        ChunkDigests.of(manifest.layout(), chunkCount, chunks)),
                chunkCount,
                chunks);
    }

    /// The difference between two snapshots. Sums tell the root of the newer one.
    ///
    /// @throws IllegalArgumentException if the two do not have the same tensors
    public static Transfer delta(
            WeightsSnapshot before, String rootBefore, WeightsSnapshot after, BlockWorkers workers) {
        WeightsLayout layout = WeightsLayout.of(after);
        if (!WeightsLayout.of(before).equals(layout)) {
            throw new IllegalArgumentException(
                    "%s and %s do not have the same tensors".formatted(before.version(), after.version()));
        }
        List<Place> places = layout.places();
        Chunk[] chunks = new Chunk[places.size()];
        ContentSums.Builder sums = new ContentSums.Builder(layout);
        try {
            workers.each(chunks.length, Scratch::new, (scratch, i) -> {
                Place place = places.get(i);
                chunks[i] = difference(before, after, place, layout, scratch);
                sums.put(place, chunks[i].header().sum());
            });
        } catch (DamagedWeightsException e) {
            throw new IllegalStateException("encoding does not judge", e);
        }
        List<Chunk> encoded = List.of(chunks);
        TransferManifest manifest = new TransferManifest(
                after.version(),
                sums.build().root(),
                Optional.of(new Base(before.version(), rootBefore)),
                layout,
                ChunkDigests.of(layout, encoded.size(), encoded::get));
        return of(manifest, encoded);
    }

    private static Chunk difference(
            WeightsSnapshot before, WeightsSnapshot after, Place place, WeightsLayout layout, Scratch scratch) {
        WeightsLayout.Tensor tensor = layout.tensors().get(place.tensor());
        MemorySegment old = layout.block(before.tensors().get(place.tensor()).data(), place);
        MemorySegment now = layout.block(after.tensors().get(place.tensor()).data(), place);
        int sum = Checksum.of(now.asByteBuffer());
        if (old.mismatch(now) < 0) {
            return Chunk.same(place, sum);
        }
        if (SparseBlock.covers(tensor.type().bytes())) {
            int raw = scratch.sparse.encode(tensor.type().bytes(), old, now, scratch.raw);
            if (raw >= 0) {
                byte[] compressed = scratch.compress(raw);
                if (compressed.length < now.byteSize()) {
                    return Chunk.sparse(place, raw, sum, compressed);
                }
            }
        }
        return Chunk.dense(place, sum, now.asByteBuffer());
    }
}
