package io.railhead.actors.weights.delta;

import io.railhead.actors.weights.delta.WeightsLayout.Place;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.WeightsSnapshot;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Makes a new snapshot out of arriving chunks, beside the old one, which stays as it is. One thread's.
///
/// For each chunk, in their order: `bufferFor` its header says where the payload goes, the caller fills that buffer,
/// `filled` checks it, and differences are applied while further ones arrive. When all are there, `finish` gives the
/// snapshot out if each block has its CRC32C, each tensor its digest, and all together the promised root.
///
/// Memory is taken by what the manifest's layout says, tensor by tensor as chunks arrive, and for a payload never more
/// than its block; whoever makes an assembly decides first whether a layout of this size is welcome.
public final class Assembly implements AutoCloseable {
    /// A snapshot that is what its manifest promised, and the transfer that made it, for handing on.
    public record Verified(WeightsSnapshot snapshot, ContentSums sums, Transfer transfer) {}

    private final TransferManifest manifest;
    private final Optional<WeightsSnapshot> base;
    private final ContentMemory memory;
    private final List<Place> places;
    private final List<Chunk> chunks = new ArrayList<>();
    private final @Nullable MemorySegment[] contents; // [tensor], from its first block that is not as it was
    private final boolean[] holdsBase; // [tensor], whether the base was in those contents before
    private final ChunkDigests digests;
    private final ContentSums.Builder sums;
    private final BlockPipe<Scratch, Chunk> pipe;
    private @Nullable ByteBuffer filling;

    /// @param base the contents that a delta starts from, verified; empty for a snapshot
    /// @param baseRoot of those
    /// @param memory for the new contents
    /// @param workers apply the differences
    /// @throws DamagedWeightsException if the manifest does not start from that base
    public static Assembly of(
            TransferManifest manifest,
            Optional<WeightsSnapshot> base,
            String baseRoot,
            ContentMemory memory,
            BlockWorkers workers)
            throws DamagedWeightsException {
        if (manifest.base().isPresent()) {
            String expected = manifest.base().get().root();
            if (base.isEmpty() || !expected.equals(baseRoot)) {
                throw new DamagedWeightsException("%s is a difference from contents with the root %s; here are %s"
                        .formatted(manifest.version(), expected, base.isEmpty() ? "none" : baseRoot));
            }
            if (!WeightsLayout.of(base.get()).equals(manifest.layout())) {
                throw new DamagedWeightsException(manifest.version() + " has other tensors than "
                        + base.get().version());
            }
        }
        return new Assembly(manifest, manifest.isDelta() ? base : Optional.empty(), memory, workers);
    }

    private Assembly(
            TransferManifest manifest, Optional<WeightsSnapshot> base, ContentMemory memory, BlockWorkers workers) {
        this.manifest = manifest;
        this.base = base;
        this.memory = memory;
        this.places = manifest.layout().places();
        this.contents = new @Nullable MemorySegment[manifest.layout().tensors().size()];
        this.holdsBase = new boolean[contents.length];
        this.digests = new ChunkDigests(manifest.layout());
        this.sums = new ContentSums.Builder(manifest.layout());
        this.pipe = new BlockPipe<>(workers, Scratch::new, (scratch, chunk) -> make(chunk, scratch));
    }

    public int chunksLeft() {
        return places.size() - chunks.size();
    }

    /// Where the payload goes.
    ///
    /// @throws DamagedWeightsException if this is not the header of the next chunk, or one that makes no sense
    public ByteBuffer bufferFor(Chunk.Header header) throws DamagedWeightsException {
        if (chunksLeft() == 0 || !header.place().equals(places.get(chunks.size()))) {
            throw new DamagedWeightsException("chunk of %s came instead of %s"
                    .formatted(header.place(), chunksLeft() == 0 ? "the end" : places.get(chunks.size())));
        }
        int length = lengthOf(header.place());
        boolean sensible = switch (header.encoding()) {
            case SAME -> base.isPresent() && header.rawLength() == 0 && header.payloadLength() == 0;
            case SPARSE ->
                base.isPresent()
                        && SparseBlock.covers(widthOf(header.place()))
                        && header.rawLength() > 0
                        && header.rawLength() < length
                        && header.payloadLength() > 0
                        && header.payloadLength() < length;
            case DENSE -> header.rawLength() == length && header.payloadLength() == length;
        };
        if (!sensible) {
            throw new DamagedWeightsException("chunk of %s cannot be %s of %d bytes, %d raw, for a block of %d bytes"
                    .formatted(header.place(), header.encoding(), header.payloadLength(), header.rawLength(), length));
        }
        filling = switch (header.encoding()) {
            case SAME, SPARSE -> ByteBuffer.allocate(header.payloadLength());
            case DENSE -> blockOf(header.place()).asByteBuffer();
        };
        return filling.duplicate();
    }

