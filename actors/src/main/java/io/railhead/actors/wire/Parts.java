package io.railhead.actors.wire;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.Type;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.apache.pekko.actor.typed.ActorRef;
import org.apache.pekko.actor.typed.ActorRefResolver;

/// The types that a control message may be made of: numbers, texts, enums, actor references, records of the table, and
/// lists and text-keyed maps of these. A record with anything else does not get a serializer.
final class Parts {
    private final ActorRefResolver refs;
    private final Set<Class<? extends Record>> records;

    Parts(ActorRefResolver refs, Set<Class<? extends Record>> records) {
        this.refs = refs;
        this.records = records;
    }

    Part of(Type type) {
        if (type == long.class || type == Long.class) {
            return part((out, value) -> out.writeVarLong((long) value, true), in -> in.readVarLong(true));
        }
        if (type == int.class || type == Integer.class) {
            return part((out, value) -> out.writeVarInt((int) value, true), in -> in.readVarInt(true));
        }
        if (type == double.class || type == Double.class) {
            return part((out, value) -> out.writeDouble((double) value), Input::readDouble);
        }
        if (type == boolean.class || type == Boolean.class) {
            return part((out, value) -> out.writeBoolean((boolean) value), in -> indexed(in, 2) == 1);
        }
        if (type == String.class) {
            return part((out, value) -> writeText(out, (String) value), Parts::readText);
        }
        if (type instanceof Class<?> named && named.isEnum()) {
            List<?> constants = List.of(named.getEnumConstants());
            return part(
                    (out, value) -> out.writeVarInt(constants.indexOf(value), true),
                    in -> constants.get(indexed(in, constants.size())));
        }
        if (type instanceof Class<?> named && named.isRecord() && records.contains(named)) {
            RecordSerializer serializer = new RecordSerializer(named.asSubclass(Record.class), this);
            return part((out, value) -> serializer.write(out, (Record) value), serializer::read);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == ActorRef.class) {
            return part((out, value) -> writeText(out, refs.toSerializationFormat((ActorRef<?>) value)), this::readRef);
        }
        if (type instanceof ParameterizedType generic && generic.getRawType() == List.class) {
            return listOf(of(generic.getActualTypeArguments()[0]));
        }
        if (type instanceof ParameterizedType generic
                && generic.getRawType() == Map.class
                && generic.getActualTypeArguments()[0] == String.class) {
            return mapOf(of(generic.getActualTypeArguments()[1]));
        }
        throw new IllegalArgumentException("a control message is not made of " + type);
    }

    private Object readRef(Input input) {
        String text = readText(input);
        try {
            return refs.resolveActorRef(text);
        } catch (IllegalArgumentException e) {
            throw new MalformedMessageException("not an actor reference: " + text, e);
        }
    }

    private static Part listOf(Part item) {
        return part(
                (out, value) -> {
                    List<?> list = (List<?>) value;
                    out.writeVarInt(list.size(), true);
                    list.forEach(one -> item.write(out, one));
                },
                in -> {
                    int count = bounded(in, "items");
                    List<Object> list = new ArrayList<>(count);
                    for (int i = 0; i < count; i++) {
                        list.add(item.read(in));
                    }
                    return Collections.unmodifiableList(list);
                });
    }

    private static Part mapOf(Part item) {
        return part(
                (out, value) -> {
                    Map<?, ?> map = (Map<?, ?>) value;
                    out.writeVarInt(map.size(), true);
                    map.forEach((key, one) -> {
                        writeText(out, (String) key);
                        item.write(out, one);
                    });
                },
                in -> {
                    int count = bounded(in, "entries");
                    Map<String, Object> map = new TreeMap<>();
                    for (int i = 0; i < count; i++) {
                        String key = readText(in);
                        if (map.put(key, item.read(in)) != null) {
                            throw new MalformedMessageException("two values of " + key);
                        }
                    }
                    return Collections.unmodifiableMap(map);
                });
    }

    private static void writeText(Output output, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        output.writeVarInt(bytes.length, true);
        output.writeBytes(bytes);
    }

    private static String readText(Input input) {
        return new String(input.readBytes(bounded(input, "bytes")), StandardCharsets.UTF_8);
    }

    /// A count of things of at least one byte each: never more than there are bytes left.
    private static int bounded(Input input, String what) {
        int count = input.readVarInt(true);
        int left = input.limit() - input.position();
        if (count < 0 || count > left) {
            throw new MalformedMessageException(
                    Integer.toUnsignedString(count) + " " + what + " announced, " + left + " bytes left");
        }
        return count;
    }

    private static int indexed(Input input, int size) {
        int index = input.readVarInt(true);
        if (index < 0 || index >= size) {
            throw new MalformedMessageException("choice " + Integer.toUnsignedString(index) + " of " + size);
        }
        return index;
    }

    private static Part part(BiConsumer<Output, Object> writer, Function<Input, Object> reader) {
        return new Part() {
            @Override
            public void write(Output output, Object value) {
                writer.accept(output, value);
            }

            @Override
            public Object read(Input input) {
                return reader.apply(input);
            }
        };
    }
}
