package io.railhead.actors.weights.delta;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.railhead.actors.weights.delta.Assembly.Verified;
import io.railhead.actors.weights.delta.Chunk.Encoding;
import io.railhead.policy.NamedTensor;
import io.railhead.policy.WeightsSnapshot;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class AssemblyTest {
    private static final BlockWorkers WORKERS = new BlockWorkers(3);
    private static final WeightsSnapshot FIRST = RandomWeights.draw(1, 1, 700_000);
    private static final WeightsSnapshot SECOND = RandomWeights.next(FIRST, 2);
    private static final String FIRST_ROOT = ContentSums.of(FIRST, WORKERS).root();
    private static final Transfer DELTA = Transfer.delta(FIRST, FIRST_ROOT, SECOND, WORKERS);

    @Test
    void snapshotArrivesAsItWas() throws DamagedWeightsException {
        for (Transfer transfer : List.of(snapshot(), snapshot().withDigests())) {
            Verified verified = receive(transfer, Optional.empty(), "", encoded(transfer));
            assertThat(verified.snapshot().equals(FIRST)).isTrue();
            assertThat(verified.sums().root()).isEqualTo(FIRST_ROOT);
        }
    }

    @Test
    void deltaMakesTheNextVersionOfTheOneBefore() throws DamagedWeightsException {
        Verified verified = receive(DELTA, Optional.of(FIRST), FIRST_ROOT, encoded(DELTA));
        assertThat(verified.snapshot().equals(SECOND)).isTrue();
        assertThat(verified.sums().root())
                .isEqualTo(ContentSums.of(SECOND, WORKERS).root());
        assertThat(chunks(verified.transfer()).equals(chunks(DELTA))).isTrue();
    }

    @Test
    void memoryThatHoldsTheBaseAlreadyMakesTheSameVersion() throws DamagedWeightsException {
        ContentMemory copies = (bytes, base) -> {
            MemorySegment memory = NamedTensor.memory(bytes);
            base.ifPresent(memory::copyFrom);
            return new ContentMemory.Taken(memory, base.isPresent());
        };
        Verified verified = receive(DELTA, Optional.of(FIRST), FIRST_ROOT, encoded(DELTA), copies);
        assertThat(verified.snapshot().equals(SECOND)).isTrue();
    }

    @Test
    void memoryThatHoldsSomethingElseIsFoundByTheSumOfABlock() {
        ContentMemory empty = (bytes, base) -> new ContentMemory.Taken(NamedTensor.memory(bytes), base.isPresent());
        assertThatThrownBy(() -> receive(DELTA, Optional.of(FIRST), FIRST_ROOT, encoded(DELTA), empty))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessageContaining("has the CRC32C");
    }

    @Test
    void deltaTakesEachBlockTheShortestWay() {
        Set<Encoding> seen = EnumSet.noneOf(Encoding.class);
        for (int i = 0; i < DELTA.chunkCount(); i++) {
            seen.add(DELTA.chunk(i).header().encoding());
        }
        assertThat(seen).containsExactlyInAnyOrder(Encoding.values());
        assertThat(DELTA.chunkBytes()).isLessThan(snapshot().chunkBytes() * 2 / 3);
    }

    @Test
    void unchangedTensorsAreSharedWithTheVersionBefore() throws DamagedWeightsException {
        Verified verified = receive(DELTA, Optional.of(FIRST), FIRST_ROOT, encoded(DELTA));
        assertThat(verified.snapshot().tensors().getFirst())
                .isSameAs(FIRST.tensors().getFirst());
    }

    @Test
    void deltaFromOtherContentsIsRefusedBeforeAnythingIsRead() {
        String other = ContentSums.of(SECOND, WORKERS).root();
        assertThatThrownBy(() -> Assembly.of(DELTA.manifest(), Optional.of(SECOND), other, ContentMemory.NEW, WORKERS))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessage(
                        "v2 is a difference from contents with the root %s; here are %s".formatted(FIRST_ROOT, other));
        assertThatThrownBy(() -> Assembly.of(DELTA.manifest(), Optional.empty(), "", ContentMemory.NEW, WORKERS))
                .hasMessageContaining("here are none");
    }

    @Test
    void otherContentsUnderTheSameRootAreFoundByTheSumOfABlock() {
        assertThatThrownBy(() -> receive(DELTA, Optional.of(SECOND), FIRST_ROOT, encoded(DELTA)))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessageMatching("block \\d+ of layer\\S+ has the CRC32C .* instead of .*|.* has the root .*");
    }

    @Test
    void rootThatIsNotThePromisedOneIsRefused() {
        TransferManifest honest = snapshot().manifest();
        TransferManifest lying = new TransferManifest(
                honest.version(), "0".repeat(64), honest.base(), honest.layout(), honest.digests());
        assertThatThrownBy(() ->
                        receive(Transfer.of(lying, chunks(snapshot())), Optional.empty(), "", encoded(snapshot())))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessage("v1 has the root %s instead of %s".formatted(FIRST_ROOT, "0".repeat(64)));
    }

    @Test
    void missingRepeatedOrSwappedChunksAreRefused() {
        List<byte[]> chunks = encoded(DELTA);
        assertRefused(chunks.subList(0, chunks.size() - 1), "v2 ends after");
        List<byte[]> swapped = new ArrayList<>(chunks);
        swapped.set(0, chunks.get(1));
        assertRefused(swapped, "came instead of");
        List<byte[]> more = new ArrayList<>(chunks);
        more.add(chunks.getLast());
        assertRefused(more, "came instead of the end");
    }

    /// Each chunk in turn with one bit turned, at a place of the seed's choice: in the header, or in the payload.
    @Test
    void turnedBitIsFoundWhereverItIs() {
        Random random = new Random(3);
        List<byte[]> chunks = encoded(DELTA);
        for (int i = 0; i < chunks.size(); i++) {
            List<byte[]> damaged = new ArrayList<>(chunks);
            byte[] bytes = chunks.get(i).clone();
            int at = random.nextBoolean() ? random.nextInt(Chunk.Header.BYTES) : random.nextInt(bytes.length);
            bytes[at] ^= (byte) (1 << random.nextInt(8));
            damaged.set(i, bytes);
            assertThatThrownBy(() -> receive(DELTA, Optional.of(FIRST), FIRST_ROOT, damaged))
                    .isInstanceOf(DamagedWeightsException.class)
                    .hasMessageContaining("chunk of Place");
        }
    }

    @Test
    void chunkOfAnotherTransferIsFoundByTheDigests() {
        WeightsSnapshot other = RandomWeights.next(FIRST, 4);
        Transfer forged = Transfer.delta(FIRST, FIRST_ROOT, other, WORKERS);
        assertRefused(encoded(forged), "other digests");
    }

    private static void assertRefused(List<byte[]> chunks, String message) {
        assertThatThrownBy(() -> receive(DELTA, Optional.of(FIRST), FIRST_ROOT, chunks))
                .isInstanceOf(DamagedWeightsException.class)
                .hasMessageContaining(message);
    }

    private static Transfer snapshot() {
        return Transfer.snapshot(FIRST, ContentSums.of(FIRST, WORKERS));
    }

    private static List<Chunk> chunks(Transfer transfer) {
        List<Chunk> chunks = new ArrayList<>();
        for (int i = 0; i < transfer.chunkCount(); i++) {
            chunks.add(transfer.chunk(i));
        }
        return chunks;
    }

    private static List<byte[]> encoded(Transfer transfer) {
        return chunks(transfer).stream()
                .map(chunk -> ByteBuffer.allocate(chunk.byteCount())
                        .put(chunk.header().bytes())
                        .put(chunk.payload().duplicate())
                        .array())
                .toList();
    }

    private static Verified receive(
            Transfer transfer, Optional<WeightsSnapshot> base, String baseRoot, List<byte[]> chunks)
            throws DamagedWeightsException {
        return receive(transfer, base, baseRoot, chunks, ContentMemory.NEW);
    }

    private static Verified receive(
            Transfer transfer,
            Optional<WeightsSnapshot> base,
            String baseRoot,
            List<byte[]> chunks,
            ContentMemory memory)
            throws DamagedWeightsException {
        try (Assembly assembly = Assembly.of(transfer.manifest(), base, baseRoot, memory, WORKERS)) {
            for (byte[] bytes : chunks) {
                ByteBuffer in = ByteBuffer.wrap(bytes);
                Chunk.Header header = Chunk.Header.parse(in);
                ByteBuffer payload = assembly.bufferFor(header);
                payload.put(in.slice(in.position(), Math.min(in.remaining(), payload.remaining())));
                assembly.filled(header);
            }
            return assembly.finish();
        }
    }
}