    /// Checks the payload that the buffer now holds, keeps it, and lets it be applied.
    ///
    /// @throws DamagedWeightsException if its CRC32C is another
    public void filled(Chunk.Header header) throws DamagedWeightsException {
        ByteBuffer payload = Objects.requireNonNull(filling, "no header came before");
        filling = null;
        header.requireCrcOf(payload);
        if (!manifest.digests().isEmpty()) {
            digests.update(header, payload);
        }
        Chunk chunk = new Chunk(header, payload.asReadOnlyBuffer());
        chunks.add(chunk);
        sums.put(header.place(), header.sum());
        if (header.encoding() == Chunk.Encoding.SPARSE) {
            contentsOf(header.place().tensor()); // before others look
            pipe.put(chunk);
        }
    }

    /// @throws DamagedWeightsException if anything is not as the manifest promised; then nothing of it is given out
    public Verified finish() throws DamagedWeightsException {
        if (chunksLeft() > 0) {
            throw new DamagedWeightsException(
                    "%s ends after %d of %d chunks".formatted(manifest.version(), chunks.size(), places.size()));
        }
        if (!manifest.digests().isEmpty() && !digests.finish().equals(manifest.digests())) {
            throw new DamagedWeightsException("the chunks of " + manifest.version() + " have other digests");
        }
        chunks.stream() // now it is known which tensors have new memory
                .filter(chunk -> chunk.header().encoding() == Chunk.Encoding.SAME)
                .forEach(pipe::put);
        pipe.finish();
        ContentSums made = sums.build();
        if (!made.root().equals(manifest.root())) {
            throw new DamagedWeightsException(
                    "%s has the root %s instead of %s".formatted(manifest.version(), made.root(), manifest.root()));
        }
        return new Verified(snapshot(), made, Transfer.of(manifest, chunks));
    }

    /// Waits for what is being applied.
    @Override
    public void close() {
        pipe.close();
    }

    /// Brings the new contents of a block to their place and checks their sum.
    private void make(Chunk chunk, Scratch scratch) throws DamagedWeightsException {
        Chunk.Header header = chunk.header();
        Place place = header.place();
        MemorySegment made = switch (header.encoding()) {
            case SAME -> contents[place.tensor()] == null ? baseOf(place) : withBase(place);
            case SPARSE -> {
                byte[] compressed = new byte[header.payloadLength()];
                chunk.payload().duplicate().get(compressed);
                scratch.decompress(compressed, header.rawLength());
                MemorySegment block = withBase(place);
                SparseBlock.decode(widthOf(place), scratch.raw, header.rawLength(), block);
                yield block;
            }
            case DENSE -> blockOf(place); // in its place, and never put: it was summed as it came
        };
        int sum = Checksum.of(made.asByteBuffer());
        if (sum != header.sum()) {
            throw new DamagedWeightsException("block %d of %s has the CRC32C %08x instead of %08x"
                    .formatted(
                            place.block(),
                            manifest.layout().tensors().get(place.tensor()).name(),
                            sum,
                            header.sum()));
        }
    }

    private WeightsSnapshot snapshot() {
        List<NamedTensor> tensors = new ArrayList<>();
        for (int i = 0; i < contents.length; i++) {
            WeightsLayout.Tensor tensor = manifest.layout().tensors().get(i);
            MemorySegment made = contents[i];
            tensors.add(
                    made == null && base.isPresent()
                            ? base.get().tensors().get(i)
                            : new NamedTensor(
                                    tensor.name(),
                                    tensor.type(),
                                    tensor.shape(),
                                    made == null
                                            ? memory.take(0, Optional.empty()).memory()
                                            : made));
        }
        return new WeightsSnapshot(manifest.version(), tensors);
    }

    private MemorySegment baseOf(Place place) {
        return manifest.layout()
                .block(base.orElseThrow().tensors().get(place.tensor()).data(), place);
    }

    private MemorySegment blockOf(Place place) {
        return manifest.layout().block(contentsOf(place.tensor()), place);
    }

    /// Its place in the new contents, with the base's in it.
    private MemorySegment withBase(Place place) {
        MemorySegment block = blockOf(place);
        return holdsBase[place.tensor()] ? block : block.copyFrom(baseOf(place));
    }

    private MemorySegment contentsOf(int tensor) {
        MemorySegment all = contents[tensor];
        if (all == null) {
            ContentMemory.Taken taken = memory.take(
                    manifest.layout().tensors().get(tensor).byteCount(),
                    base.map(snapshot -> snapshot.tensors().get(tensor).data()));
            all = taken.memory();
            contents[tensor] = all;
            holdsBase[tensor] = taken.holdsBase();
        }
        return all;
    }

    private int lengthOf(Place place) {
        return manifest.layout().tensors().get(place.tensor()).blockBytes(place.block());
    }

    private int widthOf(Place place) {
        return manifest.layout().tensors().get(place.tensor()).type().bytes();
    }
}
