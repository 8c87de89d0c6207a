/** A number with so many significant digits: 0.30000000000000004 with 12 is 0.3. NaN and ±∞ stay as they are. */
export const rounded = (value: number, digits: number): number => Number(value.toPrecision(digits))
