import type { NextConfig } from 'next';

/** Pages. Next's own start-up scripts are inline; LiveKit and its media servers may be anywhere. */
const contentSecurityPolicy = [
  "default-src 'self'",
  "script-src 'self' 'unsafe-inline'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "media-src 'self' blob:",
  "font-src 'self' data:",
  "worker-src 'self' blob:",
  "connect-src 'self' ws: wss: http: https:",
  "object-src 'none'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

const config: NextConfig = {
  // Native or dynamically loading packages stay outside the server bundle.
  serverExternalPackages: [
    'postgres',
    '@aws-sdk/client-s3',

    'livekit-server-sdk',
    'pino',
    'prom-client',
  ],
  // `npm test` checks types and lint over the whole repository, in one place.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  headers: async () => [
    { source: '/:path*', headers: [{ key: 'X-Content-Type-Options', value: 'nosniff' }] },
    {
      // What lies below /api, and media, says its own, which is stricter.
      source: '/((?!api/|s/[^/]+/media$).*)',
      headers: [
        { key: 'Content-Security-Policy', value: contentSecurityPolicy },
        { key: 'Cross-Origin-Opener-Policy', value: 'same-origin' },
        { key: 'Referrer-Policy', value: 'same-origin' },
      ],
    },
    { source: '/s/:path((?!.*/media$).*)', headers: [{ key: 'Referrer-Policy', value: 'no-referrer' }] },
  ],
};

export default config;
