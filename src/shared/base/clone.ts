/**
 * A deep copy of plain data, as JSON keeps it: what JSON has no form for (functions, undefined members) is left out.
 */
export const clone = <T>(value: T): T => (value === undefined ? value : (JSON.parse(JSON.stringify(value)) as T))
