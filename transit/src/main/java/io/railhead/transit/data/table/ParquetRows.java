package io.railhead.transit.data.table;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import org.apache.parquet.ParquetReadOptions;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.conf.PlainParquetConfiguration;
import org.apache.parquet.example.data.Group;
import org.apache.parquet.example.data.simple.convert.GroupRecordConverter;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.io.ColumnIOFactory;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.io.RecordReader;
import org.apache.parquet.schema.GroupType;
import org.apache.parquet.schema.LogicalTypeAnnotation.ListLogicalTypeAnnotation;
import org.apache.parquet.schema.LogicalTypeAnnotation.StringLogicalTypeAnnotation;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.Type;

/// Parquet, one row group at a time in memory.
final class ParquetRows {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private ParquetRows() {}

    /// How the library names the file in its messages.
    private static final Pattern NAME = Pattern.compile("^\\S*LocalInputFile@[0-9a-f]+");

    static void read(Path file, Consumer<ObjectNode> rows) throws IOException {
        ParquetReadOptions options = ParquetReadOptions.builder(new PlainParquetConfiguration())
                .withCodecFactory(new Codecs())
                .build();
        try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file), options)) {
            MessageType schema = reader.getFooter().getFileMetaData().getSchema();
            var columns = new ColumnIOFactory().getColumnIO(schema);
            for (PageReadStore pages = reader.readNextRowGroup(); pages != null; pages = reader.readNextRowGroup()) {
                RecordReader<Group> records = columns.getRecordReader(pages, new GroupRecordConverter(schema));
                for (long i = 0; i < pages.getRowCount(); i++) {
                    rows.accept(object(records.read(), schema));
                }
            }
        } catch (RuntimeException e) { // how the library says that a file is not parquet, or cut off
            String why = String.valueOf(e.getMessage());
            throw new IOException(NAME.matcher(why).replaceFirst("it"), e);
        }
    }

    private static ObjectNode object(Group group, GroupType type) {
        ObjectNode object = NODES.objectNode();
        for (int field = 0; field < type.getFieldCount(); field++) {
            if (group.getFieldRepetitionCount(field) > 0) {
                object.set(type.getFieldName(field), value(group, type.getType(field), field, 0));
            }
        }
        return object;
    }

    private static JsonNode value(Group group, Type type, int field, int index) {
        if (!type.isPrimitive()) {
            Group inner = group.getGroup(field, index);
            boolean list = type.getLogicalTypeAnnotation() instanceof ListLogicalTypeAnnotation;
            return list ? list(inner, type.asGroupType()) : object(inner, type.asGroupType());
        }
        return switch (type.asPrimitiveType().getPrimitiveTypeName()) {
            case INT64 -> NODES.numberNode(group.getLong(field, index));
            case INT32 -> NODES.numberNode(group.getInteger(field, index));
            case BOOLEAN -> NODES.booleanNode(group.getBoolean(field, index));
            case DOUBLE -> NODES.numberNode(group.getDouble(field, index));
            case FLOAT -> NODES.numberNode(group.getFloat(field, index));
            case BINARY, FIXED_LEN_BYTE_ARRAY, INT96 ->
                type.getLogicalTypeAnnotation() instanceof StringLogicalTypeAnnotation
                        ? NODES.textNode(group.getString(field, index))
                        : NODES.binaryNode(group.getBinary(field, index).getBytes());
        };
    }

    /// A list is a group with one repeated group, whose one field is the element.
    private static ArrayNode list(Group list, GroupType type) {
        ArrayNode values = NODES.arrayNode();
        GroupType repeated = type.getType(0).asGroupType();
        for (int i = 0; i < list.getFieldRepetitionCount(0); i++) {
            Group entry = list.getGroup(0, i);
            values.add(
                    entry.getFieldRepetitionCount(0) == 0 ? NODES.nullNode() : value(entry, repeated.getType(0), 0, 0));
        }
        return values;
    }
}
