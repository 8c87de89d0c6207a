/** Containers of icons for Windows and macOS around a PNG. */

/** @param {Buffer} png of 256 × 256 @returns an .ico */
export function ico(png) {
  const head = Buffer.alloc(22)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(1, 4)
  // Width and height of 0 mean 256.
  head.writeUInt16LE(1, 10)
  head.writeUInt16LE(32, 12)
  head.writeUInt32LE(png.length, 14)
  head.writeUInt32LE(head.length, 18)
  return Buffer.concat([head, png])
}

/** @param {Buffer} png of 512 × 512 @returns an .icns */
export function icns(png) {
  const head = Buffer.from('icns____ic09____', 'latin1')
  head.writeUInt32BE(head.length + png.length, 4)
  head.writeUInt32BE(8 + png.length, 12)
  return Buffer.concat([head, png])
}
