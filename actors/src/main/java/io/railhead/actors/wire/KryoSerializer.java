package io.railhead.actors.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.KryoException;
import com.esotericsoftware.kryo.Registration;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import com.esotericsoftware.kryo.util.DefaultClassResolver;
import com.esotericsoftware.kryo.util.MapReferenceResolver;
import com.esotericsoftware.kryo.util.Pool;
import io.railhead.actors.protocol.ControlMessage;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.pekko.actor.ExtendedActorSystem;
import org.apache.pekko.actor.typed.ActorRefResolver;
import org.apache.pekko.actor.typed.javadsl.Adapter;
import org.apache.pekko.serialization.JSerializer;
import org.jspecify.annotations.Nullable;

/// Pekko's way to the control messages of [ControlTable], by Kryo with required registration.
///
/// Four bytes of the table's fingerprint, the record's id, its components. Thread-safe: Kryo instances and buffers come
/// from pools.
public final class KryoSerializer extends JSerializer {
    static final int IDENTIFIER = 7_241_002;

    /// Control messages are small; a bigger one is a mistake at its sender.
    static final int MAX_BYTES = 1 << 20;

    private static final int POOLED = 64;

    private final Pool<Kryo> kryos;
    private final Pool<Output> outputs = new Pool<>(true, false, POOLED) {
        @Override
        protected Output create() {
            return new Output(512, MAX_BYTES);
        }
    };

    /// Called by Pekko.
    public KryoSerializer(ExtendedActorSystem system) {
        this(ActorRefResolver.get(Adapter.toTyped(system)));
    }

    KryoSerializer(ActorRefResolver refs) {
        Parts parts = new Parts(refs, Set.copyOf(ControlTable.RECORDS.values()));
        SortedMap<Integer, RecordSerializer> serializers = new TreeMap<>();
        ControlTable.RECORDS.forEach((id, type) -> serializers.put(id, new RecordSerializer(type, parts)));
        this.kryos = new Pool<>(true, false, POOLED) {
            @Override
            protected Kryo create() {
                return registered(serializers);
            }
        };
    }

    private static Kryo registered(SortedMap<Integer, RecordSerializer> serializers) {
        Kryo kryo = new Kryo(new IdsOnly(), new MapReferenceResolver());
        kryo.setReferences(false);
        kryo.setRegistrationRequired(true);
        serializers.forEach((id, serializer) -> kryo.register(ControlTable.RECORDS.get(id), serializer, id));
        return kryo;
    }

    @Override
    public int identifier() {
        return IDENTIFIER;
    }

    @Override
    public boolean includeManifest() {
        return false;
    }

    /// @throws IllegalArgumentException if the message is not in the table or too big
    @Override
    public byte[] toBinary(Object message) {
        Kryo kryo = kryos.obtain();
        Output output = outputs.obtain();
        try {
            output.reset();
            output.writeInt(ControlTable.FINGERPRINT);
            kryo.writeClassAndObject(output, message);
            return output.toBytes();
        } catch (KryoException e) {
            throw new IllegalArgumentException(
                    "cannot write " + message.getClass().getName() + ": " + e.getMessage(), e);
        } finally {
            outputs.free(output);
            kryos.free(kryo);
        }
    }

    /// @throws MalformedMessageException if these are not the bytes of a control message of this release
    @Override
    public Object fromBinaryJava(byte[] bytes, @Nullable Class<?> manifest) {
        if (bytes.length > MAX_BYTES) {
            throw new MalformedMessageException("a control message of " + bytes.length + " bytes");
        }
        Kryo kryo = kryos.obtain();
        try (Input input = new Input(bytes)) {
            if (input.readInt() != ControlTable.FINGERPRINT) {
                throw new MalformedMessageException("a control message of another release");
            }
            Registration registration = kryo.readClass(input);
            if (registration == null || !(registration.getSerializer() instanceof RecordSerializer serializer)) {
                throw new MalformedMessageException("not the id of a control message");
            }
            Record message = serializer.read(input);
            if (!(message instanceof ControlMessage) || input.position() != input.limit()) {
                throw new MalformedMessageException(
                        message.getClass().getSimpleName() + " where one control message should be");
            }
            return message;
        } catch (KryoException e) {
            throw new MalformedMessageException("control message: " + e.getMessage(), e);
        } finally {
            kryos.free(kryo);
        }
    }

    /// Bytes choose among registered ids; a class name in them is refused before any class is looked up.
    private static final class IdsOnly extends DefaultClassResolver {
        @Override
        protected Registration readName(Input input) {
            throw new MalformedMessageException("a class name instead of an id");
        }
    }
}
