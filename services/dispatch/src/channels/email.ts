// E-mail over SMTP: the slowest of the channels, and the one with a paper trail.
import { createTransport } from 'nodemailer';
import type { SendOutcome } from '@laba/domain/message';
import type { Channel } from '@laba/runtime/channel';
import { AWAY, BROKEN, BUSY, NO_ANSWER, REFUSED } from './ask-http.ts';
import { readSecretFile, type EmailSettings } from './provider-settings.ts';
import { wordsWithLink } from './words-with-link.ts';

/** @throws one line when the password's file cannot be read */
export function email(settings: EmailSettings): Channel {
  const { host, port, secure, plain, user, from, perSecond, timeoutMs } = settings;
  const transport = createTransport({
    pool: true,
    host,
    port,
    secure,
    requireTLS: !secure && !plain,
    ignoreTLS: plain,
    ...(user === undefined ? {} : { auth: { user, pass: readSecretFile(settings.passwordFile) ?? '' } }),
    connectionTimeout: timeoutMs,
    greetingTimeout: timeoutMs,
    socketTimeout: timeoutMs,
    // The words come from people: they are words, whatever they look like.
    disableFileAccess: true,
    disableUrlAccess: true,
  });
  return {
    name: 'email',
    ...(perSecond === undefined ? {} : { perSecond }),
    stop: async () => transport.close(),
    async send({ to, title, text, link }) {
      try {
        const { messageId } = await transport.sendMail({
          from,
          to: { name: '', address: to.email ?? '' },
          subject: title,
          text: wordsWithLink({ text, link }),
        });
        return { outcome: 'sent', providerId: messageId };
      } catch (error) {
        return meaning(error as { code?: string; responseCode?: number });
      }
    },
  };
}

/** RFC 5321 4.2.1: 4xx is for now, 5xx for good; 421 and 450 to 452 are a server that has enough for the moment. */
function meaning({ code, responseCode }: { code?: string; responseCode?: number }): SendOutcome {
  if (responseCode !== undefined) {
    if ([421, 450, 451, 452].includes(responseCode)) return BUSY;
    return responseCode >= 500 ? REFUSED : BROKEN;
  }
  if (code === 'ECONNECTION' || code === 'EDNS' || code === 'ESOCKET' || code === 'ECONNREFUSED') return AWAY;
  return code === 'EENVELOPE' ? REFUSED : NO_ANSWER;
}
