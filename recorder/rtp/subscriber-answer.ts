/**
 * Our answer to the server's offer: every m-line of the offer, received with what we can take apart.
 *
 * It is written from the offer, with ICE and DTLS lines of the library's own answer: the library answers an m-line that
 * is used again with the codecs of its first use, and promises feedback it leaves to us.
 */
import { dependencyDescriptorUri } from '../depacketize/dependency-descriptor.ts';
import type { PayloadFormats } from './payload-format.ts';
import { attribute, readFormats, sdpSections } from './subscriber-offer.ts';

/** Feedback that is really given. No bandwidth estimate (goog-remb, transport-cc): a recorder wants every layer. */
const feedbackGiven = new Set(['nack', 'nack pli', 'ccm fir']);
const DATA_CHANNEL_PORT = 5000;

export function writeSubscriberAnswer(offer: string, libraryAnswer: string): string {
  const [offeredSession = [], ...offered] = sdpSections(offer);
  const [librarySession = [], ...library] = sdpSections(libraryAnswer);
  const transport = transportLines([...(library[0] ?? []), ...librarySession]);
  const group = offeredSession.find((line) => line.startsWith('a=group:BUNDLE'));
  const lines = [
    ...librarySession.filter((line) => /^[vost]=/.test(line)),
    ...(group ? [group] : []),
    'a=msid-semantic: WMS *',
  ];
  for (const section of offered) lines.push(...answerSection(section, transport));
  return `${lines.join('\r\n')}\r\n`;
}

function transportLines(lines: readonly string[]): string[] {
  const wanted = ['ice-ufrag', 'ice-pwd', 'ice-options', 'fingerprint', 'setup'];
  return wanted.flatMap((name) => {
    const value = attribute(lines, name);
    return value === undefined ? [] : [`a=${name}:${value}`];
  });
}

function answerSection(section: readonly string[], transport: readonly string[]): string[] {
  const [media = '', port, protocol, ...types] = (section[0] ?? '').split(' ');
  const mid = attribute(section, 'mid');
  const common = ['c=IN IP4 0.0.0.0', ...(mid === undefined ? [] : [`a=mid:${mid}`])];
  if (media === 'm=application') {
    return [
      section[0] ?? '',
      ...common,
      ...transport,
      `a=sctp-port:${attribute(section, 'sctp-port') ?? DATA_CHANNEL_PORT}`,
      'a=max-message-size:262144',
    ];
  }
  const formats = receivable(readFormats(section));
  const kept = types.filter((type) => formats.has(Number(type)));
  const sends = section.includes('a=sendonly') || section.includes('a=sendrecv');
  if (port === '0' || kept.length === 0) return [`${media} 0 ${protocol} ${types.join(' ')}`, ...common, 'a=inactive'];
  return [
    `${media} 9 ${protocol} ${kept.join(' ')}`,
    ...common,
    ...transport,
    sends ? 'a=recvonly' : 'a=inactive',
    'a=rtcp-mux',
    'a=rtcp-rsize',
    ...section.filter((line) => keepsLine(line, formats)),
  ];
}

function keepsLine(line: string, formats: PayloadFormats): boolean {
  const [, name, type, rest] = /^a=(rtpmap|fmtp|rtcp-fb):(\d+) (.*)$/.exec(line) ?? [];
  if (name) return formats.has(Number(type)) && (name !== 'rtcp-fb' || feedbackGiven.has(rest ?? ''));
  // The only header extension read; others would cost bytes and time in every packet.
  return line.startsWith('a=extmap:') && line.endsWith(` ${dependencyDescriptorUri}`);
}

/** Without the codecs we cannot take apart, and what repairs them. */
function receivable(formats: PayloadFormats): PayloadFormats {
  return new Map(
    [...formats].filter(
      ([, format]) => format.kind !== 'rtx' || formats.get(format.mediaPayloadType)?.kind === 'media',
    ),
  );
}
