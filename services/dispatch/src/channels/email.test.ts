// E-mail, against a real SMTP server.
import { SMTPServer, type SMTPServerOptions } from 'smtp-server';
import { describe, expect, it } from 'vitest';
import { channelContract, outgoing, TIMEOUT_MS, type Behaviour, type Peer } from './channel.contract.ts';
import { email } from './email.ts';
import { providersSchema } from './provider-settings.ts';

/** What the server says instead of taking it. */
const SAYS: Partial<Record<Behaviour, number>> = { fails: 454, 'is busy': 450, refuses: 550 };

interface Mail {
  to: string[];
  source: string;
}

async function startSmtp(options: SMTPServerOptions = {}): Promise<Peer & { mails: Mail[]; port: number }> {
  const mails: Mail[] = [];
  let behaviour: Behaviour = 'takes';
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS', 'AUTH'],
    closeTimeout: 10,
    ...options,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        if (behaviour === 'is silent') return;
        const code = SAYS[behaviour];
        if (code !== undefined) return done(Object.assign(new Error('not now, 演示甲 13800000000'), { responseCode: code }));
        mails.push({ to: session.envelope.rcptTo.map(({ address }) => address), source: Buffer.concat(chunks).toString() });
        done();
      });
    },
  });
  server.on('error', () => {});
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.server.address() as { port: number };
  const settings = providersSchema.parse({
    email: { host: '127.0.0.1', port, secure: false, plain: true, from: 'Laba <laba@county.example>', timeoutMs: TIMEOUT_MS },
  });
  const channel = email(settings.email!);
  const close = () => new Promise<void>((resolve) => server.close(() => resolve()));
  return {
    mails,
    port,
    channel,
    to: { email: 'yi@village.example' },
    arrived: () => mails.map(({ source }) => textOf(source)),
    does: (what) => (behaviour = what),
    goesAway: close,
    async stop() {
      await channel.stop?.();
      await close();
    },
  };
}

/** The body as a mail program shows it. */
function textOf(source: string): string {
  const [head = '', ...rest] = source.split('\r\n\r\n');
  const body = rest.join('\r\n\r\n');
  const decoded = /base64/i.test(head) ? Buffer.from(body, 'base64').toString() : quotedPrintable(body);
  return decoded.trim();
}

function quotedPrintable(body: string): string {
  const bytes = body.replaceAll('=\r\n', '').replaceAll(/=([0-9A-F]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return Buffer.from(bytes, 'latin1').toString();
}

channelContract('e-mail', () => startSmtp());

describe('e-mail', () => {
  it('goes to one address only, and its title is no header of anybody else', async () => {
    const peer = await startSmtp();
    await peer.channel.send(outgoing({ email: 'yi@village.example' }, { title: '【演练】集结\r\nBcc: all@village.example' }));
    expect(peer.mails.map(({ to }) => to)).toEqual([['yi@village.example']]);
    expect(peer.mails[0]!.source).not.toMatch(/^bcc:/im);
    await peer.stop();
  });

  it('an address that holds several is refused', async () => {
    const peer = await startSmtp();
    expect((await peer.channel.send(outgoing({ email: 'yi@village.example, all@village.example' }))).outcome).not.toBe('sent');
    expect(peer.mails).toEqual([]);
    await peer.stop();
  });
});
