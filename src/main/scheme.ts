import { readFile } from 'node:fs/promises'
import { extname, join, normalize, sep } from 'node:path'
import { protocol, type Session } from 'electron'
import { RENDERER } from './paths'

const SCHEME = 'app'
export const ORIGIN = `${SCHEME}://clinic`
/** Only ever set by the development server's start script. */
export const DEV_URL = process.env['ELECTRON_RENDERER_URL']

/** Inline styles are what the chart and component libraries need; scripts never run inline. */
export const CSP = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self'",
  "connect-src 'self'",
  "worker-src 'self'",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'"
].join('; ')

const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.csv': 'text/csv; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.wasm': 'application/wasm'
}
export interface Served {
  status: number
  headers: Record<string, string>
  body: Buffer
}
export const refused = (status: number): Served => ({
  status,
  headers: { 'Content-Type': 'text/plain', 'Content-Security-Policy': CSP },
  body: Buffer.from(String(status))
})

/** The file behind a URL of ours; nothing outside `root`, whatever the URL says. */
export async function fileFor(url: string, root = RENDERER): Promise<Served> {
  let path: string
  try {
    const parsed = new URL(url)
    if (parsed.protocol !== `${SCHEME}:` || parsed.host !== 'clinic') return refused(404)
    path = decodeURIComponent(parsed.pathname)
  } catch {
    return refused(400)
  }
  const type = TYPES[extname(path === '/' ? '.html' : path).toLowerCase() || '.html']
  const file = normalize(join(root, path === '/' ? 'index.html' : path))
  if (
    path.includes('\0') ||
    path.includes('\\') ||
    path.split('/').includes('..') ||
    !file.startsWith(root + sep) ||
    !type
  )
    return refused(404)
  try {
    const body = await readFile(file)
    return {
      status: 200,
      headers: {
        'Content-Type': type,
        'Content-Security-Policy': CSP,
        'X-Content-Type-Options': 'nosniff',
        'Cache-Control': 'no-cache'
      },
      body
    }
  } catch {
    return refused(404)
  }
}

/** Before the app is ready. */
export function declareScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: SCHEME, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } }
  ])
}

/**
 * `protocol.handle` came with Electron 25; what it replaced still works before.
 * @param serve answers the addresses of the scheme in this session
 * @returns settled once a first script is on its way to its page
 */
export function serveScheme(session: Session, serve: (url: string) => Promise<Served> = fileFor): Promise<void> {
  const p = session.protocol
  return new Promise((done) => {
    const answered = ({ headers }: Served): void =>
      void (headers['Content-Type'] === TYPES['.js'] && setImmediate(() => done()))
    if (typeof p.handle === 'function') {
      p.handle(SCHEME, async (request) => {
        const served = await serve(request.url)
        answered(served)
        return new Response(new Uint8Array(served.body), { status: served.status, headers: served.headers })
      })
      return
    }
    p.registerBufferProtocol(SCHEME, (request, callback) => {
      void serve(request.url).then((served) => {
        const { status, headers, body } = served
        callback({ statusCode: status, headers, mimeType: headers['Content-Type']!.split(';')[0]!, data: body })
        answered(served)
      })
    })
  })
}

/** Whether a page of this address is ours and may talk to main. */
export function isOurs(url: string): boolean {
  try {
    const u = new URL(url)
    if (u.protocol === `${SCHEME}:` && u.host === 'clinic') return true
    return DEV_URL !== undefined && u.origin === new URL(DEV_URL).origin
  } catch {
    return false
  }
}
