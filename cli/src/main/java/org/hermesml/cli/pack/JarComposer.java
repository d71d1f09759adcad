package org.hermesml.cli.pack;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/** Makes a jar of parts of other jars. */
final class JarComposer {
    /**
     * @param base whose entries come first, its manifest among them
     * @param more of which entries are taken that are not there yet
     * @param out is there only when it is whole
     */
    static void compose(
            Path base, Predicate<String> keeps, List<Path> more, Predicate<String> takes, Path out)
            throws IOException {
        Path partial = out.resolveSibling(out.getFileName() + ".part");
        try {
            Set<String> written = new HashSet<>();
            try (OutputStream file = Files.newOutputStream(partial);
                    ZipOutputStream zip = new ZipOutputStream(file)) {
                copy(base, keeps, zip, written);
                for (Path jar : more) {
                    copy(jar, takes, zip, written);
                }
            }
            Files.move(partial, out, StandardCopyOption.REPLACE_EXISTING);
        } finally {
            Files.deleteIfExists(partial);
        }
    }

    private static void copy(
            Path from, Predicate<String> wanted, ZipOutputStream out, Set<String> written)
            throws IOException {
        try (ZipFile zip = new ZipFile(from.toFile())) {
            for (ZipEntry entry : Collections.list(zip.entries())) {
                if (entry.isDirectory()
                        || !wanted.test(entry.getName())
                        || !written.add(entry.getName())) {
                    continue;
                }
                ZipEntry copy = new ZipEntry(entry.getName());
                copy.setTime(entry.getTime());
                out.putNextEntry(copy);
                try (InputStream in = zip.getInputStream(entry)) {
                    in.transferTo(out);
                }
                out.closeEntry();
            }
        }
    }

    private JarComposer() {}
}
