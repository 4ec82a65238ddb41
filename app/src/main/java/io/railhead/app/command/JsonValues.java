package io.railhead.app.command;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import io.railhead.policy.PolicyVersion;
import java.io.IOException;
import java.util.Optional;

/// How values of the vocabulary look in JSON: a version is its number, an absent one is null.
final class JsonValues {
    private JsonValues() {}

    static SimpleModule module() {
        return new SimpleModule().addSerializer(new VersionNumber()).addSerializer(new OrNull());
    }

    private static final class VersionNumber extends StdSerializer<PolicyVersion> {
        private static final long serialVersionUID = 1L;

        VersionNumber() {
            super(PolicyVersion.class);
        }

        @Override
        public void serialize(PolicyVersion version, JsonGenerator json, SerializerProvider provider)
                throws IOException {
            json.writeNumber(version.number());
        }
    }

    @SuppressWarnings("rawtypes") // what Jackson asks for
    private static final class OrNull extends StdSerializer<Optional> {
        private static final long serialVersionUID = 1L;

        OrNull() {
            super(Optional.class);
        }

        @Override
        public void serialize(Optional value, JsonGenerator json, SerializerProvider provider) throws IOException {
            provider.defaultSerializeValue(value.isPresent() ? value.get() : null, json);
        }
    }
}
