/** A finite number as it is, and anything else as the given one. */
export const number = (v: unknown, otherwise: number): number =>
  typeof v === 'number' && Number.isFinite(v) ? v : otherwise
