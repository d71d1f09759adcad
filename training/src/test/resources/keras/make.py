# Writes the .h5 files beside it, laid out as Keras 2 lays them out, and what a forward pass in numpy gives for them.
# python3 make.py; needs h5py and numpy.
import json

import h5py
import numpy as np

rng = np.random.default_rng(1)


def layer(kind, name, **config):
    return {"class_name": kind, "config": {"name": name, "trainable": True, "dtype": "float32", **config}}


GLOROT = {"class_name": "GlorotUniform", "config": {"seed": None}}
ZEROS = {"class_name": "Zeros", "config": {}}
PLAIN = {"kernel_initializer": GLOROT, "bias_initializer": ZEROS, "kernel_regularizer": None, "bias_regularizer": None,
         "activity_regularizer": None, "kernel_constraint": None, "bias_constraint": None}
OF_BATCH = {"beta_initializer": ZEROS, "gamma_initializer": {"class_name": "Ones", "config": {}},
            "moving_mean_initializer": ZEROS, "moving_variance_initializer": {"class_name": "Ones", "config": {}},
            "beta_regularizer": None, "gamma_regularizer": None, "beta_constraint": None, "gamma_constraint": None}


def dense(name, units, activation, **more):
    return layer("Dense", name, units=units, activation=activation, use_bias=True, **{**PLAIN, **more})


def conv(name, filters, **more):
    return layer("Conv2D", name, filters=filters, kernel_size=[3, 3], strides=[1, 1], padding="same",
                 data_format="channels_last", dilation_rate=[1, 1], activation="relu", use_bias=True, **{**PLAIN, **more})


def write(file, model, weights, training=None, version="2.11.0"):
    with h5py.File(file, "w") as f:
        f.attrs["keras_version"] = version
        f.attrs["backend"] = "tensorflow"
        f.attrs["model_config"] = json.dumps(model)
        if training:
            f.attrs["training_config"] = json.dumps(training)
        write_weights(f.create_group("model_weights"), weights)


def write_weights(group, weights):
    group.attrs["layer_names"] = [name.encode() for name, _ in weights]
    for name, arrays in weights:
        own = group.create_group(name)
        own.attrs["weight_names"] = [f"{name}/{key}:0".encode() for key in arrays]
        for key, value in arrays.items():
            own[f"{name}/{key}:0"] = value.astype(np.float32)


def random(*shape):
    return rng.normal(0, 0.4, shape).astype(np.float32)


def sequential(*layers):
    return {"class_name": "Sequential", "config": {"name": "sequential", "layers": list(layers)}}


def with_inputs(described, *names):
    return {**described, "name": described["config"]["name"], "inbound_nodes": [[[n, 0, 0, {}] for n in names]] if names else []}


def convolved(x, w, b):
    padded = np.pad(x, ((0, 0), (1, 1), (1, 1), (0, 0)))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (3, 3), axis=(1, 2))
    return np.maximum(np.einsum("nhwcij,ijco->nhwo", windows, w) + b, 0)


# functional.h5: two convolutions, batch normalisation, a shortcut, channels last; never compiled
c1, c2 = random(3, 3, 2, 4), random(3, 3, 4, 4)
b1, b2 = random(4), random(4)
gamma, beta, mean, variance = 1 + random(4), random(4), random(4), 0.5 + np.abs(random(4))
kernel, bias = random(6 * 5 * 4, 3), random(3)
graph = {"class_name": "Functional", "config": {
    "name": "model",
    "layers": [
        with_inputs(layer("InputLayer", "image", batch_input_shape=[None, 6, 5, 2], sparse=False)),
        with_inputs(conv("first", 4), "image"),
        with_inputs(layer("BatchNormalization", "norm", axis=[3], momentum=0.99, epsilon=0.001, center=True, scale=True, **OF_BATCH), "first"),
        with_inputs(conv("second", 4), "norm"),
        with_inputs(layer("Add", "sum"), "norm", "second"),
        with_inputs(layer("Flatten", "flat", data_format="channels_last"), "sum"),
        with_inputs(dense("classes", 3, "softmax"), "flat"),
    ],
    "input_layers": [["image", 0, 0]],
    "output_layers": [["classes", 0, 0]]}}
write("functional.h5", graph, [
    ("image", {}), ("first", {"kernel": c1, "bias": b1}),
    ("norm", {"gamma": gamma, "beta": beta, "moving_mean": mean, "moving_variance": variance}),
    ("second", {"kernel": c2, "bias": b2}), ("sum", {}), ("flat", {}), ("classes", {"kernel": kernel, "bias": bias})])
x = rng.random((4, 6, 5, 2), dtype=np.float32)
normed = (convolved(x, c1, b1) - mean) / np.sqrt(variance + 0.001) * gamma + beta
logits = (normed + convolved(normed, c2, b2)).reshape(4, -1) @ kernel + bias
out = np.exp(logits - logits.max(1, keepdims=True))
with open("functional.txt", "w") as f:
    np.savetxt(f, x.transpose(0, 3, 1, 2).reshape(4, -1), fmt="%.8g", header="four images, channels first")
    np.savetxt(f, out / out.sum(1, keepdims=True), fmt="%.8g", header="class probabilities")

first = dense("hidden", 5, "relu", batch_input_shape=[None, 4], kernel_regularizer={"class_name": "L2", "config": {"l2": 0.01}})
hidden = ("hidden", {"kernel": random(4, 5), "bias": random(5)})
dropout = layer("Dropout", "dropout", rate=0.5, noise_shape=None, seed=None)

# binary.h5: one sigmoid unit, never compiled
write("binary.h5", sequential(first, dropout, dense("out", 1, "sigmoid")),
      [hidden, ("dropout", {}), ("out", {"kernel": random(5, 1), "bias": random(1)})])

# logits.h5: linear units whose loss is counted from logits, Adam, the first layer frozen
frozen = dense("hidden", 5, "relu", batch_input_shape=[None, 4])
frozen["config"]["trainable"] = False
out = ("out", {"kernel": random(5, 3), "bias": random(3)})
write("logits.h5", sequential(frozen, dense("out", 3, "linear")), [hidden, out],
      {"loss": {"class_name": "SparseCategoricalCrossentropy", "config": {"reduction": "auto", "name": "sparse", "from_logits": True}},
       "optimizer_config": {"class_name": "Adam", "config": {"learning_rate": 0.002, "decay": 0.0, "beta_1": 0.8, "beta_2": 0.99,
                                                             "epsilon": 1e-06, "amsgrad": False}}})

# what cannot be imported
write("linear.h5", sequential(first, dense("out", 3, "linear")), [hidden, out])
write("keras3.h5", sequential(first, dense("out", 3, "softmax")), [hidden, out], version="3.5.0")
write("unknown-layer.h5", sequential(first, layer("Attention", "gaze"), dense("out", 3, "softmax")), [hidden, ("gaze", {}), out])
write("activity.h5", sequential(dense("hidden", 5, "relu", batch_input_shape=[None, 4],
                                      activity_regularizer={"class_name": "L1L2", "config": {"l1": 0.0, "l2": 0.1}}),
                                dense("out", 3, "softmax")), [hidden, out])
write("no-weights.h5", sequential(first, dense("out", 3, "softmax")), [hidden])
with h5py.File("weights-only.h5", "w") as f:
    write_weights(f, [hidden, out])
with h5py.File("other.h5", "w") as f:
    f["x"] = np.arange(3)
