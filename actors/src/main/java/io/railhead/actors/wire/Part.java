package io.railhead.actors.wire;

import com.esotericsoftware.kryo.io.Input;
import com.esotericsoftware.kryo.io.Output;

/// How values of one type are written and read. Values are never null.
interface Part {
    void write(Output output, Object value);

    Object read(Input input);
}
