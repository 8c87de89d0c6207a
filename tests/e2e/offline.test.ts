import { spawn, spawnSync } from 'node:child_process'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ROOT, electronExecutable, sandboxArgs } from '../../scripts/setup/paths.mjs'
import { launchApp, temporary } from './harness'

const traced = spawnSync('strace', ['-V']).status === 0

describe('offline', () => {
  // The report is the app's whole life without a test's own sockets: start, training, files, end.
  it.skipIf(!traced)('opens no socket to any host, and asks for no name', async () => {
    const dir = temporary()
    const log = join(dir, 'calls')
    const app = spawn(
      'strace',
      ['-f', '-qq', '-e', 'trace=socket,connect,sendto,sendmsg,sendmmsg', '-e', 'signal=none', '-o', log].concat(
        electronExecutable(),
        sandboxArgs(),
        process.env['GRADIENT_CLINIC_APP'] ?? ROOT,
        ['--report', join(dir, 'report')]
      ),
      { env: { ...process.env, GRADIENT_CLINIC_USER_DATA: join(dir, 'data') }, stdio: 'ignore' }
    )
    expect(await new Promise((r) => app.once('exit', r))).toBe(0)
    expect(readdirSync(join(dir, 'report')).length).toBeGreaterThan(0)
    const calls = readFileSync(log, 'utf8').split('\n')
    // It was traced: the display is reached by a socket of the machine's own.
    expect(calls.some((line) => line.includes('AF_UNIX'))).toBe(true)
    // By a socket that is connected to nothing Chromium asks the kernel about the machine's network cards.
    const cards = /socket\(AF_INET6, SOCK_DGRAM, IPPROTO_IP\b/
    expect(calls.filter((line) => /AF_INET6?\b|htons\(53\)/.test(line) && !cards.test(line))).toEqual([])
  })

  it('has no peer connections, in the page or in a frame of it', async () => {
    const launched = await launchApp()
    const found = await launched.page.evaluate(async () => {
      const frame = document.createElement('iframe')
      document.body.append(frame)
      const inner = frame.contentWindow as unknown as { RTCPeerConnection?: typeof RTCPeerConnection }
      const candidates: string[] = []
      if (inner.RTCPeerConnection) {
        const peer = new inner.RTCPeerConnection({ iceServers: [{ urls: 'stun:127.0.0.1:9' }] })
        peer.createDataChannel('x')
        peer.onicecandidate = ({ candidate }) => candidate?.candidate && candidates.push(candidate.candidate)
        await peer.setLocalDescription(await peer.createOffer())
        await Promise.race([
          new Promise(
            (done) => (peer.onicegatheringstatechange = () => peer.iceGatheringState === 'complete' && done(0))
          ),
          new Promise((done) => setTimeout(done, 5000))
        ])
      }
      return { page: 'RTCPeerConnection' in window || 'webkitRTCPeerConnection' in window, candidates }
    })
    expect(found.page).toBe(false)
    expect(found.candidates.filter((c) => / udp /i.test(c))).toEqual([])
    launched.errors.splice(0)
  })
})
