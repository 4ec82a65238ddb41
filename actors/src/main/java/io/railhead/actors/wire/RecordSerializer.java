package io.railhead.actors.wire;

import com.esotericsoftware.kryo.Kryo;
import com.esotericsoftware.kryo.Serializer;
import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/// Writes a record's components in their order and builds it through its canonical constructor, so the constructor's
/// checks hold for bytes too. What is built is fixed by the record's declaration, never by the bytes. Stateless.
final class RecordSerializer extends Serializer<Record> {
    private final Class<? extends Record> type;
    private final List<RecordComponent> components;
    private final List<Part> parts;
    private final Constructor<? extends Record> constructor;

    RecordSerializer(Class<? extends Record> type, Parts parts) {
        super(false, true);
        this.type = type;
        this.components = List.of(type.getRecordComponents());
        this.parts = components.stream().map(c -> parts.of(c.getGenericType())).toList();
        Class<?>[] types = Arrays.stream(type.getRecordComponents())
                .map(RecordComponent::getType)
                .toArray(Class<?>[]::new);
        try {
            this.constructor = type.getDeclaredConstructor(types);
        } catch (NoSuchMethodException e) {
            throw new IllegalStateException("every record has a canonical constructor: " + type, e);
        }
    }

    @Override
    public void write(Kryo kryo, Output output, Record record) {
        write(output, record);
    }

    void write(Output output, Record record) {
        for (int i = 0; i < parts.size(); i++) {
            parts.get(i).write(output, component(components.get(i), record));
        }
    }

    @Override
    public Record read(Kryo kryo, Input input, Class<? extends Record> ignored) {
        return read(input);
    }

    Record read(Input input) {
        Object[] values = IntStream.range(0, parts.size())
                .mapToObj(i -> parts.get(i).read(input))
                .toArray();
        try {
            return constructor.newInstance(values);
        } catch (InvocationTargetException e) {
            throw new MalformedMessageException(type.getSimpleName() + ": " + e.getCause(), e);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a registered record can be built: " + type, e);
        }
    }

    private static Object component(RecordComponent component, Record record) {
        try {
            return component.getAccessor().invoke(record);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("a registered record can be read: " + component, e);
        }
    }
}
