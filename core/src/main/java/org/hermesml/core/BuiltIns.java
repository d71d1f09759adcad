package org.hermesml.core;

import java.util.List;

/** What people may name in place of a file or folder: known here to whoever only checks a name. */
public final class BuiltIns {
    public static final String DIGITS = "digits";
    public static final String MNIST = "mnist";
    public static final String CIFAR_10 = "cifar-10";

    /** Data sets, the usual one first. */
    public static final List<String> DATASETS = List.of(DIGITS, MNIST, CIFAR_10);

    public static final String MLP = "mlp";
    public static final String CNN = "cnn";
    public static final String ALEXNET = "alexnet";

    /** Models, the usual one first. */
    public static final List<String> MODELS = List.of(MLP, CNN, ALEXNET);

    private BuiltIns() {}
}
