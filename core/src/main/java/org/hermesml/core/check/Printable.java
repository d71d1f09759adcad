package org.hermesml.core.check;

/** Text of unknown origin, made fit to be kept and shown. */
public final class Printable {
    /**
     * @return {@code text} with a question mark for each character that could steer a terminal or
     *     is none, cut to {@code most} characters
     */
    public static String of(String text, int most) {
        String cut = text.length() <= most ? text : text.substring(0, most - 3) + "...";
        StringBuilder shown = new StringBuilder(cut.length());
        cut.codePoints()
                .forEach(
                        c -> {
                            boolean plain =
                                    Character.isDefined(c)
                                            && !Character.isISOControl(c)
                                            && Character.getType(c) != Character.FORMAT
                                            && Character.getType(c) != Character.SURROGATE
                                            && Character.getType(c) != Character.LINE_SEPARATOR
                                            && Character.getType(c)
                                                    != Character.PARAGRAPH_SEPARATOR;
                            shown.appendCodePoint(plain ? c : '?');
                        });
        return shown.toString();
    }

    private Printable() {}
}
