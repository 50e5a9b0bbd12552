import pino, { type DestinationStream, type Logger } from 'pino';

const secretNames = ['token', 'reportToken', 'authorization', 'secret'];
const paths = secretNames.flatMap((name) => [name, `*.${name}`, `*.*.${name}`, `*.*.*.${name}`]);
/** Join tokens also stand in addresses and in other people's error messages. */
const jsonWebToken = /eyJ[\w-]+\.[\w-]+\.[\w-]*/g;

/** JSON lines, in which no token is ever readable. */
export function createRecorderLog(level: string, destination: number | DestinationStream): Logger {
  return pino(
    {
      name: 'recorder',
      level,
      redact: { paths, censor: '[secret]' },
      serializers: { error: pino.stdSerializers.err },
      hooks: { streamWrite: (line) => line.replace(jsonWebToken, '[secret]') },
    },
    // Synchronous: the line before a crash is the one that matters.
    typeof destination === 'number' ? pino.destination({ fd: destination, sync: true }) : destination,
  );
}
