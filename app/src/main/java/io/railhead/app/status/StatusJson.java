package io.railhead.app.status;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import java.io.IOException;
import java.util.Optional;

/// Writes JSON with names in `snake_case` and `null` for what is absent. Reads none.
final class StatusJson {
    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .addModule(new SimpleModule().addSerializer(new AbsentAsNull()))
            .build();

    private StatusJson() {}

    static String of(Object value) {
        try {
            return MAPPER.writeValueAsString(value) + "\n";
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("not representable as JSON: " + value.getClass(), e);
        }
    }

    private static final class AbsentAsNull extends StdSerializer<Optional<?>> {
        private static final long serialVersionUID = 1L;

        private AbsentAsNull() {
            super(Optional.class, false);
        }

        @Override
        public void serialize(Optional<?> value, JsonGenerator out, SerializerProvider serializers) throws IOException {
            if (value.isPresent()) {
                serializers.defaultSerializeValue(value.get(), out);
            } else {
                out.writeNull();
            }
        }
    }
}
