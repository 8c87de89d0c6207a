/** Number of entries of a tensor of some shape; 1 for a scalar's `[]`. */
export const sizeOf = (shape: readonly number[]): number => shape.reduce((size, n) => size * n, 1)
