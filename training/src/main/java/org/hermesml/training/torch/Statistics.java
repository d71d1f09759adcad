package org.hermesml.training.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Enumeration;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * Batch normalisation's running mean and variance are buffers of a module, which DJL does not hand
 * out. A TorchScript file carries its code as text, and each class there lists its parameters and
 * its buffers: with the two names moved from one list to the other the tensors come out as
 * parameters do, and nothing else changes. Written files have them back in their place.
 */
final class Statistics {
    static final String MEAN = "running_mean";
    static final String VARIANCE = "running_var";

    private static final Pattern LISTS =
            Pattern.compile("__parameters__ = \\[(.*?)]\\s*\\n(\\s*)__buffers__ = \\[(.*?)]");
    private static final String BOTH = "\"" + MEAN + "\", \"" + VARIANCE + "\", ";

    /** Whether this entry is code that declares statistics as buffers. */
    static boolean isIn(ZipEntry entry, ZipFile zip) throws IOException {
        if (!isCode(entry.getName())) {
            return false;
        }
        String code = new String(zip.getInputStream(entry).readAllBytes(), StandardCharsets.UTF_8);
        return !toParameters(code).equals(code);
    }

    static byte[] asParameters(Path file) throws IOException {
        return rewrite(file, Statistics::toParameters);
    }

    static byte[] asBuffers(byte[] written) {
        try {
            Path file = Files.createTempFile("hermes-model", ".pt");
            try {
                Files.write(file, written);
                return rewrite(file, Statistics::toBuffers);
            } finally {
                Files.deleteIfExists(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException("A model could not be put into a temporary file", e);
        }
    }

    static String toParameters(String code) {
        return lists(code, true);
    }

    static String toBuffers(String code) {
        return lists(code, false);
    }

    private static String lists(String code, boolean toParameters) {
        return LISTS.matcher(code)
                .replaceAll(
                        found -> {
                            String parameters = found.group(1);
                            String buffers = found.group(3);
                            String from = toParameters ? buffers : parameters;
                            if (!from.contains(BOTH)) {
                                return Matcher.quoteReplacement(found.group());
                            }
                            String without = from.replace(BOTH, "");
                            return Matcher.quoteReplacement(
                                    "__parameters__ = ["
                                            + (toParameters ? parameters + BOTH : without)
                                            + "]\n"
                                            + found.group(2)
                                            + "__buffers__ = ["
                                            + (toParameters ? without : BOTH + buffers)
                                            + "]");
                        });
    }

    private static byte[] rewrite(Path file, UnaryOperator<String> edit) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipFile zip = new ZipFile(file.toFile());
                ZipOutputStream out = new ZipOutputStream(bytes)) {
            Enumeration<? extends ZipEntry> entries = zip.entries();
            while (entries.hasMoreElements()) {
                ZipEntry entry = entries.nextElement();
                byte[] content = zip.getInputStream(entry).readAllBytes();
                if (isCode(entry.getName())) {
                    String code = new String(content, StandardCharsets.UTF_8);
                    content = edit.apply(code).getBytes(StandardCharsets.UTF_8);
                }
                out.flush();
                TorchZip.put(out, entry.getName(), content, bytes.size());
            }
        }
        return bytes.toByteArray();
    }

    private static boolean isCode(String name) {
        return name.contains("/code/") && name.endsWith(".py");
    }

    private Statistics() {}
}
