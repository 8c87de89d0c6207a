/** Before every end-to-end file: a worker has a display of its own, where there is no real one. */
const displays = process.env['CLINIC_DISPLAYS']?.split(' ') ?? []
const own = displays[(Number(process.env['VITEST_POOL_ID'] ?? 1) - 1) % displays.length]
if (own) process.env['DISPLAY'] = own

export {}
