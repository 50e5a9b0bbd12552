import type { NextConfig } from 'next';

const config: NextConfig = {
  // Native or dynamically loading packages stay outside the server bundle.
  serverExternalPackages: ['@aws-sdk/client-s3', 'livekit-server-sdk', 'pino', 'prom-client'],
  // `npm test` checks types and lint over the whole repository, in one place.
  typescript: { ignoreBuildErrors: true },
  poweredByHeader: false,
  // Nothing uses it, and anybody could ask it for work.
  images: { unoptimized: true },
  // Of pages and routes: proxy.ts and app/_control/http/security-headers.ts. These are files.
  headers: async () => [{ source: '/:path*', headers: [{ key: 'X-Content-Type-Options', value: 'nosniff' }] }],
};

export default config;
