import { app, type Session, type WebContents } from 'electron'
import { log } from './log'
import { DEV_URL } from './scheme'

/** Services of Chromium that talk to hosts of their own accord. */
const SERVICES = [
  'disable-background-networking',
  'disable-component-update',
  'disable-domain-reliability',
  'disable-sync',
  'dns-prefetch-disable',
  'no-pings',
  'no-proxy-server'
]
/** Leaves WebRTC no address but those of a proxy, which there is none. */
const WEBRTC = 'disable_non_proxied_udp'

/**
 * Before the app is ready: no name is resolved, whoever asks, and what asks by itself is off. The spell checker of a
 * session, for one, fetches dictionaries even where the window has no spell checking.
 */
export function goOffline(): void {
  app.commandLine.appendSwitch('host-resolver-rules', `MAP * ~NOTFOUND${DEV_URL ? ', EXCLUDE localhost' : ''}`)
  app.commandLine.appendSwitch('force-webrtc-ip-handling-policy', WEBRTC)
  for (const name of SERVICES) app.commandLine.appendSwitch(name)
}

/** No spell checker, and no request that leaves the machine. */
export function closeNetwork(session: Session): void {
  session.setSpellCheckerEnabled(false)
  session.setSpellCheckerLanguages([])
  const urls = ['http://*/*', 'https://*/*', 'ws://*/*', 'wss://*/*']
  session.webRequest.onBeforeRequest({ urls }, ({ url }, callback) => {
    const ours = DEV_URL !== undefined && new URL(url).host === new URL(DEV_URL).host
    if (!ours) log('warn', 'request refused:', url.slice(0, 200))
    callback({ cancel: !ours })
  })
}
/** No peer connection of a page reaches anybody. */
export const closeWebRtc = (contents: WebContents): void => contents.setWebRTCIPHandlingPolicy(WEBRTC)
