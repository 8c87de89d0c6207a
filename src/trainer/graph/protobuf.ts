/** Protocol-buffer wire format: the few encodings that a graph needs. */
const text = new TextEncoder()

/** Writes one message; nested messages are written whole and then copied in with their length. */
export class Message {
  private bytes = new Uint8Array(64)
  private used = 0

  private room(n: number): void {
    if (this.used + n <= this.bytes.length) return
    const next = new Uint8Array(Math.max(this.bytes.length * 2, this.used + n))
    next.set(this.bytes.subarray(0, this.used))
    this.bytes = next
  }
  private varint(value: number): void {
    this.room(10)
    if (value >= 0 && value < 0x80) {
      this.bytes[this.used++] = value
      return
    }
    let rest = BigInt.asUintN(64, BigInt(value))
    while (rest > 127n) {
      this.bytes[this.used++] = Number(rest & 127n) | 128
      rest >>= 7n
    }
    this.bytes[this.used++] = Number(rest)
  }
  /** Field of type int32, int64, bool or enum. */
  int(field: number, value: number): this {
    this.varint((field << 3) | 0)
    this.varint(value)
    return this
  }
  /** Field of type float. */
  float(field: number, value: number): this {
    this.varint((field << 3) | 5)
    this.room(4)
    new DataView(this.bytes.buffer).setFloat32(this.used, value, true)
    this.used += 4
    return this
  }
  /** Field of type string, bytes or message. */
  put(field: number, value: string | Uint8Array | Message): this {
    const data = typeof value === 'string' ? text.encode(value) : value instanceof Message ? value.done() : value
    this.varint((field << 3) | 2)
    this.varint(data.length)
    this.room(data.length)
    this.bytes.set(data, this.used)
    this.used += data.length
    return this
  }
  /** The bytes so far, a view. */
  done(): Uint8Array {
    return this.bytes.subarray(0, this.used)
  }
}
