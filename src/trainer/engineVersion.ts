/**
 * Version of what computes a run: the graph of a training step, and the native library. A run's bits hang on its
 * experiment, its seed, this, and the machine with its threads. It goes up with every change after which any of the
 * gold tables has other figures.
 */
export const ENGINE_VERSION = '2'
