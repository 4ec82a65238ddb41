package io.railhead.policy.djl;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/// Writes a TorchScript archive: one module of class `Operators` without state, its methods given as text.
///
/// The archive is a zip of four stored entries: the module as a pickle, the code, an empty tuple of constants and the
/// format's version.
final class TorchScriptArchive {
    private static final String CLASS = "Operators";

    private TorchScriptArchive() {}

    /// @param methods `def` statements whose first parameter is `self`, unindented
    static byte[] of(String methods) {
        String code = "class " + CLASS + "(Module):\n  __parameters__ = []\n  __buffers__ = []\n  training : bool\n"
                + methods.replace("(self,", "(self: __torch__." + CLASS + ",").indent(2);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
            store(zip, "operators/data.pkl", module());
            store(zip, "operators/code/__torch__.py", code.getBytes(StandardCharsets.UTF_8));
            store(zip, "operators/constants.pkl", new byte[] {(byte) 0x80, 2, ')', '.'});
            store(zip, "operators/version", "10\n".getBytes(StandardCharsets.US_ASCII));
        } catch (IOException e) {
            throw new UncheckedIOException("writing to memory", e);
        }
        return bytes.toByteArray();
    }

    /// The pickle of an `Operators` object with the one attribute `training = False`.
    private static byte[] module() throws IOException {
        ByteArrayOutputStream pickle = new ByteArrayOutputStream();
        pickle.write(new byte[] {(byte) 0x80, 2}); // protocol 2
        pickle.write(("c__torch__\n" + CLASS + "\n").getBytes(StandardCharsets.US_ASCII)); // the class
        pickle.write(new byte[] {'q', 0, ')', (byte) 0x81, '}', '('}); // remember it, new object, dict, mark
        pickle.write(new byte[] {'X', 8, 0, 0, 0}); // a string of 8 bytes
        pickle.write("training".getBytes(StandardCharsets.US_ASCII));
        pickle.write(new byte[] {'q', 1, (byte) 0x89, 'u', 'b', 'q', 2, '.'}); // False, set items, set state, stop
        return pickle.toByteArray();
    }

    private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
        CRC32 checksum = new CRC32();
        checksum.update(content);
        ZipEntry entry = new ZipEntry(name);
        entry.setMethod(ZipEntry.STORED);
        entry.setSize(content.length);
        entry.setCrc(checksum.getValue());
        zip.putNextEntry(entry);
        zip.write(content);
        zip.closeEntry();
    }
}
