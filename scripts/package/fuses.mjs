/** Electron's fuses: abilities that are burnt out of the executable of a package. */
import fuses from '@electron/fuses'

const { FuseV1Options, FuseVersion, flipFuses, getCurrentFuseWire } = fuses

/** States on the wire, which the package does not export. */
const ON = '1'.charCodeAt(0)
const OFF = '0'.charCodeAt(0)

/** By their names in @electron/fuses. An older Electron lacks the last. */
export const FUSES = {
  RunAsNode: false,
  EnableNodeOptionsEnvironmentVariable: false,
  EnableNodeCliInspectArguments: false,
  OnlyLoadAppFromAsar: true,
  // Electron looks at it on macOS and, since 30, on Windows; elsewhere it has no effect.
  EnableEmbeddedAsarIntegrityValidation: true,
  GrantFileProtocolExtraPrivileges: false
}

/** @returns {Promise<Record<string, boolean>>} the fuses that this executable has */
export async function readFuses(executable) {
  const wire = await getCurrentFuseWire(executable)
  return Object.fromEntries(
    Object.keys(FUSES)
      .filter((name) => [ON, OFF].includes(wire[FuseV1Options[name]]))
      .map((name) => [name, wire[FuseV1Options[name]] === ON])
  )
}

/** Sets all that the executable has. @throws if one did not take */
export async function setFuses(executable) {
  const there = Object.keys(await readFuses(executable))
  const wanted = Object.fromEntries(there.map((name) => [FuseV1Options[name], FUSES[name]]))
  await flipFuses(executable, {
    version: FuseVersion.V1,
    resetAdHocDarwinSignature: process.platform === 'darwin' && process.arch === 'arm64',
    ...wanted
  })
  const now = await readFuses(executable)
  const failed = there.filter((name) => now[name] !== FUSES[name])
  if (failed.length || there.length < 4) throw new Error(`fuses that could not be set: ${failed.join(', ') || 'most'}`)
}
