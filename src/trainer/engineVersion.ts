/**
 * Version of what computes a run: the graph of a training step, and the native library. A run's bits hang on its
 * experiment, its seed, this, and the machine with its threads. It goes up with every change after which a run has
 * other bits, whether or not a gold table shows it.
 */
export const ENGINE_VERSION = '4'
